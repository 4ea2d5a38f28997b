//! Recovery files as views: the laws of an edit over every one at hand, and
//! what becomes of one in a repository.

use std::collections::BTreeSet;
use std::path::Path;

use spec_log::doc::Document;
use spec_log::doc::dialect::{RECOVERY, WORKSPACE};
use spec_log::doc::recovery::GrowingList;
use spec_log::plan::recovery::{Paths, Source, recovery};
use spec_log::plan::{Said, Settings, plan};

use crate::laws::{Random, SETTINGS, after_what_they_revert, documents, history, same};
use crate::sandbox::Sandbox;

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
    let files = ["src/a.rs", "app/[id]/b.rs", "docs/c d.md", "tests/é.rs"];
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
        let source = Source { tasks: &after, history: &said, dropped: &[], paths: self.paths };
        self.view = recovery(&read(&self.view), source, settings).apply(&self.view);
        self
    }
}

#[test]
fn nothing_to_show_changes_nothing() {
    each(|path, bytes, _| {
        let tasks = tasks(TASKS.as_bytes());
        let source = Source { tasks: &tasks, history: &[], dropped: &[], paths: &Paths::new() };
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

const LIST: &str = "specs/active/login/tasks.md";
const VIEW: &str = "specs/active/login/recovery.md";

/// A workspace with both files, committed, and its hooks.
fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(LIST, TASKS);
    sandbox.write(VIEW, crate::histories::RECOVERY);
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    sandbox
}

#[test]
fn a_commit_brings_the_recovery_file_up_to_date() {
    let sandbox = workspace();
    sandbox.work("src/a.rs", "feat: read [login Task A1]");
    sandbox.work("src/b.rs", "feat: begin [login Task A2 wip]");
    let view = sandbox.read(VIEW);
    for part in [
        "**Current Phase**: Research\n",
        "### Completed\n- [x] A1: Read\n\n### In Progress\n",
        "- [ ] **Current focus**: A2: Choose\n- **File being modified**: `src/b.rs`\n\
         - **Last action**: feat: begin [login Task A2 wip]\n",
        "## Files Modified So Far\n\n- `src/a.rs` - feat: read [login Task A1]\n\
         - `src/b.rs` - feat: begin [login Task A2 wip]\n\n",
        "1. **Immediate**: A2: Choose\n2. **After that**: B1.1: Parts\n3. Ask Ann about 1.2\n",
    ] {
        assert!(view.contains(part), "{part}\n{view}");
    }
    let said = sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(VIEW), view, "{said}");
}

#[test]
fn the_recovery_file_follows_head_and_steps_aside_with_its_tasks() {
    let sandbox = workspace();
    let plan = sandbox.read(VIEW);
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("a", "feat: read [login Task A1]");
    let shown = sandbox.read(VIEW);
    assert_ne!(shown, plan);
    sandbox.git(&["switch", "-q", "main"]).ok();
    assert_eq!(sandbox.read(VIEW), plan);
    sandbox.git(&["switch", "-q", "topic"]).ok();
    assert_eq!(sandbox.read(VIEW), shown);
    sandbox.spec_log(&["park", "-q"]).ok();
    assert_eq!(sandbox.read(VIEW), plan);
    sandbox.spec_log(&["sync", "-q"]).ok();
    assert_eq!(sandbox.read(VIEW), shown);
}

#[test]
fn what_a_person_finished_after_it_was_begun_stays_done() {
    let sandbox = workspace();
    sandbox.spec_log(&["start", "login", "A1"]).ok();
    sandbox.work("a", "feat: read");
    sandbox.spec_log(&["stop", "--done"]).ok();
    let list = sandbox.read(LIST);
    assert!(list.contains("- [x]") && list.contains("Read\n"), "{list}");
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(LIST), list);
    sandbox.commit("docs: record").ok();
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(LIST), list);
    sandbox.commit("docs: record").ok();
    sandbox.git(&["config", "speclog.record", "off"]).ok();
    sandbox.work("b", "fix: read again [login Task A1 wip]");
    sandbox.spec_log(&["sync"]).says("A1 open again").ok();
}

#[test]
fn a_commit_that_only_changes_the_recovery_file_makes_no_link() {
    let sandbox = workspace();
    let plan = sandbox.read(VIEW);
    sandbox.write(VIEW, plan.replace("Ask Ann", "Ask Bob"));
    sandbox.commit("docs: handoff [login Task A1]").says("nothing but task documents").ok();
    assert_eq!(sandbox.read(VIEW), plan.replace("Ask Ann", "Ask Bob"));
}

#[test]
fn where_the_file_came_later_it_shows_what_came_with_it() {
    let sandbox = Sandbox::new();
    sandbox.write(LIST, TASKS);
    sandbox.commit("docs: plan").ok();
    sandbox.work("a", "feat: read [login Task A1]");
    sandbox.write(VIEW, crate::histories::RECOVERY);
    sandbox.commit("docs: recovery").ok();
    sandbox.work("b", "feat: choose [login Task A2 done]");
    sandbox.spec_log(&["sync", "-q"]).ok();
    let view = sandbox.read(VIEW);
    assert!(
        view.contains("A2: Choose") && !view.contains("[x] A1") && !view.contains("`a`"),
        "{view}"
    );
}

#[test]
fn a_section_that_is_parted_by_headings_is_no_place_for_a_list() {
    let has_place = |text: &str| read(text.as_bytes()).files_modified().is_some();
    assert!(has_place("# R\n\n## Files Modified\n\n## Notes\n"));
    assert!(!has_place("# R\n\n## Files Modified\n\n### Tests\n\n- `a.rs`\n"));
    assert!(!has_place("# R\n\n## Files Modified\n\nSee the log.\n"));
}

/// `cargo test recovery::the_parts -- --nocapture` counts them.
#[test]
fn the_parts_of_a_recovery_file_are_found_and_brought_up_to_date() {
    type Part = (&'static str, fn(&Document) -> Option<String>);
    let parts: [Part; 7] = [
        ("Last Updated", |document| {
            document.value(&["last updated", "updated"]).map(str::to_owned)
        }),
        ("Current Phase", |document| document.value(&["current phase"]).map(str::to_owned)),
        ("Completed", |document| document.completed().map(|list| texts(document, &list))),
        ("Files Modified", |document| document.files_modified().map(|list| texts(document, &list))),
        ("Next Steps", |document| {
            let steps = document.next_steps();
            let steps: Vec<&str> = steps.iter().map(|step| document.slice(step)).collect();
            (!steps.is_empty()).then(|| steps.join("\n"))
        }),
        ("Current focus", |document| labelled(document, &["current focus", "next action"])),
        ("Last action", |document| labelled(document, &["last action"])),
    ];
    let mut counts = [(0, 0); 7];
    let mut files = 0;
    each(|path, bytes, random| {
        let is_own = path.components().count() == 1;
        if !is_own && path.parent().is_none_or(|folder| !folder.ends_with("recovery")) {
            return;
        }
        files += 1;
        let history = said(random);
        let all: Vec<usize> = (0..history.0.len()).collect();
        let after = Recorded::new(bytes, &history).record(&all, SETTINGS).view;
        let (before, after) = (read(bytes), read(&after));
        for ((name, part), count) in parts.iter().zip(&mut counts) {
            let (then, now) = (part(&before), part(&after));
            assert!(!is_own || then.is_some() && then != now, "{name} in {}", path.display());
            count.0 += usize::from(then.is_some());
            count.1 += usize::from(then != now);
        }
    });
    for ((name, _), (found, updated)) in parts.iter().zip(counts) {
        println!("{name}: found in {found}, brought up to date in {updated} of {files}");
    }
}

fn texts(document: &Document, list: &GrowingList) -> String {
    list.items.iter().map(|item| document.slice(&item.text)).collect::<Vec<_>>().join("\n")
}

fn labelled(document: &Document, labels: &[&str]) -> Option<String> {
    document.labelled_value(labels).map(|value| document.slice(&value).to_owned())
}

#[test]
fn a_line_about_a_file_with_brackets_in_its_path_stays() {
    let view =
        b"# Session Recovery: X\n\n## Files Modified So Far\n\n- `app/[id]/b.rs` - by hand\n";
    let (history, paths) = said(&mut Random::new(1));
    let tasks = tasks(TASKS.as_bytes());
    let source = Source { tasks: &tasks, history: &history, dropped: &[], paths: &paths };
    let after = recovery(&read(view), source, SETTINGS).apply(view);
    let after = String::from_utf8(after).expect("UTF-8");
    assert!(after.contains("- `app/[id]/b.rs` - by hand\n"), "{after}");
}

#[test]
fn what_is_finished_without_a_commit_is_shown_at_once_and_once() {
    let sandbox = workspace();
    sandbox.work("src/a.rs", "feat: read [login Task A1]");
    sandbox.spec_log(&["start", "login", "B1.2"]).ok();
    let begun = sandbox.read(VIEW);
    assert!(begun.contains("**Current focus**: B1.2: Whole\n"), "{begun}");
    sandbox.spec_log(&["stop", "--done"]).ok();
    sandbox.spec_log(&["tick", "A2", "one way"]).ok();
    let shown = sandbox.read(VIEW);
    for part in [
        "### Completed\n- [x] B1.2: Whole\n- [x] A2: Choose\n- [x] A1: Read\n\n### In Progress\n",
        "- [ ] **Current focus**: B1.1: Parts\n",
        "1. **Immediate**: B1.1: Parts\n2. **After that**: Tell people\n",
        "**Current Phase**: Implementation\n",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    sandbox.spec_log(&["sync", "-q"]).ok();
    assert_eq!(sandbox.read(VIEW), shown);
    sandbox.spec_log(&["tick", "A2"]).ok();
    assert_eq!(sandbox.read(VIEW), shown);
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: read it [login Task A1]"]).ok();
    let amended = sandbox.read(VIEW);
    for task in ["A1: Read", "A2: Choose", "B1.2: Whole"] {
        assert_eq!(amended.matches(&format!("- [x] {task}\n")).count(), 1, "{amended}");
    }
    sandbox.work("src/c.rs", "feat: choose again [login Task A2]");
    let named = sandbox.read(VIEW);
    assert_eq!(named.matches("A2: Choose").count(), 1, "{named}");
    sandbox.spec_log(&["sync", "-q"]).ok();
    assert_eq!(sandbox.read(VIEW), named);
    sandbox.spec_log(&["untick", "B1.2"]).ok();
    let open = sandbox.read(VIEW);
    assert!(
        !open.contains("- [x] B1.2") && open.contains("**After that**: B1.2: Whole\n"),
        "{open}"
    );
}

#[test]
fn what_is_finished_by_hand_shows_the_same_with_hooks_and_with_one_sync() {
    let shown = [true, false].map(|has_hooks| {
        let sandbox = Sandbox::new();
        sandbox.write(LIST, TASKS);
        sandbox.write(VIEW, crate::histories::RECOVERY);
        sandbox.commit("docs: plan").ok();
        // The clock goes on with each call.
        match has_hooks {
            true => sandbox.install_hooks(),
            false => drop(sandbox.git(&["version"]).ok()),
        }
        sandbox.work("src/a.rs", "feat: read [login Task A1 wip]");
        sandbox.spec_log(&["start", "login", "A1"]).ok();
        sandbox.spec_log(&["stop", "--done"]).ok();
        sandbox.work("src/b.rs", "feat: build [login Task B1.1]");
        sandbox.spec_log(&["start", "login", "T1"]).ok();
        sandbox.spec_log(&["stop", "--done"]).ok();
        sandbox.work("src/c.rs", "feat: read more [login Task A2 done]");
        if !has_hooks {
            sandbox.spec_log(&["sync", "-q"]).ok();
        }
        sandbox.read(VIEW)
    });
    let [hooks, sync] = shown;
    assert!(
        hooks.contains("- [x] T1: Try\n- [x] A1: Read\n- [x] B1.1: Parts\n- [x] A2: Choose\n"),
        "{hooks}"
    );
    assert_eq!(hooks, sync);
}

#[test]
fn a_line_of_a_task_that_was_opened_by_hand_goes_with_the_next_sync() {
    let sandbox = workspace();
    sandbox.work("src/a.rs", "feat: read [login Task A1]");
    sandbox.commit("docs: record").ok();
    sandbox.write(LIST, sandbox.read(LIST).replace("- [x] A1", "- [ ] A1"));
    sandbox.spec_log(&["sync", "-q"]).ok();
    let view = sandbox.read(VIEW);
    assert!(!view.contains("- [x] A1") && view.contains("**Immediate**: A1: Read\n"), "{view}");
}

#[test]
fn a_commit_that_loses_its_tag_takes_along_what_it_showed_be_it_committed_or_not() {
    for arguments in [&["-q", "--amend"][..], &["-q", "--amend", "-a"]] {
        let sandbox = workspace();
        sandbox.work("src/a.rs", "feat: read [login Task A1]");
        sandbox.git(&["commit", "-qam", "docs: books"]).ok();
        let [list, view] = [LIST, VIEW].map(|path| sandbox.read(path));
        sandbox.write("src/a.rs", "more");
        sandbox.write("src/b.rs", "new");
        sandbox.git(&["add", "src"]).ok();
        sandbox.git(&["commit", "-qm", "feat: tell [login Task T1]"]).ok();
        assert!(sandbox.read(VIEW).contains("- [x] T1: Try\n"));
        sandbox.git(&[&["commit"], arguments, &["-m", "feat: tell"]].concat()).ok();
        // The stamp alone may stay later.
        let unstamped = |text: &str| {
            let lines = text.lines().filter(|line| !line.starts_with("**Last Updated**"));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(sandbox.read(LIST), list, "{arguments:?}");
        assert_eq!(unstamped(&sandbox.read(VIEW)), unstamped(&view), "{arguments:?}");
        sandbox.spec_log(&["sync"]).says("nothing to record").ok();
    }
}

#[test]
fn the_only_commit_that_loses_its_tag_leaves_nothing_shown() {
    let sandbox = workspace();
    sandbox.work("src/a.rs", "feat: read [login Task A1]");
    sandbox.git(&["commit", "-q", "--amend", "-am", "feat: read"]).ok();
    assert_eq!(sandbox.read(LIST), TASKS);
    let view = sandbox.read(VIEW);
    for part in [
        "### Completed\n- [x] None\n",
        "- [ ] **Current focus**: A1: Read\n- **File being modified**: None\n\
         - **Last action**: None\n",
        "## Files Modified So Far\n\n- None\n",
        "1. **Immediate**: A1: Read\n",
    ] {
        assert!(view.contains(part), "{part} in {view}");
    }
    sandbox.spec_log(&["sync"]).says("nothing to record").ok();
    sandbox.work("src/b.rs", "feat: read [login Task A1]");
    let view = sandbox.read(VIEW);
    for part in [
        "### Completed\n- [x] A1: Read\n",
        "- **File being modified**: `src/b.rs`\n- **Last action**: feat: read [login Task A1]\n",
        "## Files Modified So Far\n\n- `src/b.rs` - feat: read [login Task A1]\n",
    ] {
        assert!(view.contains(part), "{part} in {view}");
    }
}
