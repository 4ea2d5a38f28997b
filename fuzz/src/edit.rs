//! The laws of an edit.

use spec_log::doc::dialect::Dialect;
use spec_log::plan::{Said, Settings, plan};

use super::choices::Choices;
use super::history::{Recorded, SETTINGS, dialect, history, read};

/// Records some commits in a document.
pub fn run(input: &[u8]) {
    let (mut choices, text) = Choices::split(input);
    let dialect = dialect(&mut choices);
    let document = read(text, dialect);
    assert!(plan(&document, &[], &[], SETTINGS).patch.is_empty(), "nothing to record, an edit");

    let history = history(&document, &mut choices);
    let all: Vec<usize> = (0..history.len()).collect();
    let mut once = Recorded::new(text);
    once.record(dialect, &history, &all);
    only_mechanical_lines_change(text, &once.text);
    every_commit_is_listed(&once, dialect, &history);
    recording_again_changes_nothing(&once, dialect, &history);

    let mut one_by_one = Recorded::new(text);
    for at in all {
        one_by_one.record(dialect, &history, &[at]);
    }
    same(&once.text, &one_by_one.text, "all at once, one by one");
}

/// A line that can hold no mechanical part stands in both, in its place among
/// its like. The last one may get an ending.
fn only_mechanical_lines_change(before: &[u8], after: &[u8]) {
    let mut kept = lines(after);
    for line in lines(before).filter(|line| !may_be_mechanical(line)) {
        assert!(kept.any(|other| other == line), "lost {:?}", String::from_utf8_lossy(line));
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn may_be_mechanical(line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line).to_lowercase();
    // An entry's line ending is that of the line before it, and a placeholder
    // goes with the blank lines around it.
    text.trim().is_empty()
        || text.contains(['[', '`', '|', '<', '_', '*', '-', '+'])
        || text.chars().any(|c| c.is_ascii_digit())
        || ["status", "yyyy", "none", "no commits"].iter().any(|word| text.contains(word))
}

fn every_commit_is_listed(recorded: &Recorded, dialect: &'static Dialect, history: &[Said]) {
    let document = read(&recorded.text, dialect);
    if document.entries().is_none() {
        return;
    }
    for said in history {
        assert!(document.entry_of(&said.commit.oid).is_some(), "{} has no entry", said.commit.oid);
    }
}

fn recording_again_changes_nothing(
    recorded: &Recorded,
    dialect: &'static Dialect,
    history: &[Said],
) {
    let all: Vec<usize> = (0..history.len()).collect();
    let mut again = recorded.clone();
    again.record(dialect, history, &all);
    same(&recorded.text, &again.text, "once, twice");
    let settled: Vec<Said> =
        history.iter().map(|said| Said { new: false, ..said.clone() }).collect();
    let recount = Settings { recount: true, ..SETTINGS };
    let patch = plan(&read(&recorded.text, dialect), &settled, &[], recount).patch;
    assert!(patch.is_empty(), "counted again: {patch:?}");
}

/// Fails where two texts differ, and shows the first lines that do.
pub fn same(one: &[u8], other: &[u8], what: &str) {
    let lines = |text: &[u8]| -> Vec<String> {
        String::from_utf8_lossy(text).split('\n').map(str::to_owned).collect()
    };
    if one != other {
        let (one, other) = (lines(one), lines(other));
        let first = one.iter().zip(&other).position(|(one, other)| one != other);
        let at = first.unwrap_or(one.len().min(other.len()));
        panic!("{what}: line {}: {:?}, {:?}", at + 1, one.get(at), other.get(at));
    }
}
