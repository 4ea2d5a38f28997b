//! `git spec-log log`

use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::reading::{REPORTS, json, one_feature, three_features, work};
use crate::sandbox::Sandbox;

fn summaries(value: &Value) -> Vec<String> {
    let commits = value["commits"].as_array().expect("commits");
    commits.iter().map(|commit| commit["summary"].as_str().unwrap().to_owned()).collect()
}

fn effects(value: &Value, commit: usize) -> Vec<String> {
    let links = value["commits"][commit]["links"].as_array().expect("links");
    let text = |link: &Value| {
        format!("{} {} {}", link["feature"], link["task"], link["effect"]).replace('"', "")
    };
    links.iter().map(text).collect()
}

#[test]
fn commits_come_newest_first_with_all_that_they_say() {
    let sandbox = three_features();
    let first = work(&sandbox, "a.rs", "feat: a [PRD-07 Task 1.3]");
    work(&sandbox, "b.rs", "no task at all");
    work(&sandbox, "c.rs", "feat: c [PRD-07 Task 2.1 wip] [vault Task A1] [nosuch Task 1]");
    let value = json(&sandbox, &["log"]);
    assert_eq!(effects(&value, 0), ["PRD-07 2.1 wip", "vault A1 done"]);
    let commit = &value["commits"][1];
    assert_eq!(commit["oid"], first);
    assert_eq!(commit["summary"], "feat: a [PRD-07 Task 1.3]");
    assert_eq!(commit["author"], "A Person <person@example.com>");
    assert_eq!(
        commit["links"],
        json!([{"feature": "PRD-07", "task": "1.3", "effect": "done", "path": "prd/tasks/07_login.md"}])
    );
    for time in ["author_time", "commit_time"] {
        let time = commit[time].as_str().unwrap();
        assert!(time.starts_with("2026-01-01T02:") && time.ends_with("+02:00"), "{time}");
    }
    assert_eq!(value["commits"].as_array().unwrap().len(), 2);
}

#[test]
fn every_effect_has_its_name_and_a_range_takes_the_documents_tasks() {
    let sandbox = one_feature();
    work(&sandbox, "a.rs", "feat: a [PRD-07 Tasks 1.1-1.3]");
    work(&sandbox, "b.rs", "feat: b [PRD-07 Task 1.2 reopen]");
    work(&sandbox, "c.rs", "feat: c [PRD-07]");
    sandbox.git(&["revert", "--no-edit", "HEAD~1"]).ok();
    work(&sandbox, "d.rs", "feat: d [PRD-99 Tasks 1.1-1.3]");
    let value = json(&sandbox, &["log"]);
    assert_eq!(effects(&value, 0), ["PRD-99 1.1 done", "PRD-99 1.3 done"]);
    assert_eq!(value["commits"][0]["links"][0]["path"], Value::Null);
    assert_eq!(effects(&value, 1), ["PRD-07 1.2 revert"]);
    assert_eq!(effects(&value, 2), ["PRD-07 null ref"]);
    assert_eq!(effects(&value, 3), ["PRD-07 1.2 reopen"]);
    assert_eq!(effects(&value, 4), ["PRD-07 1.1 done", "PRD-07 1.2 done", "PRD-07 1.3 done"]);
    sandbox.git(&["config", "speclog.tick", "done-only"]).ok();
    assert_eq!(effects(&json(&sandbox, &["log", "-n1"]), 0)[0], "PRD-99 1.1 wip");
}

#[test]
fn a_document_that_cannot_be_read_matters_where_a_commit_links_to_it() {
    let sandbox = three_features();
    let long = REPORTS.to_owned() + &"x\n".repeat(200_000);
    sandbox.write("prd/tasks/12_reports.md", long);
    work(&sandbox, "a.rs", "a [PRD-07 Task 1.3]");
    assert_eq!(sandbox.spec_log(&["log"]).stderr, "");
    work(&sandbox, "b.rs", "b [PRD-12 Tasks 1.2-3.1]");
    let shown = sandbox.spec_log(&["log"]).says("more than 200,000 lines").ok();
    assert!(shown.contains("(PRD-12 1.2, 3.1 done) b"), "{shown}");
    assert_eq!(sandbox.spec_log(&["log", "7"]).stderr, "");
}

#[test]
fn a_feature_a_task_a_range_and_a_number_narrow_it() {
    let sandbox = three_features();
    work(&sandbox, "a.rs", "a [PRD-07 Task 1.1.1]");
    work(&sandbox, "b.rs", "b [PRD-07 Task 1.2]");
    work(&sandbox, "c.rs", "c [PRD-12 Task 1.2]");
    work(&sandbox, "d.rs", "d [PRD-07]");
    let log = |arguments: &[&str]| {
        let found = summaries(&json(&sandbox, &[&["log"], arguments].concat()));
        found.iter().map(|summary| &summary[..1]).collect::<String>()
    };
    assert_eq!(log(&[]), "dcba");
    assert_eq!(log(&["7"]), "dba");
    assert_eq!(log(&["7", "1.2"]), "b");
    assert_eq!(log(&["7", "1.1"]), "a");
    assert_eq!(log(&["12", "1.2"]), "c");
    assert_eq!(log(&["HEAD~2..HEAD"]), "dc");
    assert_eq!(log(&["HEAD~1"]), "cba");
    assert_eq!(log(&["7", "HEAD~2..HEAD"]), "d");
    assert_eq!(log(&["7", "1.2", "main"]), "b");
    assert_eq!(log(&["-n2"]), "dc");
    assert_eq!(log(&["-n", "0"]), "");
}

#[test]
fn a_task_alone_will_do_where_one_feature_can_be_meant() {
    let sandbox = three_features();
    work(&sandbox, "a.rs", "a [PRD-07 Task 1.2]");
    work(&sandbox, "b.rs", "b [PRD-12 Task 1.2]");
    sandbox.spec_log(&["log", "1.2"]).fails_with(2).says("neither a feature nor a revision");
    sandbox.git(&["switch", "-qc", "feature/prd-12-reports"]).ok();
    assert_eq!(summaries(&json(&sandbox, &["log", "1.2"])), ["b [PRD-12 Task 1.2]"]);
}

#[test]
fn what_fits_nothing_lists_what_there_is() {
    let sandbox = one_feature();
    sandbox.spec_log(&["log", "70"]).fails_with(2).says("names no feature").says("PRD-07");
    sandbox.spec_log(&["log", "nope"]).fails_with(2).says("neither").says("PRD-07");
    let told = sandbox.spec_log(&["log", "7", "1.22", "--json"]).fails_with(2).says("1.2");
    let value: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(value["error"]["code"], "usage");
    sandbox.spec_log(&["log", "7", "no..such"]).fails_with(128).says("unknown revision");
}

#[test]
fn text_is_one_line_a_commit_and_nul_ends_it_when_asked() {
    let sandbox = one_feature();
    let oid = work(&sandbox, "a.rs", "feat: send [PRD-07 Task 1.3]");
    work(&sandbox, "b.rs", "fix: \x1b[31mred\u{202e} [PRD-07 Task 2.1 wip]");
    let text = sandbox.spec_log(&["log"]).ok();
    let expected = format!("{} 2026-01-01 (PRD-07 1.3 done) feat: send", &oid[..7]);
    assert_eq!(text.lines().nth(1), Some(expected.as_str()));
    assert!(text.contains("fix: \\x1b[31mred\\u{202e}") && !text.contains('\x1b'), "{text}");
    let records = sandbox.spec_log(&["log", "-z"]).ok();
    assert_eq!(records.matches('\0').count(), 2);
    assert_eq!(records.replace('\0', "\n"), text);
}

#[test]
fn before_the_first_commit_there_is_nothing_to_list() {
    let sandbox = Sandbox::new();
    let output = sandbox.spec_log(&["log"]).says("no linked commit");
    assert_eq!(output.ok(), "");
    assert_eq!(json(&sandbox, &["log"])["commits"], json!([]));
}

/// A document and a history that is long enough to be worth remembering.
fn long_history() -> Sandbox {
    let sandbox = one_feature();
    let mut stream = String::new();
    for nth in 0..100 {
        let tag = if nth % 10 == 3 { " [PRD-07 Task 1.2]" } else { "" };
        let message = format!("work {nth}{tag}");
        let from = if nth == 0 { "from refs/heads/main^0\n" } else { "" };
        stream += &format!(
            "commit refs/heads/main\ncommitter C <c@x> {} +0000\ndata {}\n{message}\n{from}\
             M 100644 inline work.txt\ndata 2\n{:02}\n",
            1_767_000_000 + nth,
            message.len(),
            nth,
        );
    }
    sandbox.write(".git/stream", stream);
    sandbox.run(sandbox.command("sh").args(["-c", "git fast-import --quiet < .git/stream"])).ok();
    sandbox.git(&["reset", "-q", "--hard"]).ok();
    sandbox
}

const LEDGER: &str = ".git/spec-log/ledger";

#[test]
fn what_a_walk_found_is_kept_and_never_answers_otherwise() {
    let sandbox = long_history();
    let log = || summaries(&json(&sandbox, &["log"]));
    let without = || {
        std::fs::remove_file(sandbox.top().join(LEDGER)).expect("a ledger");
        log()
    };
    let first = log();
    assert_eq!(first.len(), 10);
    assert_eq!((log(), without()), (first.clone(), first.clone()));
    work(&sandbox, "a.rs", "feat: a [PRD-07 Task 1.3]");
    assert_eq!(log()[0], "feat: a [PRD-07 Task 1.3]");
    assert_eq!((log().len(), without().len()), (11, 11));
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: a"]).ok();
    assert_eq!((log(), without()), (first.clone(), first.clone()));
    sandbox.git(&["reset", "-q", "--hard", "HEAD~50"]).ok();
    assert_eq!((log(), without()), (first[5..].to_vec(), first[5..].to_vec()));
    for spoilt in [&b""[..], b"spec-log ledger1", b"spec-log ledger9 of a newer version", &[0; 999]]
    {
        sandbox.write(LEDGER, spoilt);
        assert_eq!(log(), first[5..]);
    }
}

#[test]
fn many_who_ask_at_once_hear_what_is_true_though_some_are_killed() {
    let sandbox = long_history();
    for branch in ["one", "two"] {
        sandbox.git(&["branch", "-q", branch, "HEAD~50"]).ok();
    }
    let revs = ["HEAD", "one", "two"];
    // What is true: asked with nothing kept, and nobody beside.
    let truth = |rev: &str| {
        let _ = std::fs::remove_file(sandbox.top().join(LEDGER));
        summaries(&json(&sandbox, &["log", rev]))
    };
    for round in 0..4 {
        for rev in &revs[1..] {
            let tree = format!("{rev}^{{tree}}");
            let message = format!("feat: {rev} {round} [PRD-07 Task 1.3]");
            let new = sandbox.git(&["commit-tree", &tree, "-p", rev, "-m", &message]).ok();
            sandbox.git(&["update-ref", &format!("refs/heads/{rev}"), new.trim()]).ok();
        }
        let wanted = revs.map(truth);
        let _ = std::fs::remove_file(sandbox.top().join(LEDGER));
        let ask = |rev: &str| {
            let mut command = sandbox.command("git-spec-log");
            command.args(["log", "--json", rev]).stdout(Stdio::piped());
            command.spawn().expect("the program starts")
        };
        let asked = (0..12).map(|nth| (nth % 3, ask(revs[nth % 3])));
        let mut asked: Vec<(usize, Child)> = asked.collect();
        for (_, child) in asked.iter_mut().step_by(4) {
            child.kill().expect("a child of ours");
        }
        for (nth, (rev, child)) in asked.into_iter().enumerate() {
            let output = child.wait_with_output().expect("it ends");
            if nth % 4 == 0 {
                continue;
            }
            let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
            assert_eq!(summaries(&told), wanted[rev], "{} in round {round}", revs[rev]);
        }
        for (rev, wanted) in revs.iter().zip(&wanted) {
            assert_eq!(summaries(&json(&sandbox, &["log", rev])), *wanted, "{rev} afterwards");
        }
    }
}

#[test]
fn a_git_directory_that_cannot_be_written_to_answers_too() {
    let sandbox = long_history();
    let _ = std::fs::remove_dir_all(sandbox.top().join(".git/spec-log"));
    sandbox.write(".git/spec-log", "in the way");
    for _ in 0..2 {
        assert_eq!(summaries(&json(&sandbox, &["log"])).len(), 10);
    }
    assert_eq!(sandbox.read(".git/spec-log"), "in the way");
}

#[test]
fn a_commit_does_not_touch_what_walks_have_found() {
    let sandbox = long_history();
    sandbox.install_hooks();
    work(&sandbox, "a.rs", "feat: a [PRD-07 Task 1.3]");
    assert!(!sandbox.top().join(LEDGER).exists());
    sandbox.spec_log(&["log"]).ok();
    let kept = std::fs::read(sandbox.top().join(LEDGER)).expect("a ledger");
    work(&sandbox, "b.rs", "feat: b [PRD-07 Task 2.1]");
    assert_eq!(std::fs::read(sandbox.top().join(LEDGER)).expect("a ledger"), kept);
}
