//! Recovery files as views: the laws of an edit over every one at hand, and
//! what becomes of one in a repository.

use std::collections::BTreeSet;
use std::path::Path;

use spec_log::doc::Document;
use spec_log::doc::dialect::{RECOVERY, WORKSPACE};
use spec_log::plan::recovery::{Paths, Source, recovery};
use spec_log::plan::{Said, Settings, plan};

use crate::laws::{Random, SETTINGS, after_what_they_revert, documents, history, same};

const TASKS: &str = "# Tasks: X\n\n## Phase 1: Research\n\n- [ ] A1: Read\n- [ ] **A2**: Choose\n  - [ ] one way\n\n\
    ## Phase 2: Implementation\n\n- [ ] B1: Build\n  - [ ] B1.1: Parts\n  - [ ] B1.2: Whole\n- [ ] Tell people\n\n\
    ## Phase 3: Testing\n\n- [ ] T1: Try\n";

/// Recovery files, and every other document as if it were one.
fn each(mut check: impl FnMut(&Path, &[u8], &mut Random)) {
    let seed = std::env::var("SPEC_LOG_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let own = [Path::new("seed.md").to_owned(), Path::new("crlf.md").to_owned()];
    let own = own.into_iter().zip([
        crate::histories::RECOVERY.as_bytes().to_vec(),
        crate::histories::RECOVERY.replace('\n', "\r\n").into_bytes(),
    ]);
    for (at, (path, bytes)) in own.chain(documents()).enumerate() {
        check(&path, &bytes, &mut Random::new(at as u64 * 7919 + seed));
    }
}

fn read(bytes: &[u8]) -> Document {
    Document::read("specs/active/x/recovery.md", bytes.to_vec(), &RECOVERY)
}

fn tasks(bytes: &[u8]) -> Document {
    Document::read("specs/active/x/tasks.md", bytes.to_vec(), &WORKSPACE)
}

/// A history of this workspace, and what each commit of it changed.
fn said(random: &mut Random) -> (Vec<Said>, Paths) {
    let mut said = history(&tasks(TASKS.as_bytes()), random, true);
    let name = |text: &str| text.replace("PRD-07", "x");
    for one in &mut said {
        one.commit.message = name(&one.commit.message);
        let reverted = one.reverts.iter_mut().flat_map(|reverted| &mut reverted.tags);
        for tag in one.tags.iter_mut().chain(reverted) {
            tag.text = name(&tag.text);
            tag.feature = spec_log::task::FeatureId::parse("x").expect("a slug");
        }
    }
    let files = ["src/a.rs", "src/b.rs", "docs/c d.md", "tests/é.rs"];
    let paths = said.iter().map(|one| {
        let count = 1 + random.below(3);
        let own: BTreeSet<String> =
            (0..count).map(|_| files[random.below(files.len())].to_owned()).collect();
        (one.commit.oid, own.into_iter().collect())
    });
    let paths = paths.collect();
    (said, paths)
}

/// Both files with some commits of a history recorded.
struct Recorded<'a> {
    history: &'a [Said],
    paths: &'a Paths,
    known: Vec<usize>,
    tasks: Vec<u8>,
    view: Vec<u8>,
}

impl<'a> Recorded<'a> {
    fn new(view: &[u8], (history, paths): &'a (Vec<Said>, Paths)) -> Self {
        let (tasks, view) = (TASKS.as_bytes().to_vec(), view.to_vec());
        Self { history, paths, known: Vec::new(), tasks, view }
    }

    fn record(mut self, new: &[usize], settings: Settings) -> Self {
        let mut said: Vec<Said> = Vec::new();
        for (at, one) in self.history.iter().enumerate() {
            if self.known.contains(&at) || new.contains(&at) {
                said.push(Said { new: new.contains(&at), ..one.clone() });
            }
        }
        self.known.extend(new);
        let before = tasks(&self.tasks);
        self.tasks = plan(&before, &said, &[], settings).patch.apply(&self.tasks);
        let after = tasks(&self.tasks);
        let source = Source { tasks: &after, history: &said, paths: self.paths };
        self.view = recovery(&read(&self.view), source, settings).apply(&self.view);
        self
    }
}

#[test]
fn nothing_to_show_changes_nothing() {
    each(|path, bytes, _| {
        let tasks = tasks(TASKS.as_bytes());
        let source = Source { tasks: &tasks, history: &[], paths: &Paths::new() };
        assert!(recovery(&read(bytes), source, SETTINGS).is_empty(), "{}", path.display());
    });
}

#[test]
fn showing_the_same_again_changes_nothing() {
    each(|path, bytes, random| {
        let history = said(random);
        let all: Vec<usize> = (0..history.0.len()).collect();
        let once = Recorded::new(bytes, &history).record(&all, SETTINGS);
        let text = once.view.clone();
        let twice = once.record(&all, Settings { recount: true, ..SETTINGS });
        assert!(twice.view == text, "{}", path.display());
    });
}

#[test]
fn one_by_one_and_all_at_once_and_out_of_order_show_the_same() {
    each(|path, bytes, random| {
        let history = said(random);
        let all: Vec<usize> = (0..history.0.len()).collect();
        let at_once = Recorded::new(bytes, &history).record(&all, SETTINGS).view;
        let fold = |order: &[usize]| {
            let begin = Recorded::new(bytes, &history);
            order.iter().fold(begin, |one, &at| one.record(&[at], SETTINGS)).view
        };
        let mut order = all.clone();
        random.shuffle(&mut order);
        after_what_they_revert(&history.0, &mut order);
        for one_by_one in [fold(&all), fold(&order)] {
            same(path, &at_once, &one_by_one, &history.0);
        }
    });
}

#[test]
fn a_line_that_a_person_wrote_stays() {
    each(|path, bytes, random| {
        let history = said(random);
        let all: Vec<usize> = (0..history.0.len()).collect();
        let after = Recorded::new(bytes, &history).record(&all, SETTINGS).view;
        let after = String::from_utf8_lossy(&after).into_owned();
        let mut kept = after.lines();
        for line in String::from_utf8_lossy(bytes).lines() {
            let stamp =
                ["updated", "current phase"].iter().any(|key| line.to_lowercase().contains(key));
            let waits = ["[", "{", "None"].iter().any(|sign| line.contains(sign));
            assert!(
                stamp || waits || kept.any(|other| other == line),
                "{}: lost {line:?}",
                path.display()
            );
        }
    });
}
