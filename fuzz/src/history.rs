//! Commits that name the tasks of a document, and recording them.

use std::collections::BTreeSet;
use std::ops::Range;

use spec_log::commit::{Commit, Oid, Person, Time};
use spec_log::config::Tick;
use spec_log::doc::Document;
use spec_log::doc::dialect::{BUILT_IN, Dialect};
use spec_log::plan::{Reverted, Said, Settings, plan};
use spec_log::tag;

use super::choices::Choices;

/// Where the document lies, whatever its dialect.
pub const PATH: &str = "prd/tasks/07_x.md";

/// The team's settings.
pub const SETTINGS: Settings = Settings { tick: Tick::Default, abbrev: 7, recount: false };

/// A dialect.
pub fn dialect(choices: &mut Choices<'_>) -> &'static Dialect {
    choices.of(BUILT_IN)
}

/// Some commits, oldest first. Their tags name tasks of the document, mostly.
pub fn history(document: &Document, choices: &mut Choices<'_>) -> Vec<Said> {
    let ids: Vec<String> = (0..document.tasks().len())
        .filter_map(|task| Some(document.address(task)?.to_string()))
        .collect();
    let mut said: Vec<Said> = Vec::new();
    let has_habit = has_habit(document);
    let mut seconds = 1_768_000_000;
    for number in 0..1 + choices.below(6) {
        seconds += choices.of(&[0, 60, 90_000]);
        let message = message(&ids, has_habit, choices);
        let reverted = (!has_habit).then(|| choices.below(4 * number)).and_then(|at| said.get(at));
        let reverts: Vec<Reverted> = reverted.map(taken_back).into_iter().collect();
        let tags = if reverts.is_empty() { tag::read(&message).tags } else { Vec::new() };
        let commit = commit(number, seconds, message, choices);
        said.push(Said { commit, tags, reverts, new: true, formers: Vec::new() });
    }
    said
}

/// Whether a document marks done tasks by ` ✓` or `X`, or begun ones in any
/// way. What closes or opens the last of them takes the only trace of that
/// habit out of the file, so what is marked after it depends on the order.
fn has_habit(document: &Document) -> bool {
    let has_cross = |mark: &Range<usize>| document.slice(mark) == "X";
    document
        .tasks()
        .iter()
        .any(|task| task.tick.is_some() || task.begun || task.mark.as_ref().is_some_and(has_cross))
}

fn message(ids: &[String], has_habit: bool, choices: &mut Choices<'_>) -> String {
    let subject = choices.of(&["work", "a `b` <c> | [d](e) ![f]", "\u{202e}x \\ *y*", "# | -"]);
    let words = if has_habit { &["", " done"][..] } else { &["", " wip", " done", " reopen"] };
    let unknown = "77.7".to_owned();
    let id = ids.get(choices.below(ids.len() + 1)).unwrap_or(&unknown);
    let word = choices.of(words);
    format!("{subject}{}[PRD-07 Task {id}{word}]\n", choices.of(&[" ", "\n\n"]))
}

fn taken_back(said: &Said) -> Reverted {
    let tags = said.reverts.first().map_or(&said.tags, |inner| &inner.tags);
    Reverted { oid: said.commit.oid, commit: None, tags: tags.clone() }
}

fn commit(number: usize, seconds: i64, message: String, choices: &mut Choices<'_>) -> Commit {
    let mut raw = [0; 20];
    raw[0] = choices.below(256) as u8;
    raw[1] = 0x5a;
    raw[19] = number as u8;
    // Names must differ early, as they do in any repository.
    raw[2] = number as u8;
    let time = Time { seconds, offset: [0, 120, -480][number % 3] };
    Commit {
        oid: Oid::from_bytes(&raw).expect("twenty bytes"),
        parents: Vec::new(),
        message,
        author: Person::default(),
        author_time: time,
        commit_time: time,
        depth: number as u32,
    }
}

/// Reads a document.
pub fn read(text: &[u8], dialect: &'static Dialect) -> Document {
    Document::read(PATH, text.to_vec(), dialect)
}

/// A document together with the commits that were recorded in it: what one
/// without a list of commits leaves to others to know.
#[derive(Clone)]
pub struct Recorded {
    /// Its text.
    pub text: Vec<u8>,
    known: BTreeSet<Oid>,
}

impl Recorded {
    /// A document in which nothing was recorded yet.
    pub fn new(text: &[u8]) -> Self {
        Self { text: text.to_vec(), known: BTreeSet::new() }
    }

    /// What is known of these commits: those that are not recorded are new.
    pub fn known(&self, dialect: &'static Dialect, history: &[Said], new: &[usize]) -> Vec<Said> {
        let document = read(&self.text, dialect);
        let is_recorded = |oid: &Oid| match document.entries() {
            Some(_) => document.entry_of(oid).is_some(),
            None => self.known.contains(oid),
        };
        let mut known = Vec::new();
        for (at, said) in history.iter().enumerate() {
            let recorded = is_recorded(&said.commit.oid);
            if recorded || new.contains(&at) {
                known.push(Said { new: !recorded, ..said.clone() });
            }
        }
        known
    }

    /// Records some of a history, as a hook or `sync` does.
    pub fn record(&mut self, dialect: &'static Dialect, history: &[Said], new: &[usize]) {
        let document = read(&self.text, dialect);
        let known = self.known(dialect, history, new);
        self.text = plan(&document, &known, &[], SETTINGS).patch.apply(document.bytes());
        self.known.extend(new.iter().map(|&at| history[at].commit.oid));
    }
}
