//! `git spec-log next`

use serde_json::{Value, json};

use crate::reading::{json, one_feature, three_features};
use crate::sandbox::Sandbox;

fn ids(value: &Value) -> String {
    let tasks = value["tasks"].as_array().expect("tasks");
    tasks
        .iter()
        .map(|task| format!("{} {};", task["feature"], task["id"]).replace('"', ""))
        .collect()
}

#[test]
fn what_is_begun_comes_first_and_subtasks_stand_for_their_task() {
    let sandbox = one_feature();
    let value = json(&sandbox, &["next"]);
    assert_eq!(ids(&value), "PRD-07 2.1;PRD-07 1.1.1;PRD-07 1.3;PRD-07 ~cover-reuse;");
    let path = "prd/tasks/07_login.md";
    assert_eq!(
        value["tasks"][0],
        json!({"feature": "PRD-07", "id": "2.1", "text": "Cover expiry", "path": path, "line": 19})
    );
    assert_eq!(value["tasks"][3]["text"], "Cover reuse");
    let text = sandbox.spec_log(&["next", "-n2"]).ok();
    assert!(text.contains(":19  2.1 Cover expiry") && text.contains("and 2 more"), "{text}");
}

#[test]
fn the_branch_names_the_feature_else_all_are_shown() {
    let sandbox = three_features();
    assert!(ids(&json(&sandbox, &["next"])).ends_with("PRD-07 ~cover-reuse;vault A1;vault A2;"));
    assert_eq!(ids(&json(&sandbox, &["next", "vault", "-n1"])), "vault A1;");
    sandbox.git(&["switch", "-qc", "feature/vault"]).ok();
    assert_eq!(ids(&json(&sandbox, &["next"])), "vault A1;vault A2;");
    sandbox.git(&["switch", "-qc", "prd-07-and-prd-12"]).ok();
    assert!(ids(&json(&sandbox, &["next"])).contains("vault"), "two features are none");
}

#[test]
fn nothing_open_and_nothing_tracked_are_told_apart() {
    let sandbox = three_features();
    assert_eq!(sandbox.spec_log(&["next", "12"]).says("nothing is open").ok(), "");
    assert_eq!(Sandbox::new().spec_log(&["next"]).says("no feature is tracked").ok(), "");
}
