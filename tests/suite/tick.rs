//! `git spec-log tick` and `untick`

use std::os::unix::fs::symlink;

use serde_json::json;

use crate::reading::{LOGIN, json, one_feature, three_features};
use crate::sandbox::Sandbox;

const PATH: &str = "prd/tasks/07_login.md";

#[test]
fn one_box_changes_and_nothing_else() {
    let sandbox = one_feature();
    sandbox.spec_log(&["tick", "1.1.1"]).says("1.1.1 is done (prd/tasks/07_login.md:12)").ok();
    assert_eq!(sandbox.read(PATH), LOGIN.replace("[ ] 1.1.1", "[x] 1.1.1"));
    sandbox.spec_log(&["untick", "1.1.1"]).ok();
    assert_eq!(sandbox.read(PATH), LOGIN);
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), "");
}

#[test]
fn boxes_that_are_ticked_at_once_are_all_ticked() {
    let sandbox = one_feature();
    let tasks = ["1.1.1", "1.1.2", "1.3"];
    sandbox.spec_log(&[&["untick"], &tasks[..]].concat()).ok();
    for _ in 0..5 {
        let begin = |task: &&str| {
            sandbox.command("git-spec-log").args(["tick", task]).spawn().expect("it starts")
        };
        let children: Vec<_> = tasks.iter().map(begin).collect();
        for mut child in children {
            assert!(child.wait().expect("it ends").success());
        }
        let said = sandbox.spec_log(&[&["untick"], &tasks[..]].concat());
        assert!(tasks.iter().all(|task| said.stderr.contains(&format!("{task} is open"))));
        said.ok();
    }
}

#[test]
fn the_files_own_tick_comes_and_goes_with_the_state() {
    let sandbox = one_feature();
    sandbox.spec_log(&["tick", "1.3"]).ok();
    assert_eq!(
        sandbox.read(PATH),
        LOGIN.replace("[ ] Task 1.3: Send the mail", "[x] Task 1.3: Send the mail ✓")
    );
    sandbox.spec_log(&["untick", "1.2", "1.3"]).ok();
    assert_eq!(
        sandbox.read(PATH),
        LOGIN.replace("[x] Task 1.2: Choose a service ✓", "[ ] Task 1.2: Choose a service")
    );
}

#[test]
fn what_is_ticked_is_in_progress_no_more() {
    let sandbox = one_feature();
    let begun = |state| LOGIN.replace("[ ] Task 1.3: Send the mail", state);
    sandbox.write(PATH, begun("[ ] Task 1.3: Send the mail (IN PROGRESS)"));
    sandbox.spec_log(&["untick", "1.3"]).ok();
    assert_eq!(sandbox.read(PATH), begun("[ ] Task 1.3: Send the mail (IN PROGRESS)"));
    sandbox.spec_log(&["tick", "1.3"]).ok();
    assert_eq!(sandbox.read(PATH), begun("[x] Task 1.3: Send the mail ✓"));
}

#[test]
fn boxes_are_named_by_id_line_or_text() {
    let sandbox = one_feature();
    let value = json(&sandbox, &["tick", "1.1", ":15", "cover Reuse", "1.2", "Store tokens"]);
    let named = |key: &str| {
        let boxes = value["boxes"].as_array().unwrap().clone();
        boxes.iter().map(|one| one[key].clone()).collect::<Vec<_>>()
    };
    assert_eq!(named("line"), [11, 15, 20, 14]);
    assert_eq!(named("changed"), [true, true, true, false]);
    assert_eq!(
        value["documents"],
        json!([{"path": PATH, "feature": "PRD-07", "ticked": ["1.1", "1.3", "Cover reuse"], "reopened": []}])
    );
    sandbox.spec_log(&["tick", "1.2"]).says("1.2 was already done").ok();
}

#[test]
fn one_address_that_fits_nothing_stops_all() {
    let sandbox = one_feature();
    for (address, nearest) in [
        ("1.33", ":15: Task 1.3"),
        (":16", ":15: Task 1.3"),
        ("Send a mail", ":15: Task 1.3"),
        ("Cover", ":19: Task 2.1"),
    ] {
        let told = sandbox.spec_log(&["tick", "1.1", address]).fails_with(2);
        told.says(&format!("`{address}`")).says(nearest);
        assert_eq!(sandbox.read(PATH), LOGIN);
    }
}

#[test]
fn an_id_that_stands_twice_is_not_chosen_between() {
    let sandbox = one_feature();
    let text = LOGIN.replace("- [ ] Cover reuse", "- [ ] Task 1.3: Again");
    sandbox.write(PATH, &text);
    let told = sandbox.spec_log(&["tick", "1.3"]).fails_with(2).says("more than one box");
    told.says(":15: Task 1.3: Send the mail").says(":20: Task 1.3: Again");
    sandbox.spec_log(&["tick", ":20"]).ok();
    assert_eq!(sandbox.read(PATH), text.replace("[ ] Task 1.3: Again", "[x] Task 1.3: Again ✓"));
}

#[test]
fn over_several_documents_the_one_that_has_it_or_the_branch_or_the_file_decides() {
    let sandbox = three_features();
    sandbox.spec_log(&["tick", "A2"]).says("specs/active/vault/tasks.md").ok();
    let told = sandbox.spec_log(&["untick", "1.2"]).fails_with(2).says(PATH);
    told.says("prd/tasks/12_reports.md:8");
    sandbox.spec_log(&["untick", ":8"]).fails_with(2).says("--file");
    sandbox.spec_log(&["untick", "--file", "prd/tasks/12_reports.md", ":8"]).ok();
    sandbox.spec_log(&["tick", "--file", "prd/tasks/12_reports.md", "1.2"]).ok();
    sandbox.git(&["switch", "-qc", "prd-12"]).ok();
    sandbox.spec_log(&["untick", "1.2", ":9"]).ok();
    let reports = sandbox.read("prd/tasks/12_reports.md");
    assert!(reports.contains("[ ] Task 1.2") && reports.contains("[ ] Task 3.1"), "{reports}");
    assert_eq!(sandbox.read(PATH), LOGIN);
}

#[test]
fn any_file_of_the_work_tree_may_be_named_from_where_one_is() {
    let sandbox = one_feature();
    let text = "\u{feff}# Notes\r\n\r\n* [ ] a  \r\n* [X] b\r\n* [-] c";
    sandbox.write("docs/notes.md", text);
    let docs = sandbox.top().join("docs");
    let sandbox = sandbox.moved_to(docs);
    sandbox.spec_log(&["tick", "--file", "notes.md", ":3", ":5"]).says("docs/notes.md:3").ok();
    assert_eq!(sandbox.read("notes.md"), text.replace("[ ]", "[X]").replace("[-]", "[X]"));
    for (file, why) in
        [("../../x.md", "outside"), ("no.md", "no such file"), ("../.git/config", "outside")]
    {
        let output = sandbox.spec_log(&["tick", "--file", file, ":1"]);
        assert!(matches!(output.status, 2 | 128), "{output:?}");
        let _ = output.says(why);
    }
    symlink("notes.md", sandbox.top().join("link.md")).unwrap();
    sandbox.spec_log(&["tick", "--file", "link.md", ":1"]).fails_with(128).says("not a regular");
}

#[test]
fn a_heading_has_no_box_of_its_own() {
    let sandbox = one_feature();
    sandbox.write(PATH, "# X (PRD 07)\n\n## Task 1: Head\n\n- [ ] a\n- [ ] b\n");
    let told = sandbox.spec_log(&["tick", "1"]).fails_with(2).says("is a heading");
    told.says(":5: a");
}

#[test]
fn what_a_person_unticks_before_it_is_committed_stays_open_where_no_entry_tells_of_it() {
    const LIST: &str = "specs/active/vault/tasks.md";
    let text = "# Tasks: Vault\n\n- [ ] A1: Dig\n- [ ] A2: Fill\n";
    let listed = || Sandbox::planned(LIST, text);
    let done = listed();
    done.work("a", "feat: a [vault Task A2]");
    let begun = listed();
    begun.work("a", "feat: a [vault Task A2 wip]");
    begun.spec_log(&["start", "vault", "A2"]).ok();
    begun.spec_log(&["stop", "--done"]).ok();
    for sandbox in [done, begun] {
        assert!(sandbox.read(LIST).contains("[x] A2"));
        sandbox.spec_log(&["untick", "A2"]).ok();
        for _ in 0..2 {
            sandbox.spec_log(&["sync"]).says("nothing to record").ok();
            assert_eq!(sandbox.read(LIST), text);
        }
        sandbox.work("b", "feat: b [vault Task A1]");
        sandbox.git(&["commit", "-qam", "docs: books"]).ok();
        sandbox.spec_log(&["sync"]).says("nothing to record").ok();
        assert!(sandbox.read(LIST).contains("- [x] A1: Dig\n- [ ] A2: Fill\n"));
        sandbox.work("c", "feat: c [vault Task A2]");
        assert!(sandbox.read(LIST).contains("- [x] A2: Fill\n"), "a new commit acts");
    }
    let again = listed();
    again.work("a", "feat: a [vault Task A2]");
    again.spec_log(&["untick", "A2"]).ok();
    again.spec_log(&["tick", "A2"]).ok();
    again.spec_log(&["park"]).ok();
    assert_eq!(again.read(LIST), text);
    again.spec_log(&["sync"]).ok();
    assert!(again.read(LIST).contains("- [x] A2: Fill\n"), "it is the record's again");
}
