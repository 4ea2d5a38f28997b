//! History from before the tool: what would be linked, on what evidence, and
//! what writing it does.

use serde_json::{Value, json};

use crate::sandbox::Sandbox;

const PLACE: &str = "prd/tasks/12_login.md";

const PLAN: &str = "# Login (PRD 12)\n\n- [ ] Task 1.1: Ask\n- [ ] Task 1.2: Store\n- [ ] Task 1.3: Send\n\
                    - [ ] Task 1.4: Tell\n\n## Progress Summary\n\n**Overall Progress:** 0% (0/4 tasks)\n\n\
                    ## Git Commits\n\n## Notes\n";

/// A repository that has not heard of us.
fn old(place: &str, document: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(place, document);
    sandbox.commit("docs: plan").ok();
    sandbox
}

fn report(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let all = [&["backfill", "--json"], arguments].concat();
    serde_json::from_str(&sandbox.spec_log(&all).ok()).expect("JSON")
}

/// `summary evidence confidence`, commit by commit.
fn found(report: &Value) -> Vec<String> {
    let commits = |feature: &Value| feature["commits"].as_array().expect("commits").clone();
    let features = report["features"].as_array().expect("features");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let line = |commit: Value| {
        [&commit["summary"], &commit["evidence"], &commit["confidence"]].map(text).join(" | ")
    };
    features.iter().flat_map(commits).map(line).collect()
}

fn reasons(report: &Value) -> Vec<&str> {
    let left_out = report["left_out"].as_array().expect("what is left out");
    left_out.iter().map(|one| one["reason"].as_str().expect("a reason")).collect()
}

/// Insists that neither a second run nor a sync changes anything.
#[track_caller]
fn is_settled(sandbox: &Sandbox, place: &str) {
    let text = sandbox.read(place);
    sandbox.spec_log(&["backfill", "--write"]).says("nothing to record").ok();
    assert_eq!(sandbox.read(place), text, "a second backfill");
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(place), text, "a sync");
    sandbox.commit("docs: what history says").ok();
    sandbox.spec_log(&["backfill", "--write"]).ok();
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(place), text, "both again, committed");
}

#[test]
fn history_in_any_form_is_shown_and_written_on_demand() {
    let sandbox = old(PLACE, PLAN);
    sandbox.work("a", "feat: ask [PRD-12 Task 1.1]");
    sandbox.work("b", "feat(prd-12): store (Task 1.2)");
    sandbox.work("c", "feat: send\n\nRefs: PRD-12 Task 1.3");
    sandbox.work("d", "fix(prd-12): a slip");
    let shown = report(&sandbox, &[]);
    assert_eq!(shown["schema"], "spec-log/backfill/1");
    assert_eq!(
        found(&shown),
        [
            "feat: ask [PRD-12 Task 1.1] | tag | certain",
            "feat(prd-12): store (Task 1.2) | scope | high",
            "feat: send | named | high",
            "fix(prd-12): a slip | scope | high",
        ]
    );
    let feature = &shown["features"][0];
    assert_eq!((&feature["feature"], &feature["path"]), (&json!("PRD-12"), &json!(PLACE)));
    assert_eq!(feature["ticked"], json!(["1.1", "1.2", "1.3"]));
    let link = &feature["commits"][1]["links"][0];
    assert_eq!((&link["task"], &link["effect"]), (&json!("1.2"), &json!("done")));
    assert_eq!(sandbox.read(PLACE), PLAN, "nothing is written unasked");

    sandbox.spec_log(&["backfill", "--write"]).says("1.1, 1.2, 1.3 done, 4 commits listed").ok();
    let text = sandbox.read(PLACE);
    assert!(text.contains("**Overall Progress:** 75% (3/4 tasks)"), "{text}");
    assert!(text.contains("- feat(prd-12): store (Task 1.2) [PRD-12 Task 1.2]\n"), "{text}");
    assert!(text.contains("- fix(prd-12): a slip [PRD-12]\n"), "{text}");
    is_settled(&sandbox, PLACE);
}

#[test]
fn a_box_that_a_person_opened_again_stays_open() {
    let sandbox = old(PLACE, PLAN);
    sandbox.work("a", "feat(prd-12): ask (Task 1.1)");
    sandbox.work("b", "feat(prd-12): store (Task 1.2)");
    let ticked = PLAN.replace("[ ] Task 1.1", "[x] Task 1.1");
    sandbox.write(PLACE, &ticked);
    sandbox.commit("docs: done").ok();
    sandbox.write(PLACE, PLAN);
    sandbox.commit("docs: not done after all").ok();
    assert_eq!(report(&sandbox, &[])["features"][0]["ticked"], json!(["1.2"]));
    sandbox.spec_log(&["backfill", "--write"]).says("1.2 done, 2 commits listed").ok();
    let text = sandbox.read(PLACE);
    assert!(text.contains("- [ ] Task 1.1: Ask\n- [x] Task 1.2: Store\n"), "{text}");
    is_settled(&sandbox, PLACE);
}

#[test]
fn a_task_that_was_begun_and_that_a_person_ticked_stays_ticked() {
    let place = ".kiro/specs/login/tasks.md";
    let plan = "# Plan\n\n- [ ] 1.1 Store\n- [ ] 1.2 Send\n";
    for (place, plan) in [(place, plan), (PLACE, PLAN)] {
        let name = if place == PLACE { "prd-12" } else { "login" };
        let sandbox = old(place, plan);
        sandbox.work("a", &format!("feat({name}): store (Task 1.1 - Part 1)"));
        let ticked = plan.replace("[ ] 1.1", "[x] 1.1").replace("[ ] Task 1.1", "[x] Task 1.1");
        sandbox.write(place, &ticked);
        sandbox.commit("docs: done").ok();
        sandbox.spec_log(&["backfill", "--write"]).ok();
        let text = sandbox.read(place);
        let box_line =
            |text: &str| text.lines().find(|line| line.contains("1.1")).map(str::to_owned);
        assert_eq!(box_line(&text), box_line(&ticked), "{text}");
        is_settled(&sandbox, place);
    }
}

#[test]
fn what_is_not_sure_is_left_out_and_the_reason_given() {
    let sandbox = old("specs/004-events/tasks.md", "- [ ] T001 A\n- [ ] T002 B\n- [ ] T003 C\n");
    sandbox.write("specs/005-mail/tasks.md", "- [ ] T001 M\n");
    sandbox.write(".spec-log.toml", "[dialect.spec-kit]\ntags = []\n");
    sandbox.commit("docs: plan more").ok();
    sandbox.work("a", "feat: make (T001)");
    sandbox.work("b", "feat: make (T002)");
    sandbox.work("c", "feat: make (T009)");
    sandbox.work("d", "chore(004): mark done (T003)");
    sandbox.work("specs/004-events/tasks.md", "feat: T003");
    sandbox.write("specs/004-events/tasks.md", "- [ ] T001 A\n- [ ] T002 B\n- [ ] T003 C\n");
    sandbox.commit("docs: as it was").ok();
    let shown = report(&sandbox, &[]);
    assert_eq!(found(&shown), [""; 0], "{shown}");
    let mut told = reasons(&shown);
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "ambiguous between 004-events and 005-mail",
            "changes task documents alone",
            "keeps books only",
            "no such task in a document that can be meant",
            "only 004-events has such a task (--uncertain)",
        ]
    );
    assert_eq!(reasons(&report(&sandbox, &["005"])).len(), 4, "the rest is not about it");
    let taken = report(&sandbox, &["--uncertain"]);
    assert_eq!(found(&taken), ["feat: make (T002) | unique | low"]);
    assert_eq!(taken["features"][0]["ticked"], json!(["T002"]));
}

#[test]
fn a_commit_that_touches_one_document_alone_is_sure() {
    let sandbox = old("specs/004-events/tasks.md", "- [ ] T001 A\n- [ ] T002 B\n");
    sandbox.write("specs/005-mail/tasks.md", "- [ ] T001 M\n- [ ] T002 N\n");
    sandbox.commit("docs: plan more").ok();
    sandbox.write("specs/005-mail/tasks.md", "- [x] T001 M\n- [ ] T002 N\n");
    sandbox.write("code", "1");
    sandbox.commit("feat: mail (T001)").ok();
    sandbox.write("specs/004-events/tasks.md", "- [ ] T001 A\n- [ ] T002 B too\n");
    sandbox.write("specs/005-mail/tasks.md", "- [x] T001 M\n- [ ] T002 N too\n");
    sandbox.write("code", "2");
    sandbox.commit("feat: both (T002)").ok();
    let shown = report(&sandbox, &[]);
    assert_eq!(found(&shown), ["feat: mail (T001) | document | high"]);
    assert_eq!(reasons(&shown), ["ambiguous between 004-events and 005-mail"]);
}

#[test]
fn a_document_that_came_later_has_no_part_in_a_commit_that_does_not_name_it() {
    let sandbox = Sandbox::new();
    sandbox.work("a", "feat: make (T001)");
    sandbox.write("specs/004-events/tasks.md", "- [ ] T001 A\n");
    sandbox.commit("docs: plan").ok();
    assert_eq!(found(&report(&sandbox, &["--uncertain"])), [""; 0]);
    sandbox.work("b", "feat: make it again (T001)");
    assert_eq!(found(&report(&sandbox, &[])), ["feat: make it again (T001) | unique | high"]);
}

#[test]
fn merges_and_commits_to_be_folded_make_no_link_and_a_revert_takes_back() {
    let sandbox = old(PLACE, PLAN);
    sandbox.work("a", "feat(prd-12): ask (Task 1.1)");
    sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
    sandbox.work("b", "fixup! feat(prd-12): store (Task 1.2)");
    sandbox.git(&["switch", "-qc", "side"]).ok();
    sandbox.work("c", "feat: unrelated");
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.git(&["merge", "-q", "--no-ff", "-m", "feat(prd-12): all (Task 1.3)", "side"]).ok();
    let shown = report(&sandbox, &[]);
    assert_eq!(
        found(&shown),
        [
            "feat(prd-12): ask (Task 1.1) | scope | high",
            "Revert \"feat(prd-12): ask (Task 1.1)\" | revert | high",
        ]
    );
    assert_eq!(shown["features"][0]["ticked"], json!([]));
    sandbox.spec_log(&["backfill", "--write"]).ok();
    assert!(!sandbox.read(PLACE).contains("[x]"));
    is_settled(&sandbox, PLACE);
}

#[test]
fn one_feature_alone_can_be_asked_for() {
    let sandbox = old(PLACE, PLAN);
    let other = PLAN.replace("PRD 12", "PRD 13");
    sandbox.write("prd/tasks/13_mail.md", &other);
    sandbox.commit("docs: plan more").ok();
    sandbox.work("a", "feat(prd-12): ask (Task 1.1)\n\n[PRD-13 Task 1.2]");
    sandbox.work("b", "feat(prd-12): ask (Task 1.1)");
    sandbox.work("c", "feat(prd-13): store (Task 1.2)");
    assert_eq!(found(&report(&sandbox, &["prd-13"])).len(), 2);
    sandbox.spec_log(&["backfill", "13", "--write"]).ok();
    assert_eq!(sandbox.read(PLACE), PLAN);
    assert!(sandbox.read("prd/tasks/13_mail.md").contains("[x] Task 1.2"));
    sandbox.spec_log(&["backfill", "14"]).fails_with(2).says("names no feature");
}

#[test]
fn what_is_shown_fits_a_terminal_and_says_what_to_do() {
    let sandbox = old(PLACE, PLAN);
    sandbox.work("a", &format!("feat(prd-12): 保存する {} (Task 1.1)", "long words ".repeat(9)));
    sandbox.work("b", "chore(prd-12): mark task 1.2 done (Task 1.2)");
    sandbox.work("c", "feat: more [PRD-12 Task 1.9]");
    let told = sandbox.spec_log(&["backfill"]).says("--write");
    let shown = told.ok();
    assert!(shown.contains("PRD-12  0 of 4 tasks, then 1\n"), "{shown}");
    assert!(shown.contains("high scope    (1.1 done) feat(prd-12):"), "{shown}");
    assert!(shown.contains("1  keeps books only"), "{shown}");
    assert!(shown.contains("1  finds no place in its document"), "{shown}");
    let all = sandbox.spec_log(&["backfill", "-v"]).ok();
    assert!(all.contains("mark task 1.2 done"), "{all}");
    assert!(all.contains("    there is no task 1.9 in it\n"), "{all}");
    let width =
        |line: &str| line.chars().map(|c| if c > '\u{2fff}' { 2 } else { 1 }).sum::<usize>();
    assert!(shown.lines().chain(all.lines()).all(|line| width(line) <= 80), "{shown}{all}");
    let diff = sandbox.spec_log(&["backfill", "--diff"]).ok();
    assert!(diff.contains("\n+- [x] Task 1.1: Ask\n"), "{diff}");
}

#[test]
fn a_clone_without_blobs_is_read_without_a_network() {
    let origin = old("specs/004-events/tasks.md", "- [ ] T001 A\n- [ ] T002 B\n");
    origin.work("a", "feat(004): make (T001)");
    origin.write("specs/004-events/tasks.md", "- [ ] T001 A\n- [ ] T002 B too\n");
    origin.write("code", "1");
    origin.commit("feat: more").ok();
    origin.write("specs/004-events/tasks.md", "- [ ] T001 A\n- [ ] T002 B as well\n");
    origin.write("code", "2");
    origin.commit("feat: even more").ok();
    origin.work("b", "feat(004): do (T002)");
    origin.git(&["config", "uploadpack.allowFilter", "true"]).ok();
    for (filter, ticked, reason) in [
        ("blob:none", json!(["T002"]), "may have been undone in one"),
        ("tree:0", json!(null), "it is not in this clone"),
    ] {
        let name = filter.replace(':', "-");
        let url = format!("file://{}", origin.top().display());
        let filter = format!("--filter={filter}");
        origin.git(&["clone", "-q", &filter, &url, &format!("../{name}")]).ok();
        let gone = format!("file://{}", origin.beside("gone").display());
        let at = format!("../{name}");
        origin.git(&["-C", &at, "config", "remote.origin.url", &gone]).ok();
        let said = origin.spec_log(&["-C", &at, "backfill", "--json"]).ok();
        let shown: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(shown["features"][0]["ticked"], ticked, "{shown}");
        let told = reasons(&shown);
        assert!(told.iter().any(|told| told.contains(reason)), "{shown}");
    }
}

#[test]
fn a_parent_that_a_person_ticked_over_open_parts_stays_ticked() {
    let plan = "# Plan\n\n- [x] 1. Store\n  - [ ] 1.1 Keep\n  - [~] 1.2 Drop\n- [ ] 2. Send\n";
    let place = ".kiro/specs/login/tasks.md";
    let sandbox = old(place, plan);
    sandbox.work("a", "feat(login): keep (Task 1.1)");
    sandbox.work("b", "feat(login): store (Task 1)");
    sandbox.spec_log(&["backfill", "--write"]).ok();
    assert_eq!(sandbox.read(place), plan.replace("[ ] 1.1", "[x] 1.1"));
    is_settled(&sandbox, place);
}

#[test]
fn a_feature_that_is_not_here_lends_its_tasks_to_no_other() {
    let place = "specs/002-mail/tasks.md";
    let sandbox = old(place, "- [ ] T019 A\n- [ ] Task 2.4: B\n");
    sandbox.work("a", "feat(003): a thing (T019)");
    sandbox.work("b", "feat(prd-12): a thing (Task 2.4)");
    let shown = report(&sandbox, &["--uncertain"]);
    assert!(found(&shown).is_empty(), "{shown}");
    sandbox.spec_log(&["sync"]).says("nothing to record").ok();
    sandbox.work("c", "feat(ui): a thing (T019)");
    assert_eq!(found(&report(&sandbox, &[])), ["feat(ui): a thing (T019) | unique | high"]);
}

#[test]
fn a_task_is_no_version_that_a_plan_is_called_by() {
    let place = ".kiro/specs/login/tasks.md";
    let sandbox = old(place, "- [ ] 1.1 A\n- [ ] 1.2 B\n");
    sandbox.write("docs/plans/1.2-release.md", "# Release\n\n- [ ] Tag it\n");
    sandbox.commit("docs: plan more").ok();
    sandbox.work("a", "Task 1.2: b");
    let shown = report(&sandbox, &[]);
    assert_eq!(shown["features"][0]["feature"], "login");
    assert_eq!(shown["features"][0]["ticked"], json!(["1.2"]));
    assert_eq!(shown["features"].as_array().map(Vec::len), Some(1), "{shown}");
}

#[test]
fn what_stays_open_is_not_said_at_each_sync() {
    let place = "kitty-specs/login/tasks.md";
    let plan = "# Work Packages\n\n## Work Package WP01: Store\n\n- [ ] T001 A\n- [ ] T002 B\n";
    let sandbox = Sandbox::planned(place, plan);
    sandbox.write("a", "a");
    sandbox.git(&["add", "a"]).ok();
    sandbox.git(&["commit", "-qm", "feat(WP01): begin"]).says("WP01 stays open").ok();
    for command in ["sync", "backfill"] {
        let output = sandbox.spec_log(&[command]);
        assert!(!output.stderr.contains("stays open"), "{}", output.stderr);
        output.ok();
    }
    assert_eq!(sandbox.read(place), plan);
}

#[test]
fn a_change_that_was_archived_keeps_the_links_that_named_it() {
    let sandbox = old("openspec/changes/add-login/tasks.md", "- [ ] 1.1 A\n- [ ] 1.2 B\n");
    sandbox.work("a", "feat(add-login): store (Task 1.1)");
    let archive = "openspec/changes/archive/2026-01-27-add-login";
    std::fs::create_dir_all(sandbox.top().join("openspec/changes/archive")).expect("a folder");
    sandbox.git(&["mv", "openspec/changes/add-login", archive]).ok();
    sandbox.commit("chore: archive the change").ok();
    assert_eq!(found(&report(&sandbox, &[])), ["feat(add-login): store (Task 1.1) | scope | high"]);
    let shown = sandbox.spec_log(&["show", "add-login", "1.1"]).ok();
    assert!(shown.contains("feat(add-login): store"), "{shown}");
}
