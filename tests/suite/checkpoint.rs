//! The end of a stretch of work: the session log, what comes next, and what
//! both follow from.

use crate::sandbox::Sandbox;

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n**Status:** Not Started\n\n\
    **Agent Sessions:** [Number of sessions]\n\n**Last Updated:** YYYY-MM-DD HH:MM\n\n## Tasks\n\n\
    ### Phase 1: Core\n\n- [ ] Task 1.1: Store\n  - [ ] Subtask 1.1.1: Hash\n  - [ ] Subtask 1.1.2: Expire\n\
    - [ ] Task 1.2: Send\n\n### Phase 2: Rest\n\n- [ ] Task 2.1: Test\n\n## Next Session Priorities\n\n\
    **Start here:**\n1. [What to do first]\n2. [What to do then]\n3. Ask Ann about Task 1.2\n\n\
    **After That:**\n- [What follows]\n\n## Session Log\n\n\
    **Session 1 (YYYY-MM-DD HH:MM - HH:MM):**\n- Completed: [Tasks]\n- Issues encountered: [Any]\n\
    - Decisions made: [Any]\n- Next: [What]\n\n\
    **Session 2 (YYYY-MM-DD HH:MM - HH:MM):**\n- Completed: [Tasks]\n\n---\n\n## Git Commits\n\n## Notes\n";

fn planned() -> Sandbox {
    Sandbox::planned(PLACE, PLAN)
}

/// A section of the document.
#[track_caller]
fn section(sandbox: &Sandbox, name: &str) -> String {
    let text = sandbox.read(PLACE);
    let at = text.find(&format!("## {name}\n")).expect("the section");
    text[at..].split("\n## ").next().expect("its text").to_owned()
}

#[test]
fn a_session_is_logged_from_its_commits_and_the_examples_go() {
    let sandbox = planned();
    sandbox.work("a", "feat: hash [PRD-07 Task 1.1.1]");
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    let said = sandbox.spec_log(&["checkpoint", "--issues", "the\nhost was down"]);
    let said = said.says("session 1: 2026-01-01 02:05 - 2026-01-01 02:07").ok();
    assert_eq!(said, "Phase 1: Core: 0/2 (0%) -> 1/2 (50%)\nPhase 2: Rest: 0/1 (0%) -> 0/1 (0%)\n");
    assert_eq!(
        section(&sandbox, "Session Log"),
        "## Session Log\n\n**Session 1 (2026-01-01 02:05 - 02:07):**\n\
         - Completed: Task 1.1.1: Hash; Task 1.2: Send\n- Issues encountered: the host was down\n\
         - Decisions made: None\n- Next: Task 1.1.2: Expire\n\n---\n"
    );
    assert_eq!(
        section(&sandbox, "Next Session Priorities"),
        "## Next Session Priorities\n\n**Start here:**\n1. Task 1.1.2: Expire\n2. Task 2.1: Test\n\
         3. Ask Ann about Task 1.2\n\n**After That:**\n- [What follows]\n"
    );
    assert!(sandbox.read(PLACE).contains("**Agent Sessions:** 1\n"));
}

#[test]
fn a_second_run_an_amend_and_a_rebase_add_no_session_for_the_same_work() {
    let sandbox = planned();
    sandbox.work("a", "feat: hash [PRD-07 Task 1.1.1]");
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    sandbox.spec_log(&["checkpoint", "-q"]).ok();
    let once = sandbox.read(PLACE);
    let again = sandbox.spec_log(&["checkpoint"]).says("nothing new since the last session");
    assert!(again.ok().contains("Phase 1: Core: 1/2 (50%) -> 1/2 (50%)"));
    assert_eq!(sandbox.read(PLACE), once);
    sandbox.commit("docs: keep books").ok();
    sandbox.git(&["rebase", "-q", "--force-rebase", "HEAD~2"]).ok();
    sandbox.git(&["commit", "-q", "--amend", "--no-edit"]).ok();
    sandbox.spec_log(&["checkpoint", "-q"]).ok();
    let log = section(&sandbox, "Session Log");
    assert_eq!(log.matches("**Session ").count(), 1, "{log}");
}

#[test]
fn the_next_session_begins_where_the_last_one_ended() {
    let sandbox = planned();
    sandbox.work("a", "feat: hash [PRD-07 Task 1.1.1]");
    sandbox.spec_log(&["checkpoint", "-q"]).ok();
    sandbox.work("b", "feat: expire [PRD-07 Task 1.1.2]");
    sandbox.work("c", "feat: begin to send [PRD-07 Task 1.2 wip]");
    sandbox.spec_log(&["checkpoint", "-q", "--next", "call Ann", "--decisions", "mail"]).ok();
    let log = section(&sandbox, "Session Log");
    let second = "**Session 2 (2026-01-01 02:08 - 02:10):**\n- Completed: Task 1.1.2: Expire\n\
                  - Issues encountered: None\n- Decisions made: mail\n- Next: call Ann\n\n---\n";
    assert!(log.ends_with(second), "{log}");
    assert!(log.contains("- Next: Task 1.1.2: Expire\n\n**Session 2"), "{log}");
    assert!(sandbox.read(PLACE).contains("**Agent Sessions:** 2\n"));
}

#[test]
fn priorities_that_name_a_task_move_on_with_each_commit_and_prose_stays() {
    let sandbox = planned();
    sandbox.work("a", "feat: hash [PRD-07 Task 1.1.1]");
    sandbox.spec_log(&["checkpoint", "-q"]).ok();
    sandbox.work("b", "feat: expire [PRD-07 Task 1.1.2]");
    let lines = || section(&sandbox, "Next Session Priorities");
    assert!(lines().contains("1. Task 1.2: Send\n2. Task 2.1: Test\n3. Ask Ann"), "{}", lines());
    sandbox.work("c", "feat: rest [PRD-07 Tasks 1.2, 2.1]");
    assert!(lines().contains("1. None\n2. None\n3. Ask Ann"), "{}", lines());
    sandbox.work("d", "fix: it fails [PRD-07 Task 2.1 reopen]");
    assert!(lines().contains("1. Task 2.1: Test\n2. None\n3. Ask Ann"), "{}", lines());
}

#[test]
fn prose_without_a_commit_fills_what_the_last_session_leaves_open_and_no_more() {
    let sandbox = planned();
    let none = sandbox.spec_log(&["checkpoint", "--issues", "x"]);
    let none =
        none.fails_with(2).says("not written to prd/tasks/07_login.md: there is no new commit");
    assert!(none.stdout.contains("0/2"));
    assert_eq!(sandbox.read(PLACE), PLAN);
    sandbox.work("a", "feat: hash [PRD-07 Task 1.1.1]");
    sandbox.spec_log(&["checkpoint", "-q"]).ok();
    sandbox.spec_log(&["checkpoint", "-q", "--issues", "slow", "--next", "call Ann"]).ok();
    let log = section(&sandbox, "Session Log");
    assert!(log.contains("encountered: slow\n- Decisions made: None\n- Next: call Ann\n"), "{log}");
    let text = sandbox.read(PLACE);
    sandbox.spec_log(&["checkpoint", "-q", "--issues", "slow", "--next", "call Ann"]).ok();
    let other = sandbox.spec_log(&["checkpoint", "--issues", "fast"]);
    other.fails_with(2).says("the last session says something else");
    assert_eq!(sandbox.read(PLACE), text);
}

#[test]
fn a_rehearsal_shows_the_session_and_writes_nothing() {
    let sandbox = planned();
    sandbox.git(&["config", "speclog.record", "off"]).ok();
    sandbox.work("a", "feat: hash [PRD-07 Task 1.1.1]");
    let shown = sandbox.spec_log(&["checkpoint", "--dry-run", "--diff"]);
    let shown = shown.says("(a rehearsal: nothing was written)").ok();
    assert!(shown.contains("+**Session 1 (2026-01-01 02:06 - 02:06):**\n"), "{shown}");
    assert!(shown.contains("+  - [x] Subtask 1.1.1: Hash\n"), "{shown}");
    assert_eq!(sandbox.read(PLACE), PLAN);
    let json = sandbox.spec_log(&["checkpoint", "--json"]).ok();
    for part in [
        "\"schema\":\"spec-log/checkpoint/1\"",
        "\"number\":1",
        "\"start\":\"2026-01-01 02:06\"",
        "\"Task 1.1.1: Hash\"",
        "\"ticked\"",
    ] {
        assert!(json.contains(part), "{part} in {json}");
    }
    let text = sandbox.read(PLACE);
    assert!(text.contains("[x] Subtask 1.1.1") && text.contains("**Session 1 (2026"), "{text}");
}

#[test]
fn line_endings_stay_and_staged_text_gets_the_session_too() {
    let sandbox = Sandbox::planned(PLACE, &PLAN.replace('\n', "\r\n"));
    sandbox.git(&["config", "speclog.record", "stage"]).ok();
    sandbox.work("a", "feat: hash [PRD-07 Task 1.1.1]");
    sandbox.write(PLACE, sandbox.read(PLACE) + "- mine alone\r\n");
    sandbox.spec_log(&["checkpoint", "-q"]).ok();
    let text = sandbox.read(PLACE);
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let staged = sandbox.git(&["show", &format!(":{PLACE}")]).ok();
    assert!(staged.contains("**Session 1 (2026-01-01"), "{staged}");
    assert_eq!(text, staged + "- mine alone\r\n");
}

#[test]
fn a_log_of_another_form_goes_on_in_it() {
    for (log, next) in [
        (
            "### Session 8 (2025-12-30)\n\n- **Tasks completed:** all\n- **Next:** more\n\n\
             ### Session 7 (2025-12-29)\n\nTalked.\n",
            "### Session 9 (2026-01-01 02:05 - 02:05)\n- **Tasks completed:** Task 1.2: Send\n\
             - **Next:** Task 1.1.1: Hash\n\n### Session 8 (2025-12-30)\n",
        ),
        (
            "**Session 3: the beginning**\n* Next: more\n",
            "* Next: more\n\n**Session 4 (2026-01-01 02:05 - 02:05):**\n- Completed: Task 1.2: Send\n\
             * Next: Task 1.1.1: Hash\n",
        ),
        ("", "\n\n**Session 1 (2026-01-01 02:05 - 02:05):**\n- Completed: Task 1.2: Send\n"),
    ] {
        let (before, rest) = PLAN.split_once("**Session 1").expect("a log");
        let (_, after) = rest.split_once("\n---").expect("a rule");
        let sandbox = Sandbox::planned(PLACE, &format!("{before}{log}\n---{after}"));
        sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
        sandbox.spec_log(&["checkpoint", "-q"]).ok();
        let log = section(&sandbox, "Session Log");
        assert!(log.contains(next), "{log}");
    }
}

#[test]
fn a_document_without_a_log_or_with_one_that_is_not_understood_gets_none() {
    let table = PLAN.replace(
        "**Session 1 (YYYY-MM-DD HH:MM - HH:MM):**",
        "| When | What |\n|-|-|\n| x | y |\n",
    );
    let table = table.replace("**Session 2 (YYYY-MM-DD HH:MM - HH:MM):**", "");
    for (plan, why) in [
        (PLAN.replace("## Session Log", "## Diary"), "the document has no session log"),
        (table, "the session log has a form that is not known"),
    ] {
        let sandbox = Sandbox::planned(PLACE, &plan);
        sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
        let said = sandbox.spec_log(&["checkpoint", "--next", "x"]).fails_with(2).says(why);
        assert!(said.stdout.contains("Phase 1: Core: 0/2 (0%) -> 1/2 (50%)\n"), "{said:?}");
        assert!(!sandbox.read(PLACE).contains("(2026-01-01"));
    }
}

#[test]
fn without_a_log_the_way_out_is_told_and_works() {
    let sandbox = Sandbox::planned(PLACE, &PLAN.replace("## Session Log", "## Diary"));
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    let silent = sandbox.spec_log(&["checkpoint"]).says("no session was logged");
    assert!(
        silent
            .says("hint: add a line `## Session Log` to prd/tasks/07_login.md")
            .ok()
            .contains("-> 1/2")
    );
    let json = sandbox.spec_log(&["checkpoint", "--json", "--decisions", "mail"]).fails_with(2);
    assert!(json.stdout.contains("\"left_out\":\"the document has no session log\""), "{json:?}");
    sandbox.write(PLACE, sandbox.read(PLACE).replace("## Diary", "## Session Log"));
    sandbox.spec_log(&["checkpoint", "-q", "--decisions", "mail"]).ok();
    assert!(section(&sandbox, "Session Log").contains("- Decisions made: mail\n"));
}

#[test]
fn what_is_finished_without_a_commit_is_in_its_session_once() {
    let sandbox = planned();
    sandbox.work("a", "feat: hash [PRD-07 Task 1.1.1]");
    sandbox.spec_log(&["tick", "1.1.2"]).ok();
    let said = sandbox.spec_log(&["checkpoint"]).ok();
    assert!(said.contains("Phase 1: Core: 0/2"), "{said}");
    let log = || section(&sandbox, "Session Log");
    assert!(log().contains("- Completed: Task 1.1.1: Hash; Task 1.1.2: Expire\n"), "{}", log());
    sandbox.spec_log(&["start", "PRD-07", "1.2"]).ok();
    sandbox.spec_log(&["stop", "--done"]).ok();
    let said = sandbox.spec_log(&["checkpoint"]).ok();
    assert!(said.contains("Phase 1: Core: 0/2 (0%) -> 1/2 (50%)\n"), "{said}");
    let done = "- Completed: Task 1.1.1: Hash; Task 1.1.2: Expire; Task 1.2: Send\n";
    assert!(log().contains(done), "{}", log());
    sandbox.spec_log(&["checkpoint"]).says("nothing new since the last session").ok();
    sandbox.commit("docs: keep books").ok();
    sandbox.spec_log(&["tick", "2.1"]).ok();
    sandbox.commit("docs: it was tested").ok();
    sandbox.work("c", "fix: hash [PRD-07 Task 1.1.1]");
    sandbox.spec_log(&["checkpoint", "-q"]).ok();
    assert!(
        log().contains(done) && log().contains("- Completed: Task 1.1.1: Hash; Task 2.1: Test\n"),
        "{}",
        log()
    );
}

#[test]
fn two_branches_that_finish_a_task_each_merge_what_comes_next() {
    let sandbox = planned();
    sandbox.write(".gitattributes", "prd/tasks/*.md merge=spec-log\n");
    sandbox.work("a", "feat: hash [PRD-07 Task 1.1.1]");
    sandbox.spec_log(&["checkpoint", "-q"]).ok();
    sandbox.commit("docs: keep books").ok();
    for (branch, task) in [("one", "1.1.2"), ("other", "1.2")] {
        sandbox.git(&["switch", "-qc", branch, "main"]).ok();
        sandbox.work(branch, &format!("feat: {branch} [PRD-07 Task {task}]"));
        sandbox.spec_log(&["checkpoint", "-q"]).ok();
        sandbox.commit("docs: keep books").ok();
    }
    sandbox.git(&["merge", "-q", "--no-edit", "one"]).ok();
    let lines = section(&sandbox, "Next Session Priorities");
    assert!(lines.contains("1. Task 2.1: Test\n2. None\n"), "{lines}");
    let log = section(&sandbox, "Session Log");
    assert!(log.contains("**Session 3 (") && !log.contains("<<<<"), "{log}");
}
