//! The session log: both sides' sessions, by their time, numbered anew.

use std::ops::Range;

use super::additions::{self, Block, Section, all, both_added};
use super::{Side, Three, fields};
use crate::doc::{self, Document};
use crate::patch::Patch;

const COUNT: &[&str] = &["agent sessions"];

/// Makes every document hold the sessions of both sides, and their number.
pub(super) fn write(documents: &Three<Document>, patches: &mut Three<Patch>) {
    let mut shared = 0;
    if let Some(logs) = all(documents.map(read)) {
        let sections = logs.map(|log| log.section.clone());
        if let Some(first_new) = both_added(&sections) {
            shared = append(documents, &logs, &first_new, patches);
        }
    }
    count(documents, shared, patches);
}

/// A session log.
struct Log {
    section: Section,
    /// Where each session's number stands, and whether it is an example.
    numbers: Vec<(Range<usize>, bool)>,
}

/// One session that is new.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Session {
    time: Option<String>,
    before: Vec<u8>,
    after: Vec<u8>,
}

/// Appends the sessions of both sides; answers how many both have.
fn append(
    documents: &Three<Document>,
    logs: &Three<Log>,
    first_new: &Three<usize>,
    patches: &mut Three<Patch>,
) -> usize {
    let mut sessions: Vec<Session> = Vec::new();
    let mut found = 0;
    for side in Side::BOTH {
        let (document, log) = (documents.get(side), logs.get(side));
        for at in *first_new.get(side)..log.section.blocks.len() {
            let session = session(document, log, at);
            found += 1;
            if !sessions.contains(&session) {
                sessions.push(session);
            }
        }
    }
    let shared = found - sessions.len();
    sessions.sort_by(|one, other| (one.time.is_none(), one).cmp(&(other.time.is_none(), other)));
    let last = last_number(documents, logs, first_new);
    let numbered = sessions.iter().zip(last + 1..).map(|(session, number)| {
        [&session.before, number.to_string().as_bytes(), &session.after].concat()
    });
    let parts: Vec<Vec<u8>> = numbered.collect();
    let sections = logs.map(|log| &log.section).zip(first_new, |section, first| (*section, *first));
    for ((document, (section, first)), patch) in
        documents.each().into_iter().zip(sections.each()).zip(patches.each_mut())
    {
        additions::write(document, section, *first, &parts, 2, patch);
    }
    shared
}

/// The number of the last session before the new ones, examples left out.
fn last_number(documents: &Three<Document>, logs: &Three<Log>, first_new: &Three<usize>) -> usize {
    let number = |document: &Document, log: &Log, first: usize| {
        let real = log.numbers[..first].iter().filter(|(_, example)| !example);
        real.filter_map(|(span, _)| document.slice(span).parse::<usize>().ok()).max()
    };
    let side = |side| number(documents.get(side), logs.get(side), *first_new.get(side));
    side(Side::Ours).max(side(Side::Theirs)).unwrap_or(0).min(usize::MAX / 2)
}

fn session(document: &Document, log: &Log, at: usize) -> Session {
    let (span, number) = (log.section.blocks[at].span.clone(), log.numbers[at].0.clone());
    let header = document.text()[number.end..span.end].lines().next().unwrap_or_default();
    let time = header.char_indices().find_map(|(at, _)| fields::time(&header[at..]));
    Session {
        time,
        before: document.bytes()[span.start..number.start].to_vec(),
        after: document.bytes()[number.end..span.end].to_vec(),
    }
}

fn read(document: &Document) -> Option<Log> {
    let log = document.session_log()?;
    let block = |session: &doc::Session| {
        let before = session.span.start..session.number.start;
        let after = session.number.end..session.header.end;
        let name = [document.slice(&before), document.slice(&after)].concat().into_bytes();
        Block { span: session.span.clone(), name }
    };
    let section = Section { blocks: log.sessions.iter().map(block).collect(), end: log.body.end };
    let numbers = log.sessions.iter().map(|session| (session.number.clone(), session.is_example));
    Some(Log { section, numbers: numbers.collect() })
}

/// *Agent Sessions*: what both sides added, sessions that both have once.
fn count(documents: &Three<Document>, shared: usize, patches: &mut Three<Patch>) {
    let values = documents.map(|document| document.value(COUNT));
    let (Some(ours), Some(theirs)) = (values.ours, values.theirs) else { return };
    if values.base == Some(ours) || values.base == Some(theirs) {
        let value = if values.base == Some(ours) { theirs } else { ours };
        fields::put(documents, COUNT, value, patches);
        return;
    }
    let (Some((one, rest)), Some((other, other_rest))) = (counted(ours), counted(theirs)) else {
        return;
    };
    let base = values.base.and_then(counted).map_or(0, |(base, _)| base);
    if rest == other_rest && one >= base && other >= base {
        let sum = (one + other - base).saturating_sub(shared).max(one.max(other));
        fields::put(documents, COUNT, &format!("{sum}{rest}"), patches);
    }
}

/// The number that a value begins with, and the rest.
fn counted(value: &str) -> Option<(usize, &str)> {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let number = value[..digits].parse().ok().filter(|_| digits < 7)?;
    Some((number, &value[digits..]))
}
