//! Entries follow their commits through everything that rewrites history.

use crate::sandbox::Sandbox;

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n## Tasks\n\n- [ ] Task 1.1: Store\n- [ ] Task 1.2: Send\n\
    - [ ] Task 1.3: Redeem\n- [ ] Task 1.4: Test\n- [ ] Task 1.5: Tell\n\n## Git Commits\n\n## Notes\n";

fn planned() -> Sandbox {
    Sandbox::planned(PLACE, PLAN)
}

/// Five tagged commits, the books of which are committed as they go.
fn five(sandbox: &Sandbox) {
    for number in 1..=5 {
        sandbox.work(&format!("f{number}"), &format!("feat: {number} [PRD-07 Task 1.{number}]"));
    }
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
}

/// The document lists each reachable tagged commit once, in order, and nothing
/// else.
#[track_caller]
fn lists_history(sandbox: &Sandbox) {
    let wanted = sandbox
        .git(&["log", "--reverse", "--abbrev=7", "--format=- `%h` - %s", "--grep=PRD-07"])
        .ok();
    let text = sandbox.read(PLACE);
    let found: String = text
        .lines()
        .filter(|line| line.starts_with("- `"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(found, wanted, "{text}");
}

fn sequence(sandbox: &Sandbox, script: &str, arguments: &[&str]) {
    let editor = format!("sed -i {script}");
    let mut command = sandbox.command("git");
    command.args(arguments).env("GIT_SEQUENCE_EDITOR", editor);
    sandbox.run(&mut command).ok();
}

#[test]
fn a_rebase_over_an_appended_document_stops_nowhere_and_moves_the_entries() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    five(&sandbox);
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("other", "feat: other");
    sandbox.git(&["switch", "-q", "topic"]).ok();
    let output = sandbox.git(&["rebase", "-q", "main"]);
    assert_eq!(output.stderr.matches("PRD-07").count(), 1, "one catch-up: {output:?}");
    output.ok();
    lists_history(&sandbox);
    assert_eq!(sandbox.read(PLACE).matches("[x]").count(), 5);
    sandbox.spec_log(&["sync"]).says("nothing to record").ok();
}

#[test]
fn an_autostash_comes_back_whole_and_the_next_hook_catches_up() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("other", "feat: other");
    sandbox.git(&["switch", "-q", "topic"]).ok();
    sandbox.git(&["rebase", "-q", "--autostash", "main"]).ok();
    assert_eq!(sandbox.git(&["stash", "list"]).ok(), "");
    sandbox.work("f2", "feat: 2 [PRD-07 Task 1.2]");
    lists_history(&sandbox);
}

#[test]
fn a_squash_leaves_one_entry_and_a_drop_is_pruned_on_request_alone() {
    let sandbox = planned();
    five(&sandbox);
    sequence(&sandbox, "'2s/pick/squash/'", &["rebase", "-qi", "HEAD~6"]);
    let text = sandbox.read(PLACE);
    assert_eq!(text.lines().filter(|line| line.starts_with("- `")).count(), 4, "{text}");
    assert_eq!(text.matches("[x]").count(), 5, "{text}");
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    sequence(&sandbox, "'2s/pick/drop/'", &["rebase", "-qi", "HEAD~4"]);
    let dropped = "feat: 5 [PRD-07 Task 1.5]";
    assert!(sandbox.read(PLACE).contains(dropped), "a hook deletes nothing");
    sandbox.spec_log(&["sync"]).ok();
    assert!(sandbox.read(PLACE).contains(dropped), "nor does a plain sync");
    sandbox.spec_log(&["sync", "--prune"]).says("taken out").ok();
    let text = sandbox.read(PLACE);
    assert!(!text.contains(dropped) && text.contains("- [ ] Task 1.5"), "{text}");
}

#[test]
fn reword_and_reorder_are_followed() {
    let sandbox = planned();
    five(&sandbox);
    let mut command = sandbox.command("git");
    command
        .args(["rebase", "-qi", "HEAD~6"])
        .env("GIT_SEQUENCE_EDITOR", "sed -i -e '1s/pick/reword/' -e '2{h;d}' -e '3{G}'")
        .env("GIT_EDITOR", "sed -i 's/feat: 1 .*/feat: one [PRD-07 Task 1.2]/'");
    sandbox.run(&mut command).ok();
    let text = sandbox.read(PLACE);
    assert!(text.contains("- [ ] Task 1.1") && text.contains("- [x] Task 1.2"), "{text}");
    assert!(text.contains("feat: one [PRD-07 Task 1.2]") && !text.contains("feat: 1 "), "{text}");
}

#[test]
fn an_aborted_rebase_changes_nothing() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    five(&sandbox);
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.write("f3", "something else");
    sandbox.git(&["add", "f3"]).ok();
    sandbox.git(&["commit", "-qm", "feat: in the way"]).ok();
    sandbox.git(&["switch", "-q", "topic"]).ok();
    let before = sandbox.read(PLACE);
    sandbox.git(&["rebase", "-q", "main"]).fails_with(1);
    sandbox.git(&["rebase", "--abort"]).ok();
    assert_eq!(sandbox.read(PLACE), before);
    sandbox.work("f6", "feat: 6 [PRD-07 Task 1.1 wip]");
    lists_history(&sandbox);
}

#[test]
fn without_hooks_one_sync_finds_rebased_commits_by_their_change() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    five(&sandbox);
    sandbox.spec_log(&["init", "--uninstall", "-q"]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("other", "feat: other");
    sandbox.git(&["switch", "-q", "topic"]).ok();
    sandbox.git(&["rebase", "-q", "main"]).ok();
    sandbox.spec_log(&["sync"]).says("entries follow").ok();
    lists_history(&sandbox);
    assert_eq!(sandbox.read(PLACE).matches("[x]").count(), 5);
}

#[test]
fn a_squash_merge_on_a_forge_is_found_by_the_body_that_lists_it() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    five(&sandbox);
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.git(&["merge", "-q", "--squash", "topic"]).ok();
    let body: String =
        (1..=5).map(|number| format!("* feat: {number} [PRD-07 Task 1.{number}]\n")).collect();
    sandbox.git(&["commit", "-qnm", &format!("Login (#12)\n\n{body}")]).ok();
    sandbox.spec_log(&["sync"]).ok();
    let text = sandbox.read(PLACE);
    assert_eq!(text.lines().filter(|line| line.starts_with("- `")).count(), 1, "{text}");
    assert_eq!(text.matches("[x]").count(), 5, "{text}");
}

#[test]
fn a_cherry_pick_to_another_branch_is_a_commit_of_its_own() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("between", "feat: between");
    sandbox.git(&["cherry-pick", "topic~1"]).ok();
    lists_history(&sandbox);
    assert!(sandbox.read(PLACE).contains("[x] Task 1.1"));
}

#[test]
fn an_amend_beside_a_persons_untick_does_not_overrule_it() {
    let sandbox = planned();
    sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
    sandbox.write(PLACE, sandbox.read(PLACE).replace("[x] Task 1.1", "[ ] Task 1.1"));
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: one [PRD-07 Task 1.1]"]).ok();
    lists_history(&sandbox);
    assert!(sandbox.read(PLACE).contains("[ ] Task 1.1"), "{}", sandbox.read(PLACE));
}

#[test]
fn an_empty_list_from_a_hook_manager_means_reconcile() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    five(&sandbox);
    sandbox
        .write_program(".git/hooks/post-rewrite", "#!/bin/sh\nspec-log-post-rewrite </dev/null\n");
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("other", "feat: other");
    sandbox.git(&["switch", "-q", "topic"]).ok();
    sandbox.git(&["rebase", "-q", "main"]).ok();
    lists_history(&sandbox);
}

#[test]
fn git_am_is_caught_up_with() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
    let patch = sandbox.git(&["format-patch", "-1", "--stdout"]).ok();
    let path = sandbox.beside("one.patch");
    std::fs::write(&path, patch).expect("a file");
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.git(&["am", "-q", path.to_str().expect("UTF-8")]).ok();
    assert_eq!(sandbox.read(PLACE), PLAN, "nothing is written during am");
    sandbox.work("f2", "feat: 2 [PRD-07 Task 1.2]");
    lists_history(&sandbox);
}

#[test]
fn a_revert_takes_back_the_commit_it_names_after_both_were_rebased() {
    for has_hooks in [true, false] {
        let sandbox = planned();
        sandbox.git(&["switch", "-qc", "topic"]).ok();
        sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
        sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
        sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
        if !has_hooks {
            sandbox.spec_log(&["init", "--uninstall", "-q"]).ok();
        }
        sandbox.git(&["switch", "-q", "main"]).ok();
        sandbox.work("other", "feat: other");
        sandbox.git(&["switch", "-q", "topic"]).ok();
        sandbox.git(&["rebase", "-q", "main"]).ok();
        sandbox.spec_log(&["sync"]).ok();
        lists_history(&sandbox);
        assert!(sandbox.read(PLACE).contains("- [ ] Task 1.1"), "{}", sandbox.read(PLACE));
    }
}

#[test]
fn links_that_change_places_leave_what_the_newest_says() {
    let sandbox = planned();
    sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
    sandbox.work("f2", "feat: 2 [PRD-07 Task 1.1 reopen]");
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    assert!(sandbox.read(PLACE).contains("- [ ] Task 1.1"));
    sequence(&sandbox, "'1{h;d};2{G}'", &["rebase", "-qi", "HEAD~3"]);
    lists_history(&sandbox);
    assert!(sandbox.read(PLACE).contains("- [x] Task 1.1"), "{}", sandbox.read(PLACE));
}

#[test]
fn what_a_merge_brought_is_recorded_after_an_amend_of_the_merge_or_on_another_branch() {
    for amends in [true, false] {
        let sandbox = planned();
        sandbox.git(&["switch", "-qc", "topic"]).ok();
        sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
        sandbox.git(&["switch", "-q", "main"]).ok();
        sandbox.git(&["merge", "-q", "--no-ff", "--no-edit", "topic"]).ok();
        match amends {
            true => sandbox.git(&["commit", "-q", "--amend", "--no-edit"]).ok(),
            false => sandbox.git(&["switch", "-q", "topic"]).ok(),
        };
        sandbox.work("f2", "feat: 2 [PRD-07 Task 1.2]");
        lists_history(&sandbox);
        assert_eq!(sandbox.read(PLACE).matches("[x]").count(), 2);
    }
}

#[test]
fn a_commit_that_is_still_there_keeps_its_entry_whatever_it_became_elsewhere() {
    let sandbox = planned();
    sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
    sandbox.git(&["switch", "-qc", "topic", "HEAD~"]).ok();
    sandbox.work("other", "feat: other");
    sandbox.git(&["switch", "-qc", "copy", "main"]).ok();
    sandbox.git(&["rebase", "-q", "--autostash", "topic"]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("f2", "feat: 2 [PRD-07 Task 1.2]");
    lists_history(&sandbox);
    assert_eq!(sandbox.read(PLACE).matches("[x]").count(), 2);
}

#[test]
fn a_task_whose_own_link_was_dropped_is_what_its_parts_are() {
    let own = ["feat: own [PRD-07 Task 1.1]", "feat: part [PRD-07 Task 1.1.1]"];
    let begun = ["feat: part [PRD-07 Task 1.1.1]", "feat: own [PRD-07 Task 1.1 wip]"];
    for messages in [own, begun] {
        let sandbox = planned();
        let parts = "Store\n  - [ ] Subtask 1.1.1\n  - [ ] Subtask 1.1.2\n";
        sandbox.write(PLACE, PLAN.replace("Store\n", parts));
        sandbox.commit("docs: parts").ok();
        sandbox.work("a", "feat: a [PRD-07 Task 1.1.2]");
        messages.iter().for_each(|message| sandbox.work(message, message));
        sandbox.commit("docs: books").ok();
        sequence(&sandbox, "'/feat: own/d'", &["rebase", "-q", "-i", "HEAD~4"]);
        sandbox.spec_log(&["sync", "-q", "--prune"]).ok();
        let text = sandbox.read(PLACE);
        assert!(!text.contains("feat: own") && text.contains("[x] Task 1.1: Store\n"), "{text}");
    }
}

#[test]
fn a_task_whose_parts_newest_link_was_dropped_is_what_its_own_link_says() {
    let sandbox = planned();
    let parts = "Store\n  - [ ] Subtask 1.1.1\n  - [ ] Subtask 1.1.2\n";
    sandbox.write(PLACE, PLAN.replace("Store\n", parts));
    sandbox.commit("docs: parts").ok();
    sandbox.work("a", "feat: a [PRD-07 Task 1.1 done]");
    sandbox.work("b", "feat: b [PRD-07 Task 1.1 wip]");
    sandbox.work("c", "feat: c [PRD-07 Task 1.1.1]");
    sandbox.commit("docs: books").ok();
    assert!(sandbox.read(PLACE).contains("[x] Task 1.1: Store\n"));
    sequence(&sandbox, "'/feat: c/d'", &["rebase", "-q", "-i", "HEAD~2"]);
    sandbox.spec_log(&["sync", "-q", "--prune"]).ok();
    let text = sandbox.read(PLACE);
    assert!(text.contains("[ ] Task 1.1: Store (IN PROGRESS)\n"), "{text}");
    assert!(text.contains("[x] Subtask 1.1.1\n"), "{text}");
}

const LIST: &str = "specs/active/vault/tasks.md";

/// A document that has no place for entries, beside the other.
fn listed() -> Sandbox {
    let sandbox = planned();
    sandbox.write(LIST, "# Tasks: Vault\n\n- [ ] A1: Dig\n- [ ] A2: Fill\n- [ ] A3: Lock\n");
    sandbox.commit("docs: list").ok();
    sandbox
}

#[test]
fn a_revert_leaves_what_an_older_commit_says_where_no_entry_tells_of_it() {
    for has_hooks in [true, false] {
        let sandbox = listed();
        if !has_hooks {
            sandbox.git(&["config", "core.hooksPath", "/dev/null"]).ok();
        }
        sandbox.work("a", "feat: a [vault Task A1]");
        sandbox.work("b", "feat: b [vault Task A1]");
        sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert!(sandbox.read(LIST).contains("- [x] A1: Dig"), "hooks {has_hooks}");
    }
}

/// The same with a task that was begun, which is committed.
fn begun() -> Sandbox {
    let sandbox = listed();
    sandbox.work("a", "feat: a [vault Task A2 wip]");
    sandbox.git(&["commit", "-qam", "docs: books"]).ok();
    assert!(sandbox.read(LIST).contains("- [ ] A2: Fill (IN PROGRESS)\n"));
    sandbox
}

#[test]
fn a_task_in_progress_is_ticked_however_its_last_commit_comes() {
    let done = "feat: b [vault Task A2]";
    let unhooked = |sandbox: &Sandbox| {
        sandbox.write("b", "b");
        sandbox.git(&["add", "b"]).ok();
        sandbox.git(&["-c", "core.hooksPath=/dev/null", "commit", "-qm", done]).ok();
    };
    let on_a_branch = |sandbox: &Sandbox| {
        sandbox.git(&["switch", "-qc", "other"]).ok();
        unhooked(sandbox);
        sandbox.git(&["switch", "-q", "main"]).ok();
    };
    for way in ["sync", "mark", "forward", "merge", "amend", "reword"] {
        let sandbox = begun();
        match way {
            "sync" => unhooked(&sandbox),
            "mark" => {
                let marked = sandbox.read(LIST).replace("A3: Lock", "A3: Lock (IN PROGRESS)");
                sandbox.write(LIST, marked);
                sandbox.git(&["commit", "-qam", "docs: mark"]).ok();
                unhooked(&sandbox);
            }
            "forward" => {
                on_a_branch(&sandbox);
                sandbox.git(&["merge", "-q", "--ff-only", "other"]).ok();
            }
            "merge" => {
                on_a_branch(&sandbox);
                sandbox.git(&["merge", "-q", "--no-ff", "--no-edit", "other"]).ok();
            }
            "amend" => {
                sandbox.work("b", "feat: b [vault Task A2 wip]");
                sandbox.git(&["commit", "-q", "--amend", "-m", done]).ok();
            }
            _ => {
                let mut command = sandbox.command("git");
                command.args(["rebase", "-q", "-i", "HEAD~2"]);
                command.env("GIT_SEQUENCE_EDITOR", "sed -i 1s/^pick/reword/");
                command.env("GIT_EDITOR", "sed -i 's/ wip]/]/'");
                sandbox.run(&mut command).ok();
            }
        }
        if !["amend", "reword"].contains(&way) {
            sandbox.spec_log(&["sync", "-q"]).ok();
        }
        let text = sandbox.read(LIST);
        assert!(text.contains("- [x] A2: Fill\n"), "{way}: {text}");
        sandbox.spec_log(&["sync"]).says("nothing to record").ok();
    }
}

#[test]
fn a_task_begun_again_or_opened_by_hand_is_not_ticked_by_what_finished_it_before() {
    let again = begun();
    again.work("b", "feat: b [vault Task A2]");
    again.work("c", "feat: c [vault Task A2 wip]");
    let by_hand = begun();
    by_hand.work("b", "feat: b [vault Task A2]");
    by_hand.git(&["commit", "-qam", "docs: books"]).ok();
    by_hand.write(LIST, by_hand.read(LIST).replace("[x] A2: Fill", "[ ] A2: Fill (IN PROGRESS)"));
    for sandbox in [again, by_hand] {
        for _ in 0..2 {
            sandbox.spec_log(&["sync"]).says("nothing to record").ok();
            assert!(sandbox.read(LIST).contains("- [ ] A2: Fill (IN PROGRESS)\n"));
            sandbox.git(&["commit", "-q", "--allow-empty", "-am", "docs: books"]).ok();
        }
    }
}

#[test]
fn ticks_without_entries_follow_a_rebase_that_dropped_a_commit() {
    for next in ["sync", "commit", "commit -a"] {
        let sandbox = listed();
        sandbox.work("a", "feat: a [vault Task A3]");
        sandbox.work("b", "feat: b");
        sandbox.git(&["revert", "--no-edit", "HEAD~1"]).ok();
        sandbox.work("c", "feat: c [vault Task A2]");
        let call = ["rebase", "-q", "-i", "--autostash", "HEAD~4"];
        sequence(&sandbox, "'/feat: b/d'", &call);
        match next {
            "sync" => drop(sandbox.spec_log(&["sync", "-q"]).ok()),
            "commit" => sandbox.work("d", "chore: nothing"),
            _ => drop(sandbox.git(&["commit", "-qam", "docs: books"]).ok()),
        };
        let text = sandbox.read(LIST);
        assert!(text.contains("[ ] A1: Dig\n- [x] A2: Fill\n- [ ] A3: Lock"), "{next}: {text}");
    }
}

#[test]
fn a_tick_that_two_commits_gave_stays_when_they_are_rebased() {
    let sandbox = listed();
    for name in ["a", "b", "c"] {
        let task = if name == "a" { "A2" } else { "A3" };
        sandbox.work(name, &format!("feat: {name} [vault Task {task}]"));
    }
    sequence(&sandbox, "'2s/^pick/fixup/'", &["rebase", "-q", "-i", "--autostash", "HEAD~3"]);
    sandbox.work("d", "chore: nothing");
    let text = sandbox.read(LIST);
    assert!(text.contains("- [x] A2: Fill\n- [x] A3: Lock"), "{text}");
}

#[test]
fn a_tick_that_an_autostash_brought_back_stays_with_its_branch() {
    for next in ["sync", "commit"] {
        let sandbox = listed();
        sandbox.git(&["branch", "other"]).ok();
        sandbox.work("a", "feat: a");
        sandbox.work("b", "feat: b [PRD-07 Task 1.1]\n\nAlso [vault Task A2].");
        sequence(&sandbox, "'1s/^pick/drop/'", &["rebase", "-q", "-i", "--autostash", "HEAD~2"]);
        sandbox.git(&["switch", "-q", "other"]).ok();
        let texts = || [LIST, PLACE].map(|path| sandbox.read(path)).concat();
        assert!(!texts().contains("[x]"), "{}", texts());
        sandbox.git(&["switch", "-q", "main"]).ok();
        match next {
            "sync" => drop(sandbox.spec_log(&["sync", "-q"]).ok()),
            _ => sandbox.work("d", "chore: nothing"),
        }
        assert!(texts().contains("[x] A2: Fill"), "{next}: {}", texts());
        lists_history(&sandbox);
    }
}

#[test]
fn what_a_rebase_brought_under_an_autostash_is_not_taken_for_shown() {
    let sandbox = listed();
    sandbox.git(&["switch", "-qc", "other"]).ok();
    sandbox.work("a", "feat: a [vault Task A3]");
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("b", "feat: b [vault Task A2]");
    sandbox.git(&["rebase", "-q", "--autostash", "other"]).ok();
    sandbox.git(&["switch", "-q", "other"]).ok();
    let text = sandbox.read(LIST);
    assert!(text.contains("[ ] A2: Fill\n- [x] A3: Lock"), "{text}");
}

#[test]
fn what_a_merge_brought_and_a_rebase_rewrote_at_once_acts_where_no_entry_tells_of_it() {
    let sandbox = listed();
    sandbox.git(&["switch", "-qc", "other"]).ok();
    sandbox.work("a", "feat: a [vault Task A2]");
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("b", "feat: b [PRD-07 Task 1.1]");
    sandbox.git(&["merge", "-q", "--no-edit", "--no-ff", "other"]).ok();
    sandbox.git(&["rebase", "-q", "--force-rebase", "--autostash", "HEAD~2"]).ok();
    sandbox.work("c", "feat: c [PRD-07 Task 1.2]");
    assert!(sandbox.read(LIST).contains("- [x] A2: Fill"), "{}", sandbox.read(LIST));
}

#[test]
fn a_tick_whose_revert_stays_behind_comes_back_where_neither_was_committed() {
    for next in ["commit", "sync"] {
        let sandbox = listed();
        sandbox.work("a", "feat: a [vault Task A2]");
        sandbox.git(&["branch", "other"]).ok();
        sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
        sandbox.work("b", "feat: b");
        sandbox.git(&["commit", "-q", "--amend", "-m", "feat: c [vault Task A3]"]).ok();
        sandbox.git(&["commit", "-q", "--amend", "-m", "feat: c"]).ok();
        match next {
            "sync" => drop(sandbox.spec_log(&["sync", "-q"]).ok()),
            _ => sandbox.work("d", "feat: d [PRD-07 Task 1.1]"),
        }
        sandbox.git(&["switch", "-q", "other"]).ok();
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert!(sandbox.read(LIST).contains("- [x] A2: Fill\n- [ ] A3"), "{}", sandbox.read(LIST));
        sandbox.git(&["switch", "-q", "main"]).ok();
        assert!(sandbox.read(LIST).contains("- [ ] A2: Fill\n- [ ] A3"), "{}", sandbox.read(LIST));
    }
}

#[test]
fn a_tick_that_is_staged_after_a_rebase_without_hooks_stays() {
    for all in [true, false] {
        let sandbox = listed();
        sandbox.work("a", "feat: a");
        sandbox.work("b", "feat: b [vault Task A2]");
        let hookless = ["-c", "core.hooksPath=/dev/null", "rebase", "-q", "-i", "--autostash"];
        sequence(&sandbox, "'1s/^pick/drop/'", &[&hookless[..], &["HEAD~2"]].concat());
        match all {
            true => drop(sandbox.git(&["commit", "-qam", "docs: books"]).ok()),
            false => sandbox.work("c", "feat: c"),
        }
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert!(sandbox.read(LIST).contains("- [x] A2: Fill"), "{all}: {}", sandbox.read(LIST));
    }
}

#[test]
fn a_tick_that_two_commits_gave_is_no_hindrance_to_leaving_a_branch() {
    let sandbox = listed();
    sandbox.work("a", "feat: a [vault Task A2]");
    sandbox.work("b", "feat: b [vault Task A2]");
    sandbox.git(&["switch", "-qc", "other"]).ok();
    sandbox.work("c", "feat: c [vault Task A1]");
    sandbox.work("d", "feat: d");
    sandbox.git(&["switch", "-q", "main"]).ok();
    let text = sandbox.read(LIST);
    assert!(text.contains("[ ] A1: Dig\n- [x] A2: Fill"), "{text}");
}

#[test]
fn what_a_person_unticked_does_not_keep_a_later_tick_on_a_branch_that_lacks_its_commit() {
    let sandbox = listed();
    sandbox.git(&["config", "core.hooksPath", "/dev/null"]).ok();
    sandbox.work("a", "feat: a [vault Task A1]");
    sandbox.spec_log(&["sync", "-q"]).ok();
    sandbox.git(&["commit", "-qam", "docs: books"]).ok();
    sandbox.spec_log(&["untick", "-q", "--file", LIST, "A1"]).ok();
    sandbox.git(&["commit", "-qam", "docs: not yet"]).ok();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("b", "feat: b [vault Task A2]");
    sandbox.spec_log(&["sync", "-q"]).ok();
    assert!(sandbox.read(LIST).contains("- [ ] A1: Dig\n- [x] A2: Fill"), "{}", sandbox.read(LIST));
    sandbox.git(&["switch", "-q", "main"]).ok();
    assert_eq!(sandbox.spec_log(&["sync"]).stderr.matches("entangled").count(), 0);
    assert!(sandbox.read(LIST).contains("- [ ] A1: Dig\n- [ ] A2: Fill"), "{}", sandbox.read(LIST));
    sandbox.git(&["switch", "-q", "topic"]).ok();
    sandbox.spec_log(&["sync", "-q"]).ok();
    assert!(sandbox.read(LIST).contains("- [ ] A1: Dig\n- [x] A2: Fill"), "{}", sandbox.read(LIST));
    sandbox.spec_log(&["park", "-q"]).ok();
    assert_eq!(sandbox.git(&["status", "--short"]).ok(), "");
}

#[test]
fn a_task_and_its_part_whose_links_change_places_are_what_the_newest_says() {
    let turned = |first: &str, then: &str| {
        let sandbox = planned();
        let parts = "Store\n  - [ ] Subtask 1.1.1\n  - [ ] Subtask 1.1.2\n";
        sandbox.write(PLACE, PLAN.replace("Store\n", parts));
        sandbox.commit("docs: parts").ok();
        sandbox.work("a", "feat: a [PRD-07 Task 1.1 done]");
        sandbox.work("b", first);
        sandbox.work("c", then);
        sandbox.commit("docs: books").ok();
        let before = sandbox.read(PLACE).contains("[x] Task 1.1: Store\n");
        sequence(&sandbox, "'1{h;d};2{G}'", &["rebase", "-q", "-i", "HEAD~3"]);
        let after = sandbox.read(PLACE).contains("[x] Task 1.1: Store\n");
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert_eq!(sandbox.read(PLACE).contains("[x] Task 1.1: Store\n"), after);
        [before, after]
    };
    let (whole, part) = ("feat: b [PRD-07 Task 1.1 reopen]", "feat: c [PRD-07 Task 1.1.1]");
    assert_eq!(turned(whole, part), [true, false]);
    assert_eq!(turned(part, whole), [false, true]);
}

#[test]
fn a_record_that_took_the_place_of_a_committed_one_leaves_that_when_it_goes() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
    sandbox.work("f2", "feat: 2 [PRD-07 Task 1.2]");
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("other", "feat: other");
    sandbox.git(&["switch", "-q", "topic"]).ok();
    sandbox.git(&["rebase", "-q", "main"]).ok();
    lists_history(&sandbox);
    // The commit lists what the first one was, the work tree what it became.
    let rest = ["rebase", "-q", "--autostash", "--onto", "main", "HEAD~2"];
    sandbox.git(&rest).ok();
    sandbox.work("f3", "feat: 3 [PRD-07 Task 1.3]");
    let text = sandbox.read(PLACE);
    assert!(text.contains("feat: 1 ") && text.contains("[x] Task 1.1"), "{text}");
    sandbox.spec_log(&["sync", "-q", "--prune"]).ok();
    lists_history(&sandbox);
    let text = sandbox.read(PLACE);
    assert!(text.contains("[ ] Task 1.1: Store\n- [x] Task 1.2"), "{text}");
}

#[test]
fn a_reapply_whose_revert_was_left_behind_takes_its_tick_along() {
    let sandbox = listed();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("a", "feat: a [vault Task A2]");
    sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
    sandbox.work("b", "feat: b");
    sandbox.git(&["revert", "--no-edit", "HEAD~1"]).ok();
    assert!(sandbox.read(LIST).contains("[x] A2: Fill"));
    sandbox.git(&["rebase", "-q", "--autostash", "--onto", "main", "HEAD~2"]).ok();
    sandbox.work("c", "chore: nothing");
    assert!(sandbox.read(LIST).contains("[ ] A2: Fill"), "{}", sandbox.read(LIST));
}

#[test]
fn after_a_reset_one_sync_lists_what_is_left() {
    for mode in ["--soft", "--mixed", "--hard"] {
        let sandbox = planned();
        sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
        sandbox.work("f2", "feat: 2 [PRD-07 Task 1.2]");
        sandbox.git(&["reset", "-q", mode, "HEAD~"]).ok();
        sandbox.spec_log(&["sync", "-q"]).ok();
        lists_history(&sandbox);
        let text = sandbox.read(PLACE);
        assert!(text.contains("[x] Task 1.1: Store\n- [ ] Task 1.2"), "{mode}: {text}");
    }
}

#[test]
fn a_pull_that_rebases_over_a_record_keeps_it() {
    let sandbox = planned();
    let other = sandbox.beside("other");
    let other = other.to_str().expect("UTF-8");
    sandbox.git(&["clone", "-q", ".", other]).ok();
    sandbox.git(&["-C", other, "commit", "-q", "--allow-empty", "-m", "feat: other"]).ok();
    sandbox.work("f1", "feat: 1 [PRD-07 Task 1.1]");
    sandbox.git(&["pull", "-q", "--rebase", "--autostash", other, "main"]).ok();
    assert_eq!(sandbox.git(&["stash", "list"]).ok(), "");
    assert!(sandbox.read(PLACE).contains("[x] Task 1.1"), "{}", sandbox.read(PLACE));
    sandbox.work("f2", "feat: 2 [PRD-07 Task 1.2]");
    lists_history(&sandbox);
}

#[test]
fn nothing_is_pruned_for_being_past_the_edge_of_a_shallow_clone() {
    let sandbox = planned();
    five(&sandbox);
    let place = sandbox.beside("shallow");
    let source = format!("file://{}", sandbox.top().display());
    sandbox.git(&["clone", "-q", "--depth", "2", &source, place.to_str().expect("UTF-8")]).ok();
    let before = sandbox.read(place.join(PLACE));
    assert_eq!(before.matches("- `").count(), 5, "{before}");
    let mut command = sandbox.command("git");
    command.current_dir(&place).args(["spec-log", "sync", "--prune"]);
    sandbox.run(&mut command).ok();
    assert_eq!(sandbox.read(place.join(PLACE)), before);
}

#[test]
fn the_older_rebase_is_followed_when_it_goes_on_and_forgotten_when_it_is_given_up() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    five(&sandbox);
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.write("f3", "something else");
    sandbox.commit("feat: in the way").ok();
    sandbox.git(&["switch", "-q", "topic"]).ok();
    let before = sandbox.read(PLACE);
    let stop = || drop(sandbox.git(&["rebase", "-q", "--apply", "main"]).fails_with(1));
    stop();
    sandbox.git(&["rebase", "--abort"]).ok();
    assert_eq!(sandbox.read(PLACE), before);
    stop();
    sandbox.write("f3", "both");
    sandbox.git(&["add", "f3"]).ok();
    sandbox.git(&["rebase", "--continue"]).ok();
    lists_history(&sandbox);
    assert_eq!(sandbox.read(PLACE).matches("[x]").count(), 5);
}

#[test]
fn a_branch_that_someone_else_rewrote_and_pushed_is_found_by_its_changes() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    five(&sandbox);
    sandbox.git(&["branch", "pushed"]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("other", "feat: other");
    let elsewhere = ["-c", "core.hooksPath=/dev/null"];
    sandbox.git(&[&elsewhere[..], &["rebase", "-q", "main", "pushed"]].concat()).ok();
    sandbox.git(&[&elsewhere[..], &["switch", "-q", "topic"]].concat()).ok();
    sandbox.git(&["reset", "-q", "--hard", "pushed"]).ok();
    sandbox.spec_log(&["sync", "-q"]).ok();
    lists_history(&sandbox);
    assert_eq!(sandbox.read(PLACE).matches("[x]").count(), 5);
}

#[test]
fn what_git_history_rewrites_is_found_where_this_git_has_it() {
    let sandbox = planned();
    five(&sandbox);
    let mut command = sandbox.command("git");
    command.args(["history", "reword", "HEAD~3"]);
    command.env("GIT_EDITOR", "sed -i '1s/feat: 3/feat: three/'");
    if sandbox.run(&mut command).stderr.contains("is not a git command") {
        return;
    }
    sandbox.spec_log(&["sync", "-q"]).ok();
    lists_history(&sandbox);
}

#[test]
fn a_link_that_changes_no_box_moves_the_stamp_by_hook_and_by_sync_alike() {
    let [by_hook, by_sync] = [true, false].map(|has_hooks| {
        let sandbox = planned();
        let list = "# Tasks: Vault\n\n**Last Updated**: 2020-01-01 00:00\n\n- [ ] A1: Dig\n";
        sandbox.write(LIST, list);
        sandbox.commit("docs: list").ok();
        let hooks = if has_hooks { ".git/hooks" } else { "/dev/null" };
        sandbox.git(&["config", "core.hooksPath", hooks]).ok();
        sandbox.work("a", "feat: a [vault Task A1 reopen]");
        let by_hook = sandbox.read(LIST);
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert!(!has_hooks || sandbox.read(LIST) == by_hook);
        sandbox.read(LIST)
    });
    assert!(!by_hook.contains("2020"), "{by_hook}");
    assert_eq!(by_hook, by_sync);
}

#[test]
fn a_stamp_never_goes_back_where_no_entry_tells_which_commits_are_new() {
    for has_hooks in [true, false] {
        let sandbox = planned();
        sandbox.write(LIST, "# Tasks: Vault\n\n**Last Updated**: 2020-01-01\n\n- [ ] A1: Dig\n");
        sandbox.commit("docs: list").ok();
        let hooks = if has_hooks { ".git/hooks" } else { "/dev/null" };
        sandbox.git(&["config", "core.hooksPath", hooks]).ok();
        sandbox.work("a", "feat: a [vault Task A1]");
        sandbox.spec_log(&["sync", "-q"]).ok();
        sandbox.git(&["commit", "-qam", "docs: books"]).ok();
        assert!(sandbox.read(LIST).contains("2026-01-01\n\n- [x]"), "{}", sandbox.read(LIST));
        let later = sandbox.read(LIST).replace("2026-01-01", "2031-07-05");
        sandbox.write(LIST, &later);
        sandbox.git(&["commit", "-qam", "docs: the date of the review"]).ok();
        sandbox.work("b", "feat: b [vault Task A1 wip]");
        sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert!(sandbox.read(LIST).contains("2031-07-05"), "{}", sandbox.read(LIST));
    }
}

#[test]
fn tasks_that_a_message_mentions_in_its_own_form_follow_amend_squash_and_revert() {
    let kit = "specs/004-events/tasks.md";
    let sandbox = planned();
    sandbox.write(kit, "# Tasks: Events\n\n- [ ] T001 Make\n- [ ] T002 Try\n- [ ] T013 Send\n");
    sandbox.commit("docs: plan events").ok();
    let done = || {
        let text = sandbox.read(kit);
        let lines = text.lines().filter_map(|line| line.strip_prefix("- [x] "));
        lines.map(|line| line[..4].to_owned()).collect::<Vec<_>>().join(" ")
    };
    sandbox.work("a", "feat(004-events): a (T001)");
    assert_eq!(done(), "T001");
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat(004-events): a (T002)"]).ok();
    assert_eq!(done(), "T002");
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat(004-events): a"]).ok();
    assert_eq!(done(), "");
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat(004-events): a (T001, T002)"]).ok();
    assert_eq!(done(), "T001 T002");
    sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
    assert_eq!(done(), "");
    sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
    assert_eq!(done(), "T001 T002");
    sandbox.git(&["reset", "-q", "--hard", "HEAD~3"]).ok();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("b", "feat(004-events): b (T001)");
    sandbox.work("c", "feat(004-events): c (T013)");
    sequence(&sandbox, "'2s/^pick/squash/'", &["rebase", "-q", "-i", "--autostash", "HEAD~2"]);
    sandbox.work("d", "feat(004-events): d (T002)");
    assert_eq!(done(), "T001 T002 T013");
    sandbox.git(&["switch", "-q", "main"]).ok();
    assert_eq!(done(), "");
    sandbox.git(&["merge", "-q", "--squash", "topic"]).ok();
    sandbox.git(&["commit", "-q", "--no-edit"]).ok();
    assert_eq!(done(), "T001 T002 T013");
}

#[test]
fn a_rewrite_that_says_the_same_says_no_more_than_a_line() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "prd/tasks/07_login.md",
        "# Feature: Login (PRD 07)\n\n- [ ] Task 1.1: a\n- [ ] Task 1.2: b\n\n## Git Commits\n",
    );
    sandbox.write("specs/active/x/tasks.md", "# Tasks: X\n\n- [ ] A1: a\n- [ ] A2: b\n");
    sandbox.write("specs/active/x/recovery.md", crate::histories::RECOVERY);
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    sandbox.work("a", "feat: a [PRD-07 Task 1.1] [x Task A1]");
    sandbox.work("b", "feat: b [PRD-07 Task 1.2] [x Task A2]");
    let says_little = |arguments: &[&str]| {
        let output = sandbox.git(arguments);
        assert!(output.stderr.lines().count() <= 1, "{arguments:?}: {}", output.stderr);
        output.ok();
    };
    says_little(&["commit", "-q", "--amend", "-m", "feat: b, well [PRD-07 Task 1.2] [x Task A2]"]);
    says_little(&["commit", "-q", "--amend", "--no-edit"]);
    sandbox.commit("docs: books").ok();
    says_little(&["rebase", "-q", "--force-rebase", "HEAD~3"]);
    let reworded = "feat: b, not yet [PRD-07 Task 1.2 wip] [x Task A2]";
    sandbox.work("c", "feat: c [x Task A1 reopen]");
    sandbox.git(&["commit", "-q", "--amend", "-m", reworded]).says("1.2").ok();
}
