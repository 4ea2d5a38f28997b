//! Tags held against the documents that they name.

use super::*;

#[test]
fn unknown_tasks_are_told_with_the_nearest_and_the_open_ones() {
    let problem = Repository::with(vec![login(LOGIN)]).judge("feat: a [PRD-07 Task 1.9]").remove(0);
    assert_eq!(
        problem.message,
        "`1.9` is no task of `PRD-07`, expected one of `prd/tasks/07_login.md`"
    );
    assert_eq!(problem.path.as_deref(), Some("prd/tasks/07_login.md"));
    let hint = problem.hint.expect("a hint");
    let more: Vec<&str> = hint.lines().skip(1).take(3).collect();
    assert_eq!(more, ["or one of", "  `1.1` Create schema", "  `1.2` Add login form"]);
}

#[test]
fn where_no_task_has_an_id_an_unknown_one_is_taken_for_none() {
    let text = "# X (PRD 07)\n\n- [x] plan\n- [ ] write it\n- [ ] send\n";
    let repository = Repository::with(vec![login(text)]);
    repository.one("a [PRD-07 Task 1.2]", "unknown-task", Error, "a [PRD-07]");
}

#[test]
fn a_document_without_tasks_leaves_the_feature_alone() {
    let repository = Repository::with(vec![login("# X (PRD 07)\n\nwrite it\n")]);
    repository.one("a [PRD-07 Task 1.2 wip]", "unknown-task", Error, "a [PRD-07]");
}

#[test]
fn a_task_that_the_index_or_head_knows_is_known() {
    let mut repository = Repository::with(vec![login(LOGIN)]);
    repository.older = vec![login(&LOGIN.replace("2.1", "2.7"))];
    assert_eq!(repository.found("a [PRD-07 Task 2.7]"), []);
    repository.documents.clear();
    assert_eq!(repository.found("a [PRD-07 Task 2.7]"), []);
    assert_eq!(repository.found("a [PRD-07 Task 2.1]")[0].0, "unknown-task");
}

#[test]
fn two_documents_of_one_feature_make_its_tags_ambiguous() {
    let other = Document::read("prd/tasks/other.md", LOGIN.into(), &FEATURE_FILE);
    let problems = Repository::with(vec![login(LOGIN), other]).judge("a [PRD-07 Task 1.2]");
    assert_eq!((problems[0].code, problems[0].severity), ("ambiguous-feature", Error));
    assert!(problems[0].message.contains("`prd/tasks/07_login.md` and `prd/tasks/other.md`"));
}

#[test]
fn an_id_that_two_tasks_carry_is_told_with_both_lines() {
    let repository = Repository::with(vec![login(&LOGIN.replace("2.1", "1.2"))]);
    let problem = repository.judge("a [PRD-07 Task 1.2]").remove(0);
    assert_eq!((problem.code, problem.severity, problem.line), ("duplicate-task", Error, Some(15)));
    assert_eq!(problem.message, "`1.2` stands on lines 8 and 15, expected one task of that id");
}

#[test]
fn an_unknown_feature_is_refused_only_where_nobody_has_its_document() {
    let mut repository = Repository::with(vec![]);
    let found = repository.found("a [PRD-09 Task 1.2]");
    assert_eq!((found[0].0, found[0].1), ("unknown-feature", Warning));
    repository.features = vec![FeatureId::Prd(7), FeatureId::Prd(8)];
    let found = repository.found("a [PRD-09 Task 1.2]");
    let new = "begin its document: `git spec-log new NAME --prd 9`; or, if one of these is meant";
    assert_eq!(found, [("unknown-feature", Error, new.to_owned())]);
    repository.elsewhere = vec![(FeatureId::Prd(9), "origin/login".to_owned())];
    let found = repository.found("a [PRD-09 Task 1.2]");
    assert_eq!((found[0].0, found[0].1), ("unknown-feature", Warning));
    assert!(found[0].2.contains("origin/login"));
}

#[test]
fn the_tag_of_a_done_task_is_a_warning() {
    let repository = Repository::with(vec![login(LOGIN)]);
    repository.one("a [PRD-07 Task 1.1]", "already-done", Warning, "a [PRD-07 Task 1.2]");
    repository.one("a [PRD-07 Task 1.1 done]", "already-done", Warning, "a [PRD-07 Task 1.2 done]");
    repository.one(
        "a\n\n[PRD-07 Tasks 1.1, 1.2]",
        "already-done",
        Warning,
        "[PRD-07 Tasks 1.1, 1.2 wip]",
    );
}

#[test]
fn a_box_ticked_for_this_very_commit_is_no_warning_unless_an_entry_says_so() {
    let ticked = LOGIN.replace("[ ] Task 1.2", "[x] Task 1.2");
    let mut repository = Repository::with(vec![login(&ticked)]);
    repository.older = vec![login(LOGIN)];
    assert_eq!(repository.found("a [PRD-07 Task 1.2]"), []);
    let entry = "- `0a1b2c3` - feat: add login [PRD-07 Task 1.2]\n";
    repository.documents = vec![login(&format!("{ticked}{entry}"))];
    assert_eq!(repository.found("a [PRD-07 Task 1.2]")[0].0, "already-done");
    repository.replaced = Oid::from_hex("0a1b2c3000000000000000000000000000000000");
    assert_eq!(repository.found("a [PRD-07 Task 1.2]"), []);
}

#[test]
fn where_only_done_ticks_a_bare_tag_opens_a_done_task_again() {
    let mut repository = Repository::with(vec![login(LOGIN)]);
    repository.tick = Tick::DoneOnly;
    repository.one("a [PRD-07 Task 1.1]", "already-done", Warning, "a [PRD-07 Task 1.1 done]");
}
