//! What the team, the person and the environment set, as one value.
//!
//! The environment goes before git config `speclog.*`, that before the team's
//! tracked [`FILE`], that before what is built in. Nothing here can name a
//! command to run, and nothing a path outside the work tree: the file comes
//! with the repository, and so perhaps from a stranger.

mod dialect;
mod error;
mod path;
mod personal;
mod team;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use dialect::{DialectNaming, DialectSettings};
pub use error::{Error, Fault, Source};

/// The name of the team's file, at the root of the work tree.
pub const FILE: &str = ".spec-log.toml";

/// What the names of environment variables begin with: `SPECLOG_RECORD`.
pub const ENVIRONMENT_PREFIX: &str = "SPECLOG_";

/// The keys that have one word for a value, which a person may set alone.
const WORDS: [&str; 3] = ["record", "tick", "require"];

/// The keys that the team's file may hold.
const KEYS: [&str; 6] = ["record", "tick", "require", "abbrev", "documents", "dialect"];

/// The fewest and the most digits of an abbreviated hash; git's own limits.
const ABBREV: std::ops::RangeInclusive<i64> = 4..=64;

/// Where the record of a commit goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RecordMode {
    /// `worktree`: into the document in the work tree.
    #[default]
    Worktree,
    /// `stage`: into the index as well.
    Stage,
    /// `next`: into the next commit.
    Next,
    /// `off`: nowhere, until `sync` is asked to.
    Off,
}

/// Which tags tick a box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tick {
    /// `on`: a tag without a word means that the task is done.
    #[default]
    Default,
    /// `done-only`: only the word `done` means so.
    DoneOnly,
    /// `never`: boxes are left to people.
    Never,
}

/// What a commit without a tag is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Require {
    /// `off`: fine.
    #[default]
    Off,
    /// `warn`: worth a warning.
    Warn,
    /// `error`: refused.
    Error,
}

/// Where documents are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentPlace {
    /// A glob, relative to the root of the work tree.
    ///
    /// Invariant: valid, relative, without `..`, and no part of it can match
    /// `.git`, save `*` and `**`, with which nobody may walk into one.
    pub path: String,
    /// The name of the dialect that these documents are written in, if it is
    /// not to be told from their text.
    pub dialect: Option<String>,
}

/// The whole configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where the record of a commit goes.
    pub record: RecordMode,
    /// Which tags tick a box.
    pub tick: Tick,
    /// What a commit without a tag is.
    pub require: Require,
    /// The digits of a hash in an entry. Set by the team alone: the same
    /// history must give the same bytes in every clone.
    pub abbrev: usize,
    /// Where documents are looked for; none means the built-in places.
    pub documents: Vec<DocumentPlace>,
    /// The tables `[dialect.NAME]`.
    pub dialects: BTreeMap<String, DialectSettings>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            record: RecordMode::default(),
            tick: Tick::default(),
            require: Require::default(),
            abbrev: 7,
            documents: Vec::new(),
            dialects: BTreeMap::new(),
        }
    }
}

/// Reads a configuration.
///
/// `team` is the path of the team's file, for messages, and its text.
/// `personal` holds the keys of git config below `speclog`, that prefix left
/// out, with their values, the least important first, as git lists them.
/// `environment` may be the whole environment; only names that begin with
/// [`ENVIRONMENT_PREFIX`] are looked at, and an empty value is none.
///
/// # Errors
/// The first unknown key, bad value or refused path. What follows from one is
/// the caller's to decide; a commit it must not lose.
pub fn load(
    team: Option<(&str, &str)>,
    personal: &[(String, String)],
    environment: &[(String, String)],
) -> Result<Config, Error> {
    let mut config = Config::default();
    if let Some((path, text)) = team {
        team::read(path, text, &mut config)?;
    }
    personal::read(personal, &mut config)?;
    for (name, value) in environment.iter().filter(|(_, value)| !value.is_empty()) {
        if let Some(key) = name.strip_prefix(ENVIRONMENT_PREFIX) {
            let source = Source::Environment { name: name.clone() };
            personal::set_single(&mut config, source, &key.to_ascii_lowercase(), value, &WORDS)?;
        }
    }
    Ok(config)
}

/// Sets one of the keys that have one word for a value; answers whether it is
/// one of them.
fn set_word(config: &mut Config, key: &str, value: &str) -> Result<bool, Fault> {
    match key {
        "record" => {
            const WORDS: [(&str, RecordMode); 4] = [
                ("worktree", RecordMode::Worktree),
                ("stage", RecordMode::Stage),
                ("next", RecordMode::Next),
                ("off", RecordMode::Off),
            ];
            config.record = choose(&WORDS, key, value)?;
        }
        "tick" => {
            const WORDS: [(&str, Tick); 3] =
                [("on", Tick::Default), ("done-only", Tick::DoneOnly), ("never", Tick::Never)];
            config.tick = choose(&WORDS, key, value)?;
        }
        "require" => {
            const WORDS: [(&str, Require); 3] =
                [("off", Require::Off), ("warn", Require::Warn), ("error", Require::Error)];
            config.require = choose(&WORDS, key, value)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn choose<T: Copy>(words: &[(&str, T)], key: &str, value: &str) -> Result<T, Fault> {
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(value.trim()));
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let names: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        Fault::bad_value(key, value, names.join(", "))
    })
}
