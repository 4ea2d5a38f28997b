//! The team's file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::dialect::{self, DialectSettings};
use super::{ABBREV, Config, DocumentPlace, Error, Fault, KEYS, Source, path, set_word};

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;
type Item<'a> = Spanned<DeValue<'a>>;

/// Applies the settings in the team's file.
pub(super) fn read(path: &str, text: &str, config: &mut Config) -> Result<(), Error> {
    let file = File { path, text };
    let table = DeTable::parse(text).map_err(|error| file.syntax(&error))?;
    for (key, value) in table.get_ref() {
        file.set(config, key, value)?;
    }
    Ok(())
}

struct File<'a> {
    path: &'a str,
    text: &'a str,
}

impl File<'_> {
    fn set(&self, config: &mut Config, key: &Key<'_>, value: &Item<'_>) -> Result<(), Error> {
        let name = key.get_ref().as_ref();
        match name {
            "abbrev" => config.abbrev = self.abbrev(value)?,
            "documents" => config.documents = self.documents(value)?,
            "dialect" => self.dialects(value, config)?,
            _ if !KEYS.contains(&name) => {
                return Err(self.error(key.span().start, Fault::unknown_key(name, &KEYS)));
            }
            _ => {
                // A value of another kind is named as it is written.
                let text = value.get_ref().as_str().unwrap_or_else(|| self.written(value));
                set_word(config, name, text)
                    .map_err(|fault| self.error(value.span().start, fault))?;
            }
        }
        Ok(())
    }

    fn abbrev(&self, value: &Item<'_>) -> Result<usize, Error> {
        let integer = value.get_ref().as_integer();
        let digits = integer.and_then(|i| i64::from_str_radix(i.as_str(), i.radix()).ok());
        let digits = digits.filter(|digits| ABBREV.contains(digits));
        digits.and_then(|digits| usize::try_from(digits).ok()).ok_or_else(|| {
            let allowed = format!("a number from {} to {}", ABBREV.start(), ABBREV.end());
            self.bad("abbrev", value, allowed)
        })
    }

    fn documents(&self, value: &Item<'_>) -> Result<Vec<DocumentPlace>, Error> {
        let allowed = "a list of tables, `[[documents]]`";
        let list =
            value.get_ref().as_array().ok_or_else(|| self.bad("documents", value, allowed))?;
        list.iter()
            .map(|item| {
                let table = item.get_ref().as_table();
                self.place(item, table.ok_or_else(|| self.bad("documents", item, allowed))?)
            })
            .collect()
    }

    fn place(&self, item: &Item<'_>, table: &DeTable<'_>) -> Result<DocumentPlace, Error> {
        let (mut glob, mut dialect) = (None, None);
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let text = || {
                let text = value.get_ref().as_str().map(str::to_owned);
                text.ok_or_else(|| self.bad(name, value, "a text"))
            };
            match name {
                "path" => {
                    let text = text()?;
                    path::check(&text).map_err(|fault| self.error(value.span().start, fault))?;
                    glob = Some(text);
                }
                "dialect" => dialect = Some(text()?),
                _ => {
                    let fault = Fault::unknown_key(name, &["path", "dialect"]);
                    return Err(self.error(key.span().start, fault));
                }
            }
        }
        let missing = || self.error(item.span().start, Fault::Missing { key: "path".to_owned() });
        Ok(DocumentPlace { path: glob.ok_or_else(missing)?, dialect })
    }

    fn dialects(&self, value: &Item<'_>, config: &mut Config) -> Result<(), Error> {
        let allowed = "a table, `[dialect.NAME]`";
        let tables =
            value.get_ref().as_table().ok_or_else(|| self.bad("dialect", value, allowed))?;
        for (name, value) in tables {
            let key = format!("dialect.{}", name.get_ref());
            let table = value.get_ref().as_table().ok_or_else(|| self.bad(&key, value, allowed))?;
            let settings = config.dialects.entry(name.get_ref().to_string()).or_default();
            for (key, value) in table {
                self.dialect_key(settings, key, value)?;
            }
        }
        Ok(())
    }

    fn dialect_key(
        &self,
        settings: &mut DialectSettings,
        key: &Key<'_>,
        value: &Item<'_>,
    ) -> Result<(), Error> {
        let name = key.get_ref().as_ref();
        let texts = self.texts(value).ok_or_else(|| {
            let known = DialectSettings::is_key(name);
            let fault = || Fault::unknown_key(name, &dialect::KEYS);
            if known {
                self.bad(name, value, "a text or a list of texts")
            } else {
                self.error(key.span().start, fault())
            }
        })?;
        settings.set(name, texts).map_err(|fault| {
            let place = if DialectSettings::is_key(name) { value.span() } else { key.span() };
            self.error(place.start, fault)
        })
    }

    /// A text, or a list of them.
    fn texts(&self, value: &Item<'_>) -> Option<Vec<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(vec![text.to_string()]),
            DeValue::Array(list) => {
                list.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
            }
            _ => None,
        }
    }

    fn bad(&self, key: &str, value: &Item<'_>, allowed: impl Into<String>) -> Error {
        let text = value.get_ref().as_str().unwrap_or_else(|| self.written(value));
        self.error(value.span().start, Fault::bad_value(key, text, allowed))
    }

    /// The first line of a value as it stands in the file.
    fn written(&self, value: &Item<'_>) -> &str {
        let text = self.text.get(value.span()).unwrap_or("");
        text.lines().next().unwrap_or("").trim_end()
    }

    fn syntax(&self, error: &toml::de::Error) -> Error {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        let source = self.source(error.span().map(|span| span.start));
        Error::new(source, Fault::Syntax { message })
    }

    fn error(&self, at: usize, fault: Fault) -> Error {
        Error::new(self.source(Some(at)), fault)
    }

    fn source(&self, at: Option<usize>) -> Source {
        let line = |at: usize| self.text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1;
        Source::File { path: self.path.to_owned(), line: at.map(line) }
    }
}
