//! `git spec-log show`

use serde_json::{Value, json};

use crate::reading::{json, one_feature, three_features, work};

#[test]
fn a_task_comes_with_its_parts_commits_and_files() {
    let sandbox = three_features();
    sandbox.install_hooks();
    let oid = work(&sandbox, "src/schema.sql", "feat: schema [PRD-07 Task 1.1.1]");
    sandbox.write("src/table.rs", "");
    sandbox.commit("feat: table [PRD-07 Task 1.1]").ok();
    let value = json(&sandbox, &["show", "PRD-07", "1.1"]);
    let task = &value["task"];
    assert_eq!((&task["id"], &task["text"]), (&json!("1.1"), &json!("Store tokens")));
    assert_eq!((&task["state"], &task["line"]), (&json!("done"), &json!(11)));
    assert_eq!((&task["path"], &task["parent"]), (&json!("prd/tasks/07_login.md"), &Value::Null));
    assert_eq!(task["subtasks"], json!(["1.1.1", "1.1.2"]));
    assert_eq!(value["commits"].as_array().unwrap().len(), 2);
    assert_eq!(value["commits"][1]["oid"], oid);
    // The document rode along in the second commit and is no work.
    assert_eq!(value["files"], json!(["src/schema.sql", "src/table.rs"]));
    assert_eq!(json(&sandbox, &["show", "7", "1.1.1"])["task"]["parent"], "1.1");
}

#[test]
fn each_state_has_its_name() {
    let sandbox = one_feature();
    let text = sandbox.read("prd/tasks/07_login.md").replace("[ ] Task 1.3", "[~] Task 1.3");
    sandbox.write("prd/tasks/07_login.md", text);
    let state = |id: &str| json(&sandbox, &["show", "7", id])["task"]["state"].clone();
    let states = ["1.1", "1.2", "1.3", "2.1"].map(state);
    assert_eq!(states, ["open", "done", "other", "in_progress"]);
}

#[test]
fn a_commit_comes_with_its_tasks() {
    let sandbox = three_features();
    let oid = work(&sandbox, "a.rs", "feat: a [PRD-07 Task 1.3] [PRD-12 Task 3.1]");
    let value = json(&sandbox, &["show", &oid[..10]]);
    assert_eq!((&value["commit"]["oid"], &value["files"]), (&json!(oid), &json!(["a.rs"])));
    let tasks: Vec<_> = value["tasks"].as_array().unwrap().iter().map(|t| &t["text"]).collect();
    assert_eq!(tasks, ["Send the mail", "Print"]);
    let text = sandbox.spec_log(&["show", "HEAD"]).ok();
    assert!(text.contains("PRD-07 1.3 Send the mail") && text.contains("a.rs"), "{text}");
    work(&sandbox, "b.rs", "chore: b");
    assert!(sandbox.spec_log(&["show", "HEAD"]).ok().contains("links to no task"));
}

#[test]
fn a_feature_goes_before_a_revision_and_comes_with_its_tasks() {
    let sandbox = three_features();
    work(&sandbox, "a.rs", "feat: a [vault Task A1]");
    sandbox.git(&["branch", "vault"]).ok();
    let value = json(&sandbox, &["show", "vault"]);
    assert_eq!((&value["feature"]["id"], value.get("commit")), (&json!("vault"), None));
    assert_eq!(value["tasks"].as_array().unwrap().len(), 2);
    assert!(json(&sandbox, &["show", "refs/heads/vault"]).get("commit").is_some());
}

#[test]
fn a_feature_says_what_holds_it_up() {
    let sandbox = one_feature();
    let plan = sandbox.read("prd/tasks/07_login.md");
    let blockers =
        "\n## Blockers\n\n1. No mail host - Blocking Task 1.3\n\n**Resolved Blockers:**\n- Quota\n";
    sandbox.write("prd/tasks/07_login.md", plan + blockers);
    assert_eq!(
        json(&sandbox, &["show", "7"])["blockers"],
        json!(["No mail host - Blocking Task 1.3"])
    );
    assert!(sandbox.spec_log(&["show", "7"]).ok().contains("blocked: No mail host"));
}

#[test]
fn what_is_not_there_is_told_with_the_nearest() {
    let sandbox = one_feature();
    sandbox.spec_log(&["show", "nope"]).fails_with(2).says("neither a feature nor a revision");
    let told = sandbox.spec_log(&["show", "7", "1.33"]).fails_with(2);
    told.says("no task `1.33`").says("prd/tasks/07_login.md:15: Task 1.3: Send the mail");
    sandbox.write("prd/tasks/70_login.md", sandbox.read("prd/tasks/07_login.md"));
    let told = sandbox.spec_log(&["show", "7", "1.3"]).fails_with(2).says("several documents");
    told.says("prd/tasks/70_login.md");
    sandbox.spec_log(&["show", "prd/tasks/70_login.md", "1.3"]).ok();
}

#[test]
fn a_task_alone_is_shown_where_there_is_one_document() {
    let sandbox = one_feature();
    assert_eq!(json(&sandbox, &["show", "1.3"])["task"]["text"], "Send the mail");
}
