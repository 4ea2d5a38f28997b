//! Documents and commits, and what is planned of them.

mod boxes;
mod entries;
mod header;
mod history;
mod recovery;
mod sessions;

use super::*;
use crate::commit::{Person, Time};
use crate::doc::dialect::FEATURE_FILE;
use crate::tag;

const SETTINGS: Settings = Settings { tick: Tick::Default, abbrev: 7, recount: false };

/// 2026-01-15 18:45 on the committer's wall.
const EVENING: i64 = 1_768_499_100;

const DAY: i64 = 86_400;

fn read(text: &str) -> Document {
    Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE)
}

/// A new commit: its hash is one digit, its time the given seconds after
/// [`EVENING`].
fn said(digit: char, later: i64, message: &str) -> Said {
    let time = Time { seconds: EVENING + later, offset: 60 };
    let commit = Commit {
        oid: Oid::from_hex(&digit.to_string().repeat(40)).expect("forty digits"),
        parents: Vec::new(),
        message: message.to_owned(),
        author: Person::default(),
        author_time: time,
        commit_time: time,
        depth: 0,
    };
    let tags = tag::read(message).tags;
    Said { commit, tags, reverts: Vec::new(), new: true, formers: Vec::new() }
}

/// The document once these commits are recorded.
fn recorded(text: &str, history: &[Said]) -> String {
    let patch = plan(&read(text), history, &[], SETTINGS).patch;
    String::from_utf8(patch.apply(text.as_bytes())).expect("UTF-8")
}
