//! `git spec-log why`

use serde_json::{Value, json};

use crate::reading::{json, one_feature, work};

#[test]
fn a_line_leads_to_its_task_and_a_file_to_its_commits() {
    let sandbox = one_feature();
    sandbox.install_hooks();
    let oid = work(&sandbox, "src/a b.rs", "feat: begin [PRD-07 Task 1.1]");
    sandbox.write("src/a b.rs", "changed\nnew\n");
    sandbox.git(&["add", "src"]).ok();
    sandbox.commit("chore: no task").ok();
    sandbox.write("src/a b.rs", "changed\nnew\nnot yet\n");
    let file = json(&sandbox, &["why", "src/a b.rs"]);
    assert_eq!((&file["line"], &file["commits"][0]["oid"]), (&Value::Null, &json!(oid)));
    assert_eq!(file["commits"].as_array().unwrap().len(), 1);
    assert_eq!(json(&sandbox, &["why", "src/a b.rs:3"])["commit"], Value::Null);
    let untagged = json(&sandbox, &["why", "src/a b.rs:2"]);
    assert_eq!((&untagged["commit"]["links"], &untagged["tasks"]), (&json!([]), &json!([])));

    work(&sandbox, "src/c.rs", "feat: end [PRD-07 Task 1.3]");
    let line = json(&sandbox, &["why", "src/c.rs:1"]);
    assert_eq!((&line["path"], &line["line"]), (&json!("src/c.rs"), &json!(1)));
    assert_eq!(line["commit"]["links"][0]["task"], "1.3");
    assert_eq!(
        (&line["tasks"][0]["id"], &line["tasks"][0]["feature"]),
        (&json!("1.3"), &json!("PRD-07"))
    );
    let told = sandbox.spec_log(&["-C", "src", "why", "c.rs:1"]).ok();
    assert!(told.contains("feat: end") && told.contains("1.3"), "{told}");
}

#[test]
fn what_has_no_history_says_so() {
    let sandbox = one_feature();
    sandbox.spec_log(&["why", "nowhere.rs"]).fails_with(2).says("no commit of HEAD has changed");
    sandbox.spec_log(&["why", "nowhere.rs:1"]).fails_with(128).says("nowhere.rs");
    sandbox.spec_log(&["why", "../x"]).fails_with(2).says("outside the work tree");
}
