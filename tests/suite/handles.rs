//! Tasks without an id: a tag names them by the words that they begin with.

use serde_json::Value;
use spec_log::doc::Lookup;
use spec_log::doc::dialect::FEATURE_FILE;
use spec_log::tag::{self, Selector};

use crate::laws::{documents, read};
use crate::reading::json;
use crate::sandbox::Sandbox;

const TASKS: &str = "specs/active/vault/tasks.md";

const LIST: &str = "\
# Tasks: Vault

## Phase 1: Core

- [ ] Add login form with validation and error texts
- [ ] Add login page
- [ ] **Write** the [user's guide](docs/guide.md)
  - [ ] Screenshots
- [ ] Write tests

## Phase 2: More

- [ ] Write tests
";

fn ids(value: &Value) -> Vec<&str> {
    let tasks = value.as_array().expect("tasks");
    tasks.iter().map(|task| task["id"].as_str().unwrap_or("-")).collect()
}

fn checked(list: &str, begins: &str) -> String {
    list.replace(&format!("[ ] {begins}"), &format!("[x] {begins}"))
}

#[test]
fn commands_name_a_task_without_an_id_by_its_first_words() {
    let sandbox = Sandbox::planned(TASKS, LIST);
    let value = json(&sandbox, &["next", "vault"]);
    assert_eq!(
        ids(&value["tasks"]),
        ["~add-login-form-with-validation", "~add-login-page", "~screenshots", "-", "-"]
    );
    let said = sandbox.spec_log(&["next", "vault"]).ok();
    assert!(said.contains("Add login page  ~add-login-page"), "{said}");
    let said = sandbox.spec_log(&["show", "vault"]).ok();
    assert!(said.contains("Write** the [user's guide](docs/guide.md)  ~write-the-users-guide"));
    assert_eq!(
        json(&sandbox, &["recover", "vault"])["tag"],
        "[vault Task ~add-login-form-with-validation]"
    );
    let said = sandbox.spec_log(&["recover", "vault"]).ok();
    assert!(said.contains("start vault '~add-login-form-with-validation'"), "{said}");
    for name in ["~add-login-form", "add-login-form", "Add login form"] {
        let value = json(&sandbox, &["show", "vault", name]);
        assert_eq!(value["task"]["id"], "~add-login-form-with-validation", "{name}");
    }
    sandbox.spec_log(&["show", "vault", "add-log"]).fails_with(2).says("has no task `add-log`");
    sandbox.spec_log(&["show", "vault", "~add-login"]).fails_with(2).says("several tasks");
    sandbox.spec_log(&["tick", "~add-login-page"]).says("Add login page is done").ok();
    assert_eq!(sandbox.read(TASKS), checked(LIST, "Add login page"));
}

/// `cargo test handles::every -- --nocapture` counts them.
#[test]
fn every_handle_names_its_task_in_real_documents() {
    let (mut boxes, mut named) = (0, 0);
    for (path, bytes) in documents() {
        let document = read(&bytes, &FEATURE_FILE);
        for (at, task) in document.tasks().iter().enumerate() {
            if task.id.is_some() || task.checklist.is_some() {
                continue;
            }
            boxes += 1;
            let Some(handle) = document.address(at) else { continue };
            named += 1;
            assert_eq!(document.find(&handle), Lookup::One(at), "{}", path.display());
            let tags = tag::read(&format!("a [vault Task {handle} wip]")).tags;
            assert_eq!(tags[0].tasks, [Selector::One(handle)], "{}", path.display());
        }
    }
    println!("{named} of {boxes} boxes without an id have a handle");
    assert!(named > 0);
}

#[test]
fn a_tag_ticks_the_task_that_begins_with_its_words() {
    let sandbox = Sandbox::planned(TASKS, LIST);
    sandbox.work("a", "feat: a [vault Task ~add-login-form-with-validation]");
    let after = checked(LIST, "Add login form");
    assert_eq!(sandbox.read(TASKS), after);
    sandbox.work("b", "docs: b [vault Tasks ~Write-the-users-guide, ~add-login-page]");
    let begun = "guide](docs/guide.md) (IN PROGRESS)";
    let both = checked(&after, "Add login page").replace("guide](docs/guide.md)", begun);
    assert_eq!(sandbox.read(TASKS), both);
    sandbox.work("c", "docs: c [vault Task ~write-the-users-guide done]");
    let all = checked(&both.replace(" (IN PROGRESS)", ""), "**Write**");
    assert_eq!(sandbox.read(TASKS), checked(&all, "Screenshots"));
    let named = |words: &[&str]| {
        let value = json(&sandbox, words);
        value["commits"].as_array().unwrap().len()
    };
    assert_eq!(named(&["log", "vault", "~write-the-users-guide"]), 2);
    assert_eq!(named(&["log", "vault", "add-login-page"]), 1);
    assert_eq!(named(&["show", "vault", "~screenshots"]), 0);
    assert_eq!(sandbox.spec_log(&["check"]).ok(), "");
}

#[test]
fn hooks_one_by_one_and_one_sync_agree_on_handles() {
    let [with, without] = [true, false].map(|hooks| {
        let sandbox = Sandbox::new();
        sandbox.write(TASKS, LIST);
        sandbox.commit("docs: plan").ok();
        if hooks {
            sandbox.install_hooks();
        } else {
            sandbox.git(&["config", "user.name", "A Person"]).ok();
        }
        sandbox.work("a", "feat: a [vault Task ~add-login-form-with-validation-and]");
        sandbox.work("b", "feat: b [vault Task ~add-login-page wip]");
        sandbox.work("c", "feat: c [vault Task ~screenshots]");
        sandbox.git(&["revert", "--no-edit", "HEAD~2"]).ok();
        sandbox.work("d", "feat: d");
        sandbox
            .git(&["commit", "-q", "--amend", "-m", "feat: d [vault Task ~write-the-users-guide]"])
            .ok();
        sandbox.spec_log(&["sync"]).ok();
        sandbox.read(TASKS)
    });
    assert_eq!(with, without);
    assert!(with.contains("[ ] Add login form"), "{with}");
    assert!(with.contains("[ ] Add login page (IN PROGRESS)"), "{with}");
    assert!(with.contains("[x] **Write**"), "{with}");
}

#[test]
fn words_that_several_tasks_begin_with_or_none_are_refused() {
    let sandbox = Sandbox::planned(TASKS, LIST);
    sandbox.write("a", "a");
    sandbox.git(&["add", "a"]).ok();
    let commit = |tag: &str| sandbox.git(&["commit", "-qm", &format!("feat: a {tag}")]);
    commit("[vault Task ~add-log]")
        .fails_with(1)
        .says("`~add-log` is no task of `vault`")
        .says("feat: a [vault Task ~add-login-");
    commit("[vault Task ~write-tests]").fails_with(1).says("lines 9 and 13").says("an id");
    commit("[vault Task 1.2]")
        .fails_with(1)
        .says("`1.2` is no task")
        .says("hint: feat: a\n")
        .says("`~add-login-form-with-validation` Add login form");
    commit("[vault Task add-login-page]").ok();
    assert_eq!(sandbox.read(TASKS), LIST, "without `~` it is prose");
}

#[test]
fn five_words_that_two_tasks_begin_with_name_neither() {
    let sandbox = Sandbox::planned(
        TASKS,
        "# Tasks\n\n- [ ] Write unit tests for the parser\n- [ ] Write unit tests for the printer\n",
    );
    let value = json(&sandbox, &["next", "vault"]);
    let [first, second] = ["parser", "printer"].map(|w| format!("~write-unit-tests-for-the-{w}"));
    assert_eq!(ids(&value["tasks"]), [first.as_str(), second.as_str()]);
    sandbox.write("a", "a");
    sandbox.git(&["add", "a"]).ok();
    let tag = "[vault Task ~write-unit-tests-for-the]";
    sandbox
        .git(&["commit", "-qm", &format!("test: a {tag}")])
        .fails_with(1)
        .says("`~write-unit-tests-for-the` is how lines 3 and 4 begin, expected words of one task")
        .says(&format!("write `{first}` or `{second}`"));
    sandbox.git(&["commit", "-qnm", &format!("test: a {tag}")]).ok();
    assert!(!sandbox.read(TASKS).contains("[x]"));
    sandbox.spec_log(&["sync"]).ok();
    assert!(!sandbox.read(TASKS).contains("[x]"));
    assert!(sandbox.spec_log(&["check"]).ok().contains("lines 3 and 4"));
}

#[test]
fn a_handle_holds_when_tasks_are_added_and_falls_to_a_fault_when_its_words_go() {
    let sandbox = Sandbox::planned(TASKS, LIST);
    sandbox.work("a", "feat: a [vault Task ~add-login-page]");
    let more = checked(LIST, "Add login page")
        .replace("## Phase 2", "- [ ] Add login page for guests\n\n## Phase 2")
        .replace("- [ ] Add login form", "- [ ] Add a logo\n- [ ] Add login form");
    sandbox.write(TASKS, &more);
    sandbox.commit("docs: more").ok();
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(TASKS), more);
    assert_eq!(sandbox.spec_log(&["check"]).ok(), "");
    let other = more.replace("Add login page\n", "Show the door\n");
    assert_ne!(other, more);
    sandbox.write(TASKS, &other);
    sandbox.commit("docs: other words").ok();
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(TASKS), other, "what it did stays");
    let said = sandbox.spec_log(&["check"]).ok();
    assert!(
        said.contains("Add login page for guests") || said.contains("~add-login-page"),
        "{said}"
    );
}

#[test]
fn a_task_without_an_id_can_be_active() {
    let sandbox = Sandbox::planned(TASKS, LIST);
    let value = json(&sandbox, &["start", "vault", "Add login page"]);
    assert_eq!(value["tag"], "[vault Task ~add-login-page wip]");
    assert!(sandbox.read(TASKS).contains("Add login page (IN PROGRESS)"));
    sandbox.work("a", "feat: a");
    let subject = sandbox.git(&["log", "-1", "--format=%s"]).ok();
    assert_eq!(subject.trim_end(), "feat: a [vault Task ~add-login-page wip]");
    assert_eq!(json(&sandbox, &["status"])["features"][0]["active_task"], "~add-login-page");
    sandbox.spec_log(&["stop", "--done"]).ok();
    assert_eq!(sandbox.read(TASKS), checked(LIST, "Add login page"));
}

#[test]
fn entries_name_it_and_two_branches_merge() {
    const FILE: &str = "prd/tasks/07_login.md";
    let plan = "# Feature: Login (PRD 07)\n\n## Tasks\n\n- [ ] Add the form\n- [ ] Send the mail\n\n\
                ## Progress Summary\n\n- **Overall:** 0% complete (0/2 tasks done)\n\n\
                ## Git Commits\n\n- None yet\n";
    let sandbox = Sandbox::new();
    sandbox.write(FILE, plan);
    sandbox.write(".gitattributes", "prd/tasks/*.md merge=spec-log\n");
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    sandbox.git(&["switch", "-qc", "other"]).ok();
    sandbox.work("a", "feat: a [PRD-07 Task ~add-the-form]");
    sandbox.commit("docs: a").ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("b", "feat: b [PRD-07 Task ~send-the-mail]");
    sandbox.commit("docs: b").ok();
    sandbox.git(&["merge", "-q", "--no-edit", "other"]).ok();
    let merged = sandbox.read(FILE);
    assert!(merged.contains("- [x] Add the form\n- [x] Send the mail"), "{merged}");
    assert!(merged.contains("100% complete (2/2 tasks done)"), "{merged}");
    assert!(merged.contains("feat: a [PRD-07 Task ~add-the-form]\n"), "{merged}");
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(FILE), merged);
    assert_eq!(sandbox.spec_log(&["check"]).ok(), "");
}

#[test]
fn a_recovery_file_follows_tasks_without_ids() {
    const RECOVERY: &str = "specs/active/vault/recovery.md";
    let sandbox = Sandbox::new();
    sandbox.write(TASKS, LIST);
    sandbox.write(
        RECOVERY,
        "# Session Recovery: Vault\n\n### Completed\n- [x] [Completed item 1]\n\n\
         ## Next Steps\n\n1. **Immediate**: [Exact next task]\n2. **After that**: [Following]\n",
    );
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    sandbox.work("a", "feat: a [vault Task ~add-login-form-with-validation]");
    let text = sandbox.read(RECOVERY);
    assert!(text.contains("- [x] Add login form with validation and error texts\n"), "{text}");
    assert!(text.contains("1. **Immediate**: Add login page\n"), "{text}");
}

#[test]
fn a_slip_in_a_handle_gets_the_tag_to_write() {
    let sandbox = Sandbox::planned(
        "prd/tasks/07_login.md",
        "# Feature: Login (PRD 07)\n\n## Tasks\n\n- [ ] Add the form\n",
    );
    sandbox.write("a", "a");
    sandbox.git(&["add", "a"]).ok();
    for (tag, written) in [
        ("[PRD-07 Task ~Add the form wip]", "[PRD-07 Task ~Add-the-form wip]"),
        ("[PRD-07 ~add-the-form]", "[PRD-07 Task ~add-the-form]"),
    ] {
        let message = format!("feat: a {tag}");
        sandbox.git(&["commit", "-qm", &message]).fails_with(1).says(&format!("feat: a {written}"));
    }
}

#[test]
fn what_only_looks_like_an_id_gets_the_task_that_begins_with_it() {
    let list =
        "# Tasks: Vault\n\n- [ ] **V1**: Store\n  - [ ] V1.1 File format\n  - [ ] V1.2 Locks\n";
    let sandbox = Sandbox::planned(TASKS, list);
    sandbox.write("a", "a");
    let refused = sandbox.commit("feat: a [vault Task V1.2]");
    refused.fails_with(1).says("hint: feat: a [vault Task ~v1-2-locks]\n");
}
