//! The dialects that people use: which document is in which, and which tasks
//! it holds.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use spec_log::config::Config;
use spec_log::doc::Document;
use spec_log::doc::dialect::{BUILT_IN, Dialect, PLAN};
use spec_log::record::Places;
use spec_log::tag::wild::Form;

use crate::laws::documents;
use crate::sandbox::Sandbox;

/// Where the documents of the collection lay in their own repositories.
pub(crate) struct Origins {
    paths: HashMap<String, String>,
    places: Places,
}

impl Origins {
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let lists = ["../shared/corpus/documents.tsv", "../../shared/corpus/documents.tsv"];
        let list = lists.iter().find_map(|list| std::fs::read_to_string(root.join(list)).ok());
        let paths = list.iter().flat_map(|list| list.lines().skip(1)).filter_map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let file = cells.last()?.rsplit('/').next()?;
            Some((file.to_owned(), (*cells.get(2)?).to_owned()))
        });
        let places = Places::of(&Config::default()).expect("places of our own");
        Self { paths: paths.collect(), places }
    }

    /// Where a document lay.
    pub(crate) fn path(&self, document: &Path) -> Option<&str> {
        let file = document.file_name()?.to_str()?;
        self.paths.get(file).map(String::as_str)
    }

    /// The dialect that its place tells; any other is a plain list.
    pub(crate) fn dialect(&self, document: &Path) -> Option<&'static Dialect> {
        self.path(document).map(|path| self.places.dialect(path).unwrap_or(&PLAN))
    }
}

/// The check boxes of a text, counted line by line without a parser: a bullet
/// or a number, a box, and neither in a fence nor in a comment.
fn boxes(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    let mut in_comment = false;
    let (mut in_html, mut in_paragraph) = (false, false);
    for (number, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        // A line that is one tag and no more, and ends no paragraph, begins HTML
        // that reaches as far as a blank line.
        in_html = match in_html {
            true => !bare.is_empty(),
            false => is_tag(bare.trim_end()) && fence.is_none() && !in_paragraph,
        };
        if in_html {
            continue;
        }
        in_paragraph = !bare.is_empty();
        // A fence may stand right behind a bullet.
        let bare =
            match bare.trim_start_matches(|c: char| c.is_ascii_digit() || ".-*+ ".contains(c)) {
                fenced if fenced.starts_with("```") => fenced,
                _ => bare,
            };
        let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~'));
        let run = mark.map_or(0, |mark| bare.chars().take_while(|c| *c == mark).count());
        match fence {
            Some((mark, least)) => {
                let closes = run >= least && bare.starts_with(mark);
                if closes && bare.trim_end().chars().all(|c| c == mark) {
                    fence = None;
                }
                continue;
            }
            None if run >= 3 => {
                fence = mark.map(|mark| (mark, run));
                continue;
            }
            None => {}
        }
        if in_comment || bare.starts_with("<!--") {
            in_comment = !line.contains("-->");
            continue;
        }
        let digits = bare.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = digits.len() < bare.len();
        let bullet = if numbered { ['.', ')'].as_slice() } else { ['-', '*', '+'].as_slice() };
        let item = digits.strip_prefix(bullet).filter(|rest| rest.starts_with([' ', '\t']));
        let Some(inner) = item.and_then(|item| item.trim_start().strip_prefix('[')) else {
            continue;
        };
        let mut inner = inner.chars();
        let is_box = inner.next().is_some() && inner.next() == Some(']');
        if is_box && inner.as_str().chars().next().is_none_or(|c| c.is_whitespace() || c == '*') {
            found.push(number + 1);
        }
    }
    found
}

/// `<verification>`, `</tasks>`
fn is_tag(line: &str) -> bool {
    let name = line.strip_prefix('<').and_then(|line| line.strip_suffix('>'));
    name.is_some_and(|name| name.trim_matches('/').chars().all(char::is_alphanumeric))
}

#[test]
fn every_box_that_a_plain_count_finds_is_found_and_no_other() {
    let origins = Origins::read();
    let mut totals: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for (path, bytes) in documents() {
        let Some(dialect) = origins.dialect(&path) else { continue };
        let place = origins.path(&path).unwrap_or("prd/tasks/07_x.md");
        let document = Document::read(place, bytes, dialect);
        let marks = document.tasks().iter().filter_map(|task| task.mark.as_ref());
        let ours: Vec<usize> = marks.map(|mark| document.line(mark.start)).collect();
        let theirs = boxes(document.text());
        let missed: Vec<_> = theirs.iter().filter(|line| !ours.contains(line)).collect();
        let extra: Vec<_> = ours.iter().filter(|line| !theirs.contains(line)).collect();
        if !(missed.is_empty() && extra.is_empty()) {
            println!("{}: missed {missed:?}, more {extra:?}", path.display());
        }
        let total = totals.entry(dialect.name).or_default();
        total[0] += 1;
        total[1] += ours.len() - extra.len();
        total[2] += missed.len();
        total[3] += extra.len();
    }
    println!("{:<16} documents  found missed  false", "dialect");
    for (dialect, [documents, found, missed, extra]) in &totals {
        println!("{dialect:<16} {documents:>9} {found:>6} {missed:>6} {extra:>6}");
    }
    let sum = |at: usize| totals.values().map(|total| total[at]).sum::<usize>();
    assert_eq!((sum(2), sum(3)), (0, 0), "missed and false");
}

/// A document of each dialect: where it lies, what it says, the tag that a
/// commit names its task by, and the line that then is ticked.
const KINDS: &[(&str, &str, &str, &str)] = &[
    (
        "specs/004-events/tasks.md",
        "# Tasks: Events\n\n## Phase 1: Setup\n\n- [ ] T001 [P] [US1] Make it\n- [ ] T002 Do it\n",
        "[004-events Task T001]",
        "- [x] T001 [P] [US1] Make it",
    ),
    (
        "kitty-specs/014-docs/tasks.md",
        "# Work Packages\n\n## Work Package WP01: Audit\n\n- [ ] T001 Audit\n- [ ] T002 Move\n",
        "[014-docs Task T002]",
        "- [x] T002 Move",
    ),
    (
        "openspec/changes/add-plugin/tasks.md",
        "## 1. Implementation\n- [ ] 1.1 Frame\n- [ ] 1.2 Load\n",
        "[add-plugin Task 1.2]",
        "- [x] 1.2 Load",
    ),
    (
        ".kiro/specs/login/tasks.md",
        "# Implementation Plan\n\n- [ ] 1. Set up\n  - [ ] 1.1 Make\n    - _Requirements: 1.1_\n",
        "[login Task 1.1]",
        "  - [x] 1.1 Make",
    ),
    (
        ".spec-workflow/specs/login/tasks.md",
        "# Tasks\n\n- [-] 1. Make it\n  - File: a.rs\n- [ ] 2. Wire it\n",
        "[login Task 2]",
        "- [x] 2. Wire it",
    ),
    (
        "tasks/tasks-prd-login.md",
        "# Task List: Login\n\n## Tasks\n\n- [ ] 1.0 Schema\n  - [ ] 1.1 Table\n",
        "[login Task 1.1]",
        "  - [x] 1.1 Table",
    ),
    (
        "backlog/tasks/task-12 - Say-it.md",
        "---\nid: task-12\n---\n\n## Acceptance Criteria\n\n- [ ] #1 It says\n- [ ] #2 x\n",
        "[task-12 Task 1]",
        "- [x] #1 It says",
    ),
    (
        "docs/stories/1.2.login.md",
        "# Story 1.2\n\n## Tasks\n\n- [ ] Task 1 (AC: 1)\n  - [ ] Subtask 1.1 Make\n",
        "[1.2.login Task 1.1]",
        "  - [x] Subtask 1.1 Make",
    ),
    (
        ".planning/ROADMAP.md",
        "# Roadmap\n\n- [ ] Phase 2.1: Fixes (1/1 plan)\n\n### Phase 2.1: Fixes\n\nGoal.\n",
        "[roadmap Task 2.1]",
        "- [x] Phase 2.1: Fixes (1/1 plan)",
    ),
    (
        ".trellis/tasks/03-10-orchestrate/implement.md",
        "# Implement\n\n## Phase 0\n\n- [ ] 0.1 Check\n- [ ] 0.2 Make\n",
        "[03-10-orchestrate Task 0.2]",
        "- [x] 0.2 Make",
    ),
    (
        "TODO.md",
        "# To do\n\n- [ ] Store it <!-- id: 34 -->\n- [ ] Send it <!-- id: 35 -->\n",
        "[todo Task 35]",
        "- [x] Send it <!-- id: 35 -->",
    ),
    (
        "docs/plans/2026-01-05-auth.md",
        "# Auth\n\n### Task 1: Store\n\n- [ ] Write the test\n- [ ] Make it pass\n",
        "[2026-01-05-auth Task 1 done]",
        "- [x] Make it pass",
    ),
];

#[test]
fn a_tag_ticks_in_every_dialect_and_changes_nothing_else() {
    for (place, document, tag, ticked) in KINDS {
        let sandbox = Sandbox::planned(place, document);
        sandbox.work("a", &format!("feat: make {tag}"));
        let text = sandbox.read(place);
        assert!(text.lines().any(|line| line == *ticked), "{place}:\n{text}");
        let changed = text.lines().zip(document.lines()).filter(|(new, old)| new != old);
        let only_boxes =
            changed.fold(true, |so_far, (new, old)| so_far && new == old.replace("[ ]", "[x]"));
        assert!(only_boxes && text.lines().count() == document.lines().count(), "{place}:\n{text}");
    }
}

#[test]
fn a_box_that_says_worked_on_is_set_by_wip_and_by_done() {
    for (place, mark) in [
        ("conductor/tracks/login_20260105/plan.md", "~"),
        (".kiro/specs/login/tasks.md", "-"),
        (".spec-workflow/specs/login/tasks.md", "-"),
    ] {
        let sandbox = Sandbox::planned(place, "# Plan\n\n- [ ] 1.1 Store\n- [ ] 1.2 Send\n");
        sandbox.work("a", "feat: begin [login Task 1.1 wip]");
        let begun = format!("# Plan\n\n- [{mark}] 1.1 Store\n- [ ] 1.2 Send\n");
        assert_eq!(sandbox.read(place), begun, "{place}");
        let next = sandbox.spec_log(&["next", "--json"]).ok();
        assert!(next.find("1.1").unwrap_or(usize::MAX) < next.find("1.2").unwrap_or(0), "{next}");
        sandbox.work("b", "feat: store [login Task 1.1]");
        let head = sandbox.git(&["rev-parse", "--short=7", "HEAD"]).ok();
        let signed = if mark == "~" { format!(" {}", head.trim()) } else { String::new() };
        let done = begun.replace(&format!("[{mark}] 1.1 Store"), &format!("[x] 1.1 Store{signed}"));
        assert_eq!(sandbox.read(place), done, "{place}");
        // A commit that is reverted leaves the state of the one before.
        sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
        assert_eq!(sandbox.read(place), begun, "{place}");
    }
}

#[test]
fn a_line_that_ends_in_a_hash_names_the_commit_that_finished_it() {
    let place = "conductor/tracks/login/plan.md";
    let plan = "# Plan\n\n## Phase 1 [checkpoint: 1234567]\n- [x] Task: Old 40359d2\n- [ ] Task: Store it\n    \
                - [ ] Sub-task: Write `a` <!-- c -->\n- [ ] Task: Send it\n";
    let sandbox = Sandbox::planned(place, plan);
    let head = || sandbox.git(&["rev-parse", "--short=7", "HEAD"]).ok().trim().to_owned();
    sandbox.work("a", "feat: write [login Task ~write-a]");
    let first = head();
    let written = plan
        .replace("- [ ] Sub-task: Write `a`", &format!("- [x] Sub-task: Write `a` {first}"))
        .replace("- [ ] Task: Store it", "- [x] Task: Store it");
    assert_eq!(sandbox.read(place), written);
    // An amend moves it, a revert takes it off, and one sync does the same.
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: write it [login Task ~write-a]"]).ok();
    assert_ne!(head(), first);
    assert_eq!(sandbox.read(place), written.replace(&first, &head()));
    sandbox.work("b", "feat: send [login Task ~send-it]");
    let sent = format!("- [x] Task: Send it {}\n", head());
    assert!(sandbox.read(place).ends_with(&sent), "{}", sandbox.read(place));
    let by_hooks = sandbox.read(place);
    sandbox.git(&["checkout", "--", place]).ok();
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(place), by_hooks);
    sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
    assert!(sandbox.read(place).ends_with("- [ ] Task: Send it\n"), "{}", sandbox.read(place));
}

#[test]
fn a_box_that_a_person_opened_stays_open_where_the_document_moves() {
    let sandbox = Sandbox::planned(
        "openspec/changes/add-login/tasks.md",
        "## 1. A\n- [ ] 1.1 B\n- [ ] 1.2 C\n",
    );
    sandbox.work("a", "feat: b [add-login Task 1.1]");
    sandbox.git(&["commit", "-qam", "docs: record"]).ok();
    sandbox.write("openspec/changes/add-login/tasks.md", "## 1. A\n- [ ] 1.1 B\n- [ ] 1.2 C\n");
    sandbox.git(&["commit", "-qam", "docs: not yet"]).ok();
    let archived = "openspec/changes/archive/2026-01-27-add-login";
    std::fs::create_dir_all(sandbox.top().join("openspec/changes/archive")).unwrap();
    sandbox.git(&["mv", "openspec/changes/add-login", archived]).ok();
    sandbox.git(&["commit", "-qm", "docs: archive"]).ok();
    sandbox.spec_log(&["sync"]).ok();
    sandbox.spec_log(&["backfill", "--write"]).ok();
    let text = sandbox.read(format!("{archived}/tasks.md"));
    assert_eq!(text, "## 1. A\n- [ ] 1.1 B\n- [ ] 1.2 C\n");
}

#[test]
fn a_files_own_words_for_its_state_and_its_stamp_are_kept() {
    let place = "backlog/tasks/task-3 - Say.md";
    let task = "---\nid: task-3\nstatus: To Do\nupdated_date: '2025-07-03 10:00'\n---\n\n\
                ## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [ ] #1 Say\n- [ ] #2 Hear\n<!-- AC:END -->\n";
    let sandbox = Sandbox::planned(place, task);
    sandbox.work("a", "TASK-3 - say it");
    let begun = sandbox.read(place);
    assert!(begun.contains("\nstatus: In Progress\nupdated_date: '2026-01-"), "{begun}");
    assert!(begun.contains("- [ ] #1 Say\n- [ ] #2 Hear"), "{begun}");
    sandbox.work("b", "feat: all of it [task-3 Tasks 1, 2]");
    let done = sandbox.read(place);
    assert!(
        done.contains("\nstatus: Done\n") && done.contains("- [x] #1 Say\n- [x] #2 Hear"),
        "{done}"
    );
}

#[test]
fn a_feature_goes_by_its_other_names_too() {
    let place = "specs/004-events/tasks.md";
    let sandbox = Sandbox::planned(place, "# Tasks\n\n- [ ] T001 Make\n- [ ] T002 Do\n");
    sandbox.work("a", "feat: make [events Task T001]");
    assert!(sandbox.read(place).contains("- [x] T001 Make"));
    let json = sandbox.spec_log(&["log", "events", "--json"]).ok();
    assert!(
        json.contains("\"feature\": \"004-events\"") || json.contains("\"feature\":\"004-events\""),
        "{json}"
    );
    // A second feature of that name: nothing is guessed.
    sandbox.write("specs/009-events/tasks.md", "# Tasks\n\n- [ ] T002 Other\n");
    sandbox.work("b", "feat: do [events Task T002]");
    assert!(sandbox.read(place).contains("- [ ] T002 Do"));
}

#[test]
fn a_change_that_was_archived_and_a_task_whose_prefix_changed_keep_their_commits() {
    let sandbox =
        Sandbox::planned("openspec/changes/add-x/tasks.md", "## 1. A\n- [ ] 1.1 B\n- [ ] 1.2 C\n");
    sandbox.work("a", "feat: b [add-x Task 1.1]");
    sandbox.git(&["add", "-A"]).ok();
    std::fs::create_dir_all(sandbox.top().join("openspec/changes/archive")).unwrap();
    let archived = "openspec/changes/archive/2026-01-27-add-x";
    sandbox.git(&["mv", "openspec/changes/add-x", archived]).ok();
    sandbox.git(&["commit", "-qm", "docs: archive"]).ok();
    let log = sandbox.spec_log(&["log", "2026-01-27-add-x", "1.1"]).ok();
    assert!(log.contains("feat: b"), "{log}");

    let sandbox = Sandbox::planned("backlog/tasks/task-7 - Say.md", "# Say\n\n- [ ] #1 It says\n");
    sandbox.work("a", "feat: say [task-7 Task 1]");
    sandbox.git(&["add", "-A"]).ok();
    sandbox.git(&["mv", "backlog/tasks/task-7 - Say.md", "backlog/tasks/back-7 - Say.md"]).ok();
    sandbox.git(&["commit", "-qm", "docs: rename"]).ok();
    let log = sandbox.spec_log(&["log", "BACK-7"]).ok();
    assert!(log.contains("feat: say"), "{log}");
}

#[test]
fn a_team_describes_a_dialect_of_its_own() {
    let sandbox = Sandbox::planned(
        "work/wp-3 Login.md",
        "# Login\n\n- [ ] Step 1: Store\n- [ ] Step 2: Send\n\n## QA\n\n- [ ] Step 1: Look\n",
    );
    sandbox.write(
        ".spec-log.toml",
        "[dialect.ours]\nplaces = [\"work/*.md\"]\nid_words = [\"step\"]\nchecklists = [\"qa\"]\n\
         commits = [\"History\"]\n",
    );
    sandbox.work("a", "feat: store [wp-3-login Task 1]");
    let text = sandbox.read("work/wp-3 Login.md");
    assert!(text.contains("- [x] Step 1: Store") && text.contains("- [ ] Step 1: Look"), "{text}");
    assert!(text.contains("## History\n\n- `"), "{text}");
    sandbox.write(".spec-log.toml", "[dialect.ours]\nlike = \"kirro\"\n");
    sandbox.spec_log(&["status"]).fails_with(128).says("kirro").says("known dialects: ");
}

#[test]
fn several_projects_in_one_repository_have_places_of_their_own() {
    let place = "packages/web/openspec/changes/add-x/tasks.md";
    let sandbox = Sandbox::planned(place, "## 1. A\n- [ ] 1.1 B\n");
    sandbox.write(
        ".spec-log.toml",
        "[[documents]]\npath = \"packages/*/openspec/changes/*/tasks.md\"\n",
    );
    let json = sandbox.spec_log(&["status", "--json"]).ok();
    assert!(json.contains("\"openspec\""), "{json}");
    sandbox.work("a", "feat: b [add-x Task 1.1]");
    assert!(sandbox.read(place).contains("- [x] 1.1 B"));
}

#[test]
fn one_name_in_two_packages_links_nowhere_until_one_is_moved_as_the_hint_says() {
    let sandbox = Sandbox::new();
    let place = "[[documents]]\npath = \"packages/*/specs/*/tasks.md\"\n";
    sandbox.write(".spec-log.toml", place);
    let path = |package: &str| format!("packages/{package}/specs/001-init/tasks.md");
    for package in ["a", "b b"] {
        sandbox.write(path(package), "# Tasks\n\n- [ ] T001 A\n");
    }
    sandbox.commit("docs: plans").ok();
    sandbox.install_hooks();
    sandbox.write("packages/a/x.rs", "");
    sandbox.git(&["add", "-A"]).ok();
    let message = "feat: a [001-init Task T001]";
    let refused = sandbox.git(&["commit", "-qm", message]).fails_with(1);
    let hint = "git mv 'packages/b b/specs/001-init' 'packages/b b/specs/001-init-2'";
    assert!(refused.stderr.contains(hint), "{}", refused.stderr);
    assert!(sandbox.spec_log(&["check"]).fails_with(1).stdout.contains(hint));
    assert!(sandbox.spec_log(&["doctor"]).fails_with(1).stdout.contains(hint));
    let moved = ["packages/b b/specs/001-init", "packages/b b/specs/001-init-2"];
    sandbox.git(&["mv", moved[0], moved[1]]).ok();
    sandbox.git(&["commit", "-qm", message]).ok();
    assert!(sandbox.read(path("a")).contains("[x] T001"));
}

#[test]
fn documents_of_nested_projects_are_told_with_the_lines_to_paste() {
    let sandbox = Sandbox::new();
    let boxes = "# Tasks\n\n- [ ] 1.1 B\n";
    for path in [
        "packages/機能/openspec/changes/add-x/tasks.md",
        "packages/🎉/openspec/changes/add-y/tasks.md",
        "packages/🎉/vendor/specs/001-z/tasks.md",
        "apps/shop/web/specs/001-cart/tasks.md",
        "tests/fixtures/specs/001-x/tasks.md",
        "src/tasks.md",
    ] {
        sandbox.write(path, boxes);
    }
    sandbox.commit("docs: plans").ok();
    let globs = |said: &str| -> String {
        let lines = said.lines().filter_map(|line| line.trim().strip_prefix("hint: "));
        let lines = lines.filter(|line| line.starts_with("[[") || line.starts_with("path"));
        lines.fold(String::new(), |text, line| text + line + "\n")
    };
    let said = sandbox.spec_log(&["doctor"]).stdout;
    assert!(said.contains("3 documents lie in projects inside this one"), "{said}");
    assert_eq!(
        globs(&said),
        "[[documents]]\npath = \"apps/shop/web/specs/*/tasks.md\"\n\
         [[documents]]\npath = \"packages/*/openspec/changes/*/tasks.md\"\n"
    );
    let init = sandbox.spec_log(&["init", "--dry-run"]);
    assert_eq!(globs(&init.stderr), globs(&said), "{init:?}");
    // Pasted, they are enough.
    sandbox.write(".spec-log.toml", globs(&said));
    assert!(!sandbox.spec_log(&["doctor"]).stdout.contains("inside this one"));
    let ids = sandbox.spec_log(&["status"]).ok();
    assert_eq!(ids.lines().count(), 3, "{ids}");
    sandbox.install_hooks();
    sandbox.work("a", "feat: b [add-y Task 1.1]");
    assert!(sandbox.read("packages/🎉/openspec/changes/add-y/tasks.md").contains("[x] 1.1"));
}

#[test]
fn a_dialect_reads_the_forms_that_its_people_write() {
    let spec_kit =
        "# Tasks: Events\n\n- [ ] T001 Make\n- [ ] T002 Do\n- [ ] T003 See\n- [ ] T004 Go\n";
    let place = "specs/004-events/tasks.md";
    let sandbox = Sandbox::planned(place, spec_kit);
    sandbox.work("a", "feat(004-events): make it (T001)");
    sandbox.work("b", "feat: T002 do it");
    sandbox.work("c", "fix: see\n\nTask: T003\n");
    sandbox.work("d", "chore: mark T004 done");
    sandbox.work("e", "docs: tell of task 1 of many (#4), v1.2");
    let ticked = |text: &str, ids: &[&str]| {
        ids.iter().fold(text.to_owned(), |text, id| {
            text.replace(&format!("[ ] {id}"), &format!("[x] {id}"))
        })
    };
    assert_eq!(sandbox.read(place), ticked(spec_kit, &["T001", "T002", "T003"]));
    let log = sandbox.spec_log(&["log", "004-events", "T002"]).ok();
    assert!(log.contains("do it") && !log.contains("make it"), "{log}");
    // What hooks did one by one, one sync does.
    sandbox.git(&["checkout", "--", place]).ok();
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(place), ticked(spec_kit, &["T001", "T002", "T003"]));
    // A second feature with the same ids: whose task it is, is not guessed.
    sandbox.write("specs/005-mail/tasks.md", "# Tasks: Mail\n\n- [ ] T004 Mail\n");
    sandbox.work("f", "feat: T004 go");
    assert!(sandbox.read(place).contains("[ ] T004"));
    sandbox.work("g", "feat(005): mail (T004)");
    assert_eq!(sandbox.read("specs/005-mail/tasks.md"), "# Tasks: Mail\n\n- [x] T004 Mail\n");
    // A strict team reads its own tag alone.
    sandbox.write(".spec-log.toml", "[dialect.spec-kit]\ntags = []\n");
    sandbox.work("h", "feat(004): go (T004)");
    assert!(sandbox.read(place).contains("[ ] T004"));
    sandbox.work("i", "feat: go [004-events Task T004]");
    assert!(sandbox.read(place).contains("[x] T004"));
}

#[test]
fn a_feature_file_reads_our_own_tag_unless_the_team_says_more() {
    let place = "prd/tasks/12_login.md";
    let plan = "# Login (PRD 12)\n\n- [ ] Task 2.4: Store\n\n## Git Commits\n\n## Notes\n";
    let sandbox = Sandbox::planned(place, plan);
    sandbox.work("a", "feat(prd-12): store (Task 2.4)");
    assert_eq!(sandbox.read(place), plan);
    let forms = "[dialect.feature-file]\ntags = [\"scope\", \"parenthesis\"]\n";
    sandbox.write(".spec-log.toml", forms);
    sandbox.spec_log(&["sync"]).ok();
    let text = sandbox.read(place);
    assert!(text.contains("- [x] Task 2.4: Store"), "{text}");
    assert!(text.contains("feat(prd-12): store (Task 2.4) [PRD-12 Task 2.4]"), "{text}");
    let again = sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(place), text, "{again}");
    sandbox.write(".spec-log.toml", "[dialect.feature-file]\ntags = [\"scop\"]\n");
    sandbox.spec_log(&["status"]).fails_with(128).says("bad value `scop` for `tags`");
}

#[test]
fn the_page_of_dialects_lists_what_is_built_in() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dialects.md");
    let page = std::fs::read_to_string(page).unwrap();
    let quoted = |texts: &[&str]| {
        texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
    };
    let mut rows = page.lines().filter(|line| line.starts_with("| `"));
    for dialect in BUILT_IN {
        let row = rows.next().unwrap();
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells[0], format!("`{}`", dialect.name));
        assert_eq!(cells[1], quoted(dialect.places), "{}", dialect.name);
        assert_eq!(cells[3], quoted(dialect.companions), "{}", dialect.name);
    }
    for form in Form::ALL {
        let row = rows.next().unwrap();
        assert!(row.starts_with(&format!("| `{}` |", form.name())), "{row}");
    }
}

#[test]
fn a_dialect_that_has_no_documents_is_a_name_misspelt() {
    let sandbox = Sandbox::new();
    sandbox.write(".spec-log.toml", "[dialect.spec-kitt]\ntags = []\n");
    let output = sandbox.spec_log(&["status"]);
    assert_eq!(output.status, 128, "{}", output.stderr);
    assert!(output.stderr.contains("unknown dialect `spec-kitt`"), "{}", output.stderr);
    assert!(output.stderr.contains("spec-kit, "), "{}", output.stderr);
    sandbox.write(".spec-log.toml", "[dialect.ours]\nplaces = [\"work/*.md\"]\n");
    sandbox.spec_log(&["status"]).ok();
}
