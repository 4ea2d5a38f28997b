//! A feature file and a workspace that point at each other: a tag of one finds
//! the tasks of the other.

use serde_json::json as value;

use crate::reading::json;
use crate::sandbox::Sandbox;

const FEATURE: &str = "prd/tasks/07_login.md";
const TASKS: &str = "specs/active/login/tasks.md";
const RECOVERY: &str = "specs/active/login/recovery.md";

const PLAN: &str = "\
# Feature: Login (PRD 07)

**PRD:** `prd/07_login.md`
**Workspace**: specs/active/login/

## Tasks

- [ ] Task 1.1: Choose a service
- [ ] Task 1.2: Send the mail
- [ ] Task C1: Tell the users

## Git Commits

- None yet
";

const LIST: &str = "\
# Tasks: Login

**Workspace**: specs/active/login/

- [ ] A1: Read how it is
- [ ] A2: Build it
- [ ] C1: Close the old door
";

fn seeded(pointer: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(FEATURE, PLAN);
    sandbox.write("prd/07_login.md", "# PRD: Login\n");
    sandbox.write(TASKS, LIST);
    sandbox.write("specs/active/login/prd.md", format!("# PRD: Login\n\n{pointer}\n"));
    sandbox.write(
        RECOVERY,
        "# Session Recovery: Login\n\n### Completed\n- [x] [Completed item 1]\n\n\
         ## Files Modified So Far\n\n- `src/[adapter].py` - [Brief description]\n",
    );
    sandbox.commit("docs: plan").ok();
    sandbox
}

fn planned() -> Sandbox {
    let sandbox = seeded("**PRD:** 07");
    sandbox.install_hooks();
    sandbox
}

#[test]
fn a_tag_of_one_document_ticks_the_task_of_the_other() {
    for pointer in ["**PRD:** 07", "**PRD**: PRD-07", "**PRD**: [plan](prd/tasks/07_login.md)"] {
        let sandbox = seeded(pointer);
        sandbox.install_hooks();
        sandbox.work("a", "feat: a [PRD-07 Task A1]");
        assert!(sandbox.read(TASKS).contains("- [x] A1"), "{pointer}");
        assert!(sandbox.read(FEATURE) == PLAN, "{pointer}");
        assert!(sandbox.read(RECOVERY).contains("- [x] A1: Read how it is"), "{pointer}");
        sandbox.work("b", "feat: b [login Tasks 1.1, 1.2]");
        let text = sandbox.read(FEATURE);
        assert!(text.contains("- [x] Task 1.1") && text.contains("- [x] Task 1.2"), "{pointer}");
        assert!(text.contains("feat: b [login Tasks 1.1, 1.2]\n"), "{pointer}");
        assert_eq!(sandbox.spec_log(&["check"]).ok(), "", "{pointer}");
        let before = [TASKS, FEATURE, RECOVERY].map(|path| sandbox.read(path));
        sandbox.spec_log(&["sync"]).ok();
        assert_eq!([TASKS, FEATURE, RECOVERY].map(|path| sandbox.read(path)), before);
    }
}

#[test]
fn what_both_have_is_the_tags_own() {
    let sandbox = planned();
    sandbox.work("a", "feat: a [PRD-07 Task C1]");
    assert!(sandbox.read(FEATURE).contains("- [x] Task C1"));
    assert_eq!(sandbox.read(TASKS), LIST);
    sandbox.work("b", "feat: b [login Task C1]");
    assert!(sandbox.read(TASKS).contains("- [x] C1"));
}

#[test]
fn what_neither_has_or_each_has_in_part_is_refused() {
    let sandbox = planned();
    sandbox.write("a", "a");
    sandbox.git(&["add", "a"]).ok();
    for (tag, unknown) in [
        ("[PRD-07 Task A9]", "`A9` is no task of `PRD-07`"),
        ("[login Task 9.9]", "`9.9` is no task of `login`"),
        ("[PRD-07 Tasks 1.1, A1]", "`A1` is no task of `PRD-07`"),
    ] {
        sandbox.git(&["commit", "-qm", &format!("feat: a {tag}")]).fails_with(1).says(unknown);
    }
    sandbox.git(&["commit", "-qm", "feat: a [PRD-07 Task 1.1] [PRD-07 Task A1]"]).ok();
    assert!(sandbox.read(FEATURE).contains("[x] Task 1.1"));
    assert!(sandbox.read(TASKS).contains("[x] A1"));
}

#[test]
fn commands_follow_the_pointer_too() {
    let sandbox = planned();
    sandbox.work("a", "feat: a [PRD-07 Task A1 wip]");
    let shown = json(&sandbox, &["show", "7", "A1"]);
    assert_eq!(
        (&shown["task"]["path"], &shown["task"]["feature"]),
        (&value!(TASKS), &value!("login"))
    );
    assert_eq!(shown["commits"].as_array().unwrap().len(), 1);
    let log = json(&sandbox, &["log", "PRD-07", "A1"]);
    assert_eq!(log["commits"][0]["links"][0]["feature"], "login");
    assert_eq!(json(&sandbox, &["start", "login", "1.2"])["tag"], "[PRD-07 Task 1.2 wip]");
    sandbox.work("b", "feat: b [login Task 1.2]");
    let features = json(&sandbox, &["status"])["features"].clone();
    assert_eq!((&features[0]["done"], &features[1]["done"]), (&value!(1), &value!(0)));
    assert!(features[0]["active_task"].is_null());
    sandbox.spec_log(&["stop"]).says("no task is active").ok();
    let recovered = json(&sandbox, &["recover", "login"]);
    assert_eq!(recovered["commits"][0]["files"], value!(["a"]));
}

#[test]
fn a_feature_without_tasks_is_seen_by_those_of_its_workspace() {
    let sandbox = Sandbox::new();
    let plan = "# Feature: Login (PRD 07)\n\n**Workspace**: specs/active/login/\n\n## Tasks\n\n\
                See there.\n\n## Git Commits\n\n- None yet\n";
    sandbox.write(FEATURE, plan);
    sandbox.write(TASKS, format!("{LIST}\n## Session Log\n"));
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    sandbox.work("a", "feat: read [PRD-07 Task A1]");
    let said = "PRD-07 has no tasks: those of login are taken (specs/active/login/tasks.md)";
    for name in ["PRD-07", "7", FEATURE] {
        let next = sandbox.spec_log(&["next", name]).says(said).ok();
        assert!(next.contains("A2: Build it") || next.contains("A2 Build it"), "{next}");
        sandbox.spec_log(&["recover", name]).says(said).ok();
    }
    assert_eq!(json(&sandbox, &["next", "7"])["tasks"][0]["feature"], "login");
    let picture = json(&sandbox, &["recover", "7"]);
    assert_eq!((&picture["done"], &picture["total"]), (&value!(1), &value!(3)));
    assert_eq!(picture["commits"][0]["summary"], "feat: read [PRD-07 Task A1]");
    sandbox.spec_log(&["checkpoint", "7"]).says(said).says("session 1").ok();
    assert!(sandbox.read(TASKS).contains("A1"), "{}", sandbox.read(TASKS));
    let own = planned();
    assert_eq!(json(&own, &["next", "7"])["tasks"][0]["feature"], "PRD-07");
}

#[test]
fn an_archived_workspace_is_found_by_its_name() {
    let sandbox = planned();
    sandbox.work("a", "feat: a [PRD-07 Task A1]");
    sandbox.commit("docs: a").ok();
    let archive = sandbox.top().join("specs/archive");
    std::fs::create_dir(archive).expect("a directory");
    sandbox.git(&["mv", "specs/active/login", "specs/archive/login"]).ok();
    sandbox.commit("docs: archive").ok();
    let log = json(&sandbox, &["log", "login", "A1"]);
    assert_eq!(log["commits"][0]["summary"], "feat: a [PRD-07 Task A1]");
    let said = sandbox.spec_log(&["check"]).ok();
    assert!(!said.contains("no task of") && !said.contains("has no entry"), "{said}");
}

#[test]
fn hooks_one_by_one_and_one_sync_agree_on_pointers() {
    let [with, without] = [true, false].map(|hooks| {
        let sandbox = seeded("**PRD:** 07");
        match hooks {
            true => sandbox.install_hooks(),
            false => drop(sandbox.git(&["config", "user.name", "A Person"]).ok()),
        }
        sandbox.work("a", "feat: a [PRD-07 Task A1]");
        sandbox.work("b", "feat: b [login Task 1.1]");
        sandbox.work("c", "feat: c [PRD-07 Task A2]");
        sandbox.git(&["revert", "--no-edit", "HEAD~1"]).ok();
        sandbox.work("d", "feat: d [PRD-07 Task 1.2]");
        sandbox.git(&["commit", "-q", "--amend", "-m", "feat: d [login Task 1.2 wip]"]).ok();
        sandbox.spec_log(&["sync"]).ok();
        [FEATURE, TASKS, RECOVERY].map(|path| sandbox.read(path))
    });
    assert_eq!(with, without);
    assert!(with[0].contains("[ ] Task 1.1") && with[0].contains("mail (IN PROGRESS)"));
    assert!(with[1].contains("[x] A1") && with[1].contains("[x] A2"));
}

#[test]
fn a_document_that_does_not_point_back_finds_nothing_there() {
    let sandbox = seeded("");
    sandbox.install_hooks();
    sandbox.write("a", "a");
    sandbox.git(&["add", "a"]).ok();
    sandbox.git(&["commit", "-qm", "feat: a [login Task 1.1]"]).fails_with(1).says("no task");
    sandbox.git(&["commit", "-qm", "feat: a [PRD-07 Task A1]"]).ok();
    assert!(sandbox.read(TASKS).contains("[x] A1"));
}

#[test]
fn a_pointer_at_a_workspace_that_was_archived_is_no_fault() {
    let sandbox = planned();
    let faults = || sandbox.spec_log(&["check"]).stdout;
    sandbox.git(&["mv", "specs/active", "specs/archive"]).ok();
    sandbox.commit("docs: archive").ok();
    assert!(!faults().contains("is the workspace of this document"), "{}", faults());
    sandbox.git(&["rm", "-qr", "specs/archive"]).ok();
    sandbox.commit("docs: drop").ok();
    assert!(faults().contains("is the workspace of this document"), "{}", faults());
}

#[test]
fn the_log_of_a_feature_shows_what_was_tagged_with_it_and_what_was_found_to_be_its() {
    let sandbox = planned();
    sandbox.work("a", "feat: a [PRD-07 Task A1]");
    sandbox.work("b", "feat: b [login Task 1.2]");
    sandbox.work("c", "feat: c [PRD-07 Task 1.1]");
    let log = |name: &str| sandbox.spec_log(&["log", name]).ok();
    for subject in ["feat: a", "feat: b", "feat: c"] {
        assert!(log("PRD-07").contains(subject), "{subject} in {}", log("PRD-07"));
    }
    assert!(log("login").contains("feat: a") && log("login").contains("feat: b"));
    assert!(!log("login").contains("feat: c"));
}
