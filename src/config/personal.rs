//! Settings of one person: git config `speclog.*` and the environment.

use super::{Config, DocumentPlace, Error, Fault, Source, WORDS, path, set_word};

/// The keys that git's configuration may hold.
const KEYS: [&str; 6] =
    [WORDS[0], WORDS[1], WORDS[2], "documents.path", "documents.dialect", "dialect.NAME.KEY"];

/// Applies the settings in git's configuration, in order.
///
/// `documents.path` may be given several times; each begins a place, which
/// `documents.dialect` behind it completes, and together they stand instead
/// of the team's places. `dialect.NAME.KEY` adds to the team's table; a list is
/// written with commas.
pub(super) fn read(settings: &[(String, String)], config: &mut Config) -> Result<(), Error> {
    let mut documents = Vec::new();
    for (key, value) in settings {
        let source = || Source::Git { key: format!("speclog.{key}") };
        // git compares section and variable without regard to case, and what
        // stands between them with.
        let lower = key.to_ascii_lowercase();
        let parts: Vec<_> = key.splitn(2, '.').collect();
        match (lower.as_str(), parts.as_slice()) {
            ("documents.path" | "documents.dialect", _) => {
                let field = &lower["documents.".len()..];
                place(&mut documents, field, value).map_err(|fault| Error::new(source(), fault))?;
            }
            (_, [head, rest]) if head.eq_ignore_ascii_case("dialect") => {
                dialect(config, rest, value).map_err(|fault| Error::new(source(), fault))?;
            }
            _ => set_single(config, source(), &lower, value, &KEYS)?,
        }
    }
    if !documents.is_empty() {
        config.documents = documents;
    }
    Ok(())
}

/// Applies a setting that has one value; `known` are the keys to name where it
/// is none of them.
pub(super) fn set_single(
    config: &mut Config,
    source: Source,
    key: &str,
    value: &str,
    known: &[&str],
) -> Result<(), Error> {
    let fault = match set_word(config, key, value) {
        Ok(true) => return Ok(()),
        Ok(false) if matches!(key, "abbrev") => Fault::TeamOnly { key: key.to_owned() },
        Ok(false) => Fault::unknown_key(key, known),
        Err(fault) => fault,
    };
    Err(Error::new(source, fault))
}

fn place(documents: &mut Vec<DocumentPlace>, field: &str, value: &str) -> Result<(), Fault> {
    if field == "path" {
        path::check(value)?;
        documents.push(DocumentPlace { path: value.to_owned(), dialect: None });
        return Ok(());
    }
    let place = documents.last_mut();
    let place = place.ok_or_else(|| Fault::Missing { key: "documents.path".to_owned() })?;
    place.dialect = Some(value.to_owned());
    Ok(())
}

/// Sets `NAME.KEY`, over what the team says.
fn dialect(config: &mut Config, name_and_key: &str, value: &str) -> Result<(), Fault> {
    let Some((name, key)) = name_and_key.rsplit_once('.') else {
        return Err(Fault::Missing { key: format!("dialect.{name_and_key}.KEY") });
    };
    let values = value.split(',').map(|value| value.trim().to_owned()).collect();
    config.dialects.entry(name.to_owned()).or_default().set(&key.to_ascii_lowercase(), values)
}
