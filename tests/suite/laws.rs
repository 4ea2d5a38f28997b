//! The laws of an edit, over every document at hand: this project's own
//! fixtures always, and the collection of real documents beside the project
//! where there is one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use spec_log::commit::{Commit, Oid, Person, Time};
use spec_log::config::Tick;
use spec_log::doc::Document;
use spec_log::doc::dialect::{Dialect, FEATURE_FILE, WORKSPACE};
use spec_log::plan::{Reverted, Said, Settings, plan};
use spec_log::tag;

use crate::dialects::Origins;

/// A small generator of numbers, the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound.max(1)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

pub(crate) fn documents() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join("tests/golden"), root.join("tests/fixtures")];
    // The second is the same, seen from a work tree beside the checkout.
    let collections = ["../shared/corpus/documents", "../../shared/corpus/documents"];
    let collections = collections.map(|folder| root.join(folder));
    folders.extend(collections.into_iter().find(|folder| folder.is_dir()));
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "md" || extension == "txt")
                && !path.ends_with("output.txt")
            {
                let bytes = std::fs::read(&path).expect("a readable document");
                found.push((path, bytes));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

pub(crate) fn read(bytes: &[u8], dialect: &'static Dialect) -> Document {
    Document::read("prd/tasks/07_x.md", bytes.to_vec(), dialect)
}

/// A history of commits that name tasks of a document, oldest first.
pub(crate) fn history(document: &Document, random: &mut Random, with_reverts: bool) -> Vec<Said> {
    let addresses = (0..document.tasks().len()).filter_map(|task| document.address(task));
    let ids: Vec<String> =
        addresses.map(|id| id.to_string()).filter(|id| !id.contains(' ')).collect();
    // Reopening the last task that ends in ` ✓` takes the only trace of that
    // habit out of the file, so what is ticked after it depends on the order.
    let words = match document.tasks().iter().any(|task| task.tick.is_some()) {
        true => ["", "", "", " done"].as_slice(),
        false => ["", "", " wip", " done", " reopen"].as_slice(),
    };
    let with_reverts = with_reverts && words.len() > 4;
    let mut seconds = 1_768_000_000;
    let mut said: Vec<Said> = Vec::new();
    for number in 0..4 + random.below(8) {
        seconds += [0, 60, 90_000][random.below(3)];
        let tags = match ids.is_empty() {
            true => "[PRD-07]".to_owned(),
            false => {
                let id = &ids[random.below(ids.len())];
                let word = words[random.below(words.len())];
                format!("[PRD-07 Task {id}{word}]")
            }
        };
        let hostile = ["work", "a `b` <c> | [d](e) ![f]", "\u{202e}x \\ *y*"][random.below(3)];
        let message = match random.below(3) {
            0 => format!("{hostile}\n\n{tags}\n"),
            _ => format!("{hostile} {tags}\n"),
        };
        let revert = (with_reverts && !said.is_empty() && random.below(4) == 0)
            .then(|| &said[random.below(said.len())]);
        let reverts = revert.map(|taken| {
            let tags = match taken.reverts.first() {
                Some(inner) => inner.tags.clone(),
                None => taken.tags.clone(),
            };
            Reverted { oid: taken.commit.oid, commit: None, tags }
        });
        let tags = if reverts.is_some() { Vec::new() } else { tag::read(&message).tags };
        said.push(Said {
            commit: commit(number, random.below(usize::MAX), seconds, message, said.len() as u32),
            tags,
            reverts: reverts.into_iter().collect(),
            new: true,
            formers: Vec::new(),
        });
    }
    said
}

pub(crate) fn commit(
    number: usize,
    salt: usize,
    seconds: i64,
    message: String,
    depth: u32,
) -> Commit {
    let mut raw = [0; 20];
    raw[..8].copy_from_slice(&(salt as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    raw[19] = number as u8;
    let time = Time { seconds, offset: [0, 120, -480][number % 3] };
    Commit {
        oid: Oid::from_bytes(&raw).expect("twenty bytes"),
        parents: Vec::new(),
        message,
        author: Person::default(),
        author_time: time,
        commit_time: time,
        depth,
    }
}

pub(crate) const SETTINGS: Settings = Settings { tick: Tick::Default, abbrev: 7, recount: false };

/// Records some of a history, as `record` does: what the document lists is
/// known, and for documents without a list what was recorded before.
pub(crate) fn record(
    bytes: &[u8],
    dialect: &'static Dialect,
    history: &[Said],
    known: &mut BTreeSet<Oid>,
    new: &[usize],
) -> Vec<u8> {
    let document = read(bytes, dialect);
    let mut said: Vec<Said> = Vec::new();
    for (at, one) in history.iter().enumerate() {
        let oid = one.commit.oid;
        let listed = if document.entries().is_some() {
            document.entry_of(&oid).is_some()
        } else {
            known.contains(&oid)
        };
        if listed || new.contains(&at) {
            said.push(Said { new: !listed, ..one.clone() });
        }
        if new.contains(&at) {
            known.insert(oid);
        }
    }
    plan(&document, &said, &[], SETTINGS).patch.apply(bytes)
}

/// Runs a check over every document, as a feature file and in the dialect that
/// its place in its own repository tells.
pub(crate) fn each(mut check: impl FnMut(&Path, &[u8], &'static Dialect, &mut Random)) {
    let documents = documents();
    let seed = std::env::var("SPEC_LOG_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let origins = Origins::read();
    for (at, (path, bytes)) in documents.iter().enumerate() {
        for dialect in [&FEATURE_FILE, origins.dialect(path).unwrap_or(&WORKSPACE)] {
            check(path, bytes, dialect, &mut Random(at as u64 * 7919 + seed));
        }
    }
    println!("{} documents, SPEC_LOG_SEED={seed}", documents.len());
}

#[test]
fn the_beginning_of_a_document_names_the_feature_that_the_whole_names() {
    for (path, bytes) in documents() {
        // A header that goes on further than a catalog reads is the catalog's.
        let beginning = &bytes[..bytes.len().min(4096)];
        let read = Document::read("x.md", beginning.to_vec(), &FEATURE_FILE);
        let told =
            spec_log::doc::identity("x.md", beginning, &FEATURE_FILE).map(|(feature, _)| feature);
        assert_eq!(told, read.feature(), "{}", path.display());
    }
}

#[test]
fn nothing_to_record_changes_nothing() {
    each(|path, bytes, dialect, _| {
        let document = read(bytes, dialect);
        assert!(plan(&document, &[], &[], SETTINGS).patch.is_empty(), "{}", path.display());
    });
}

#[test]
fn recording_again_changes_nothing() {
    each(|path, bytes, dialect, random| {
        let history = history(&read(bytes, dialect), random, true);
        let all: Vec<usize> = (0..history.len()).collect();
        let mut known = BTreeSet::new();
        let once = record(bytes, dialect, &history, &mut known, &all);
        let twice = record(&once, dialect, &history, &mut known, &all);
        assert!(once == twice, "{}", path.display());
        let document = read(&once, dialect);
        let settled: Vec<Said> =
            history.iter().map(|said| Said { new: false, ..said.clone() }).collect();
        let recounted = plan(&document, &settled, &[], Settings { recount: true, ..SETTINGS });
        assert!(recounted.patch.is_empty(), "{}: {:?}", path.display(), recounted.patch);
        if dialect.entries.is_some() {
            let missing =
                history.iter().filter(|said| document.entry_of(&said.commit.oid).is_none()).count();
            assert_eq!(missing, 0, "{}: commits without an entry", path.display());
        }
    });
}

#[test]
fn one_by_one_and_all_at_once_and_out_of_order_are_the_same() {
    each(|path, bytes, dialect, random| {
        for with_reverts in [false, true] {
            let history = history(&read(bytes, dialect), random, with_reverts);
            let mut order: Vec<usize> = (0..history.len()).collect();
            let at_once = record(bytes, dialect, &history, &mut BTreeSet::new(), &order);
            let one_by_one = |order: &[usize]| {
                let mut known = BTreeSet::new();
                order.iter().fold(bytes.to_vec(), |text, &at| {
                    record(&text, dialect, &history, &mut known, &[at])
                })
            };
            same(path, &at_once, &one_by_one(&order), &history);
            random.shuffle(&mut order);
            after_what_they_revert(&history, &mut order);
            same(path, &at_once, &one_by_one(&order), &history);
        }
    });
}

/// Moves each revert behind the commit that it takes back, as it is in any
/// history that holds both.
pub(crate) fn after_what_they_revert(history: &[Said], order: &mut Vec<usize>) {
    for revert in 0..history.len() {
        for reverted in &history[revert].reverts {
            let place = |oid: &Oid| {
                order.iter().position(|&at| history[at].commit.oid == *oid).expect("in the history")
            };
            let (own, target) = (place(&history[revert].commit.oid), place(&reverted.oid));
            if own < target {
                let moved = order.remove(own);
                order.insert(target, moved);
            }
        }
    }
}

pub(crate) fn same(path: &Path, one: &[u8], other: &[u8], history: &[Said]) {
    if one != other {
        let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
        let differing = one.lines().zip(other.lines()).find(|(a, b)| a != b);
        let messages: Vec<_> =
            history.iter().map(|said| (&said.commit.message, said.reverts.len())).collect();
        panic!("{}: {differing:#?}\n{messages:#?}", path.display());
    }
}

/// A document with lines that name its first tasks as what comes next.
fn with_priorities(bytes: &[u8]) -> Vec<u8> {
    let document = read(bytes, &FEATURE_FILE);
    let mut text = [bytes, b"\n\n## Next Session Priorities\n\n"].concat();
    for task in 0..document.tasks().len().min(6) {
        let Some(id) = &document.tasks()[task].id else { continue };
        let title = document.task_title(task);
        text.extend(format!("1. {id}: {title}\n2. Task {id}: {title}\n3. Talk of {id}\n").bytes());
    }
    text
}

#[test]
fn lines_that_name_what_comes_next_do_not_depend_on_the_order() {
    each(|path, bytes, dialect, random| {
        let bytes = with_priorities(bytes);
        let history = history(&read(&bytes, dialect), random, true);
        let mut order: Vec<usize> = (0..history.len()).collect();
        let at_once = record(&bytes, dialect, &history, &mut BTreeSet::new(), &order);
        let one_by_one = |order: &[usize]| {
            let mut known = BTreeSet::new();
            order.iter().fold(bytes.clone(), |text, &at| {
                record(&text, dialect, &history, &mut known, &[at])
            })
        };
        same(path, &at_once, &one_by_one(&order), &history);
        random.shuffle(&mut order);
        after_what_they_revert(&history, &mut order);
        same(path, &at_once, &one_by_one(&order), &history);
        let settled: Vec<Said> =
            history.iter().map(|said| Said { new: false, ..said.clone() }).collect();
        let recount = Settings { recount: true, ..SETTINGS };
        let again = plan(&read(&at_once, dialect), &settled, &[], recount);
        assert!(again.patch.is_empty(), "{}: {:?}", path.display(), again.patch);
    });
}

#[test]
fn a_line_that_holds_no_mechanical_part_is_kept() {
    each(|path, bytes, dialect, random| {
        let before = read(bytes, dialect);
        let history = history(&before, random, true);
        let all: Vec<usize> = (0..history.len()).collect();
        let after = record(bytes, dialect, &history, &mut BTreeSet::new(), &all);
        let mut kept = after.split(|&b| b == b'\n');
        let mut start = 0;
        for line in bytes.split(|&b| b == b'\n') {
            let text = String::from_utf8_lossy(line);
            let mechanical = text.contains('[')
                || text.contains('`')
                || text.chars().any(|c| c.is_ascii_digit())
                || text.to_lowercase().contains("status")
                || text.contains("YYYY");
            assert!(
                mechanical || kept.any(|other| other == line),
                "{}: lost {text:?}",
                path.display()
            );
            start += line.len() + 1;
        }
        assert!(start > bytes.len());
    });
}
