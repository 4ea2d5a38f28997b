//! The tables `[dialect.NAME]`.

use super::{Fault, path};
use crate::tag::wild::{Form, Forms};

/// The keys that a dialect's table may hold.
pub(super) const KEYS: [&str; 9] = [
    "like",
    "naming",
    "places",
    "companions",
    "prefixes",
    "id_words",
    "tags",
    "commits",
    "checklists",
];

/// Where a dialect's features carry their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DialectNaming {
    /// `number`: after `PRD` in the header, or before the file's name.
    Number,
    /// `path`: the file's name, or its folder's.
    Path,
}

/// What a team says of a dialect; what is `None` is as in the one it is like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialectSettings {
    /// The dialect that it is like but for what follows: the built-in one of
    /// its own name, else any list.
    pub like: Option<String>,
    /// Where a feature's name stands.
    pub naming: Option<DialectNaming>,
    /// Where such documents lie.
    ///
    /// Invariant: as that of [`DocumentPlace::path`](super::DocumentPlace::path).
    pub places: Option<Vec<String>>,
    /// Files beside a document that keep the same books.
    pub companions: Option<Vec<String>>,
    /// Words before a feature's number, in lower case.
    pub prefixes: Option<Vec<String>>,
    /// Words before a task's id, in lower case.
    pub id_words: Option<Vec<String>>,
    /// The forms, besides our own tag, in which messages name tasks: `tags =
    /// []` leaves that alone.
    pub tags: Option<Forms>,
    /// Headings of the section of commits, in lower case, the first as it is
    /// to be written; none at all means that there is no place for commits.
    pub commits: Option<Vec<String>>,
    /// Headings of lists that hold no tasks, in lower case.
    pub checklists: Option<Vec<String>>,
}

impl DialectSettings {
    pub(super) fn is_key(key: &str) -> bool {
        KEYS.contains(&key)
    }

    /// Sets one key.
    pub(super) fn set(&mut self, key: &str, values: Vec<String>) -> Result<(), Fault> {
        let lower = || values.iter().map(|value| value.to_lowercase()).collect();
        match key {
            "like" => self.like = Some(one(key, &values)?),
            "naming" => self.naming = Some(naming(key, &one(key, &values)?)?),
            "places" => {
                values.iter().try_for_each(|place| path::check(place))?;
                self.places = Some(values);
            }
            "companions" => self.companions = Some(values),
            "commits" => self.commits = Some(values),
            "tags" => self.tags = Some(forms(key, &values)?),
            "prefixes" => self.prefixes = Some(lower()),
            "id_words" => self.id_words = Some(lower()),
            "checklists" => self.checklists = Some(lower()),
            _ => return Err(Fault::unknown_key(key, &KEYS)),
        }
        Ok(())
    }
}

fn forms(key: &str, names: &[String]) -> Result<Forms, Fault> {
    let form = |name: &String| {
        Form::parse(&name.to_lowercase()).ok_or_else(|| {
            let known = Form::ALL.map(|form| format!("`{}`", form.name()));
            Fault::bad_value(key, name, format!("a list of {}", known.join(", ")))
        })
    };
    names.iter().filter(|name| !name.is_empty()).map(form).collect()
}

fn one(key: &str, values: &[String]) -> Result<String, Fault> {
    match values {
        [value] => Ok(value.clone()),
        several => Err(Fault::bad_value(key, &several.join(", "), "one word")),
    }
}

fn naming(key: &str, word: &str) -> Result<DialectNaming, Fault> {
    const WORDS: [(&str, DialectNaming); 2] =
        [("number", DialectNaming::Number), ("path", DialectNaming::Path)];
    super::choose(&WORDS, key, word)
}
