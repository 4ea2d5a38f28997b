//! `git spec-log status`

use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::reading::{LOGIN, json, one_feature, three_features, work};
use crate::sandbox::Sandbox;

#[test]
fn json_says_how_far_each_feature_is() {
    let sandbox = three_features();
    let features = &json(&sandbox, &["status"])["features"];
    assert_eq!(
        features[0],
        json!({
            "id": "PRD-07", "title": "Login", "path": "prd/tasks/07_login.md",
            "dialect": "feature-file", "status": "Not Started",
            "done": 1, "total": 5, "percent": 20, "last_updated": "YYYY-MM-DD HH:MM",
            "active_task": null,
            "next_task": {"id": "2.1", "text": "Cover expiry", "line": 19},
            "phases": [
                {"title": "Phase 1: Core", "done": 1, "total": 3, "percent": 33},
                {"title": "Phase 2: Tests", "done": 0, "total": 2, "percent": 0},
            ],
            "unrecorded": 0,
        })
    );
    let ids: Vec<_> = features.as_array().unwrap().iter().map(|f| &f["id"]).collect();
    assert_eq!(ids, ["PRD-07", "PRD-12", "vault"]);
    assert_eq!((&features[1]["next_task"], &features[2]["status"]), (&Value::Null, &Value::Null));
}

#[test]
fn linked_commits_that_a_document_lacks_are_counted_until_sync() {
    let sandbox = three_features();
    let unrecorded = || {
        let value = json(&sandbox, &["status"]);
        let features = value["features"].as_array().unwrap().clone();
        features.iter().map(|f| f["unrecorded"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    work(&sandbox, "a.rs", "feat: a [PRD-07 Task 1.3]");
    work(&sandbox, "b.rs", "feat: b [PRD-07 Task 2.1 wip] [PRD-12 Task 3.1]");
    work(&sandbox, "c.rs", "feat: c [vault Task A1]");
    work(&sandbox, "prd/tasks/07_login.md", &format!("{LOGIN}\n"));
    sandbox.git(&["commit", "--amend", "-qm", "docs: books [PRD-07 Task 1.1]"]).ok();
    sandbox.write("prd/tasks/07_login.md", LOGIN);
    assert_eq!(unrecorded(), [2, 1, 0]);
    sandbox.spec_log(&[]).says("2 of PRD-07, 1 of PRD-12").says("git spec-log sync").ok();
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(unrecorded(), [0, 0, 0]);
}

#[test]
fn every_line_fits_eighty_columns_and_controls_are_shown() {
    let sandbox = three_features();
    let title = "機能 with a \x1b[31mtitle that goes on for much longer than a line can be";
    let text =
        format!("# Feature: {title} (PRD 99)\n\n**Status:** {title}\n\n- [ ] Task 1: {title}\n");
    sandbox.write("prd/tasks/99_x.md", text);
    sandbox.write("specs/active/a-slug-of-many-words-and-more/tasks.md", "- [ ] 1. x\n");
    for arguments in [&["status"][..], &["status", "99", "7"]] {
        let output = sandbox.spec_log(arguments).ok();
        for line in output.lines() {
            // An East Asian character takes two columns.
            let columns: usize = line.chars().map(|c| if c >= '\u{3000}' { 2 } else { 1 }).sum();
            assert!(columns <= 80, "{columns}: {line}");
            assert_eq!(line.trim_end(), line);
        }
        assert!(!output.contains('\x1b') && output.contains("PRD-99"), "{output}");
    }
    assert!(sandbox.spec_log(&["--color=always", "status"]).ok().contains("\x1b[1mPRD-07"));
}

#[test]
fn a_project_without_documents_is_told_how_to_begin() {
    let sandbox = Sandbox::new();
    let output = sandbox.spec_log(&[]).says("no feature is tracked here").says("prd/tasks/");
    assert_eq!(output.ok(), "");
    assert_eq!(json(&sandbox, &["status"])["features"], json!([]));
}

/// A repository with open, complete, archived and empty documents.
fn old_repository(complete: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    let folder = "openspec/changes";
    sandbox.write(format!("{folder}/z-open/tasks.md"), "# Tasks: Z\n\n- [ ] 1.1 A\n");
    for n in 0..complete {
        sandbox.write(format!("{folder}/done-{n:02}/tasks.md"), "- [x] 1.1 A\n");
    }
    sandbox.write(format!("{folder}/archive/2026-01-01-old/tasks.md"), "- [ ] 1.1 A\n");
    sandbox.write("backlog/completed/task-3 - X.md", "---\ntitle: 'X: y'\nstatus: Done\n---\n");
    sandbox.write("docs/plans/idea.md", "# An idea\n\nProse alone.\n");
    sandbox
}

#[test]
fn what_is_worked_on_comes_first_and_what_is_done_with_is_counted() {
    let ids = |output: &str| -> Vec<String> {
        let words = output.lines().filter_map(|line| line.split_whitespace().next());
        words.map(str::to_owned).collect()
    };
    let sandbox = old_repository(2);
    let output = sandbox.spec_log(&[]).says("not shown: 2 archived, 1 without tasks");
    assert_eq!(ids(&output.ok()), ["z-open", "done-00", "done-01"]);
    let sandbox = old_repository(11);
    let output =
        sandbox.spec_log(&["status"]).says("not shown: 11 complete, 2 archived, 1 without");
    assert_eq!(ids(&output.ok()), ["z-open"]);
    let output = sandbox.spec_log(&["status", "--all"]).ok();
    assert_eq!(output.lines().count(), 15, "{output}");
    assert_eq!(json(&sandbox, &["status"])["features"].as_array().unwrap().len(), 15);
    // What is named is shown.
    let output = sandbox.spec_log(&["status", "idea", "old"]).ok();
    assert!(output.contains("An idea") && output.contains("2026-01-01-old"), "{output}");
    // What is done with has no next task, unless it is asked for.
    let next = sandbox.spec_log(&["next"]).ok();
    assert!(next.contains("z-open") && !next.contains("archive"), "{next}");
    assert!(sandbox.spec_log(&["next", "old"]).ok().contains("1.1 A"));
}

#[test]
fn a_feature_that_was_archived_is_shown_while_its_task_is_active() {
    let sandbox = old_repository(0);
    sandbox.commit("docs: plans").ok();
    sandbox.spec_log(&["start", "2026-01-01-old", "1.1"]).ok();
    let output = sandbox.spec_log(&["status"]).says("not shown: 1 archived").ok();
    assert!(output.contains("2026-01-01-old"), "{output}");
}

#[test]
fn a_title_stands_in_the_front_matter_where_the_text_has_none() {
    let sandbox = old_repository(0);
    let features = json(&sandbox, &["status"])["features"].as_array().unwrap().clone();
    let titles: Vec<_> = features.iter().map(|f| (&f["id"], &f["title"])).collect();
    assert!(titles.contains(&(&json!("task-3"), &json!("X: y"))), "{titles:?}");
    assert!(titles.contains(&(&json!("z-open"), &json!("Z"))), "{titles:?}");
}

#[test]
fn documents_need_not_be_tracked_nor_any_commit_be_there() {
    let sandbox = Sandbox::new();
    sandbox.write("prd/tasks/07_login.md", LOGIN);
    assert_eq!(json(&sandbox, &["status"])["features"][0]["total"], 5);
    assert!(sandbox.spec_log(&[]).ok().contains("PRD-07"));
}

#[test]
fn what_cannot_be_read_is_warned_about_and_the_rest_is_shown() {
    let sandbox = one_feature();
    sandbox.write("elsewhere.md", "# Feature: X (PRD 08)\n");
    symlink("../../elsewhere.md", sandbox.top().join("prd/tasks/08_link.md")).unwrap();
    sandbox.write("prd/tasks/09_large.md", vec![b'x'; (8 << 20) + 1]);
    let output = sandbox.spec_log(&[]).says("`prd/tasks/08_link.md`").says("larger than 8 MiB");
    let shown = output.ok();
    assert_eq!((shown.lines().count(), shown.starts_with("PRD-07")), (1, true), "{shown}");
}

#[test]
fn a_feature_is_named_by_id_number_slug_or_path_from_any_directory() {
    let sandbox = three_features();
    sandbox.write("src/deep/x.rs", "");
    let id = |arguments: &[&str]| {
        let whole = [&["status"], arguments].concat();
        json(&sandbox, &whole)["features"]
            .as_array()
            .unwrap()
            .iter()
            .fold(String::new(), |ids, feature| ids + feature["id"].as_str().unwrap() + ";")
    };
    for name in
        ["PRD-07", "7", "prd-7", "prd 07", "prd/tasks/07_login.md", "./prd/tasks/07_login.md"]
    {
        assert_eq!(id(&[name]), "PRD-07;", "{name}");
    }
    assert_eq!(id(&["Vault", "12", "7", "7"]), "vault;PRD-12;PRD-07;");
    assert_eq!(id(&["specs/active/vault/"]), "vault;");
    let whole = sandbox.top().join("prd/tasks/12_reports.md");
    assert_eq!(id(&[whole.to_str().unwrap()]), "PRD-12;");
    let deep = sandbox.top().join("src/deep");
    let sandbox = sandbox.moved_to(deep);
    let value = json(&sandbox, &["status", "../../prd/tasks/07_login.md"]);
    assert_eq!(value["features"][0]["path"], "prd/tasks/07_login.md");
    sandbox.spec_log(&["status", "PRD-70"]).fails_with(2).says("`PRD-70`").says("PRD-07");
}
