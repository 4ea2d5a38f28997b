//! `git spec-log recover`: whoever lost the context finds it in one command.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::reading::{json, one_feature, three_features, work};
use crate::sandbox::Sandbox;

const TASKS: &str = "# Tasks: Vault

## Phase 1: Research

- [ ] A1: Read how it is today
- [ ] A2: Choose a place

## Phase 2: Implementation

- [ ] B1: Build the store
  - [ ] B1.1: Read a secret
  - [ ] B1.2: Rotate a secret
";

const PRD: &str = "# PRD: Vault

## Overview

One place for the secrets
of all services.

## Problem Statement

Keys lie in twelve files.

## Decisions

### One table for all versions

Because.
";

const RECOVERY: &str = "# Session Recovery: Vault

## Quick Context

**What we're building**: [One-sentence summary of the feature]

## Current State

### Blocked
- [ ] No test tenant - **Blocker**: waits for operations
- [x] No name

## Key Decisions Made

1. **Rotation**: every night
2. **[Decision Title]**: [Brief explanation]

## Commands to Resume Work

```bash
# tests
cargo test -p vault
pytest tests/[adapter]/ -v
```
";

/// A workspace without a recovery file, with two commits and open work.
fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("specs/active/vault/tasks.md", TASKS);
    sandbox.write("specs/active/vault/prd.md", PRD);
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    sandbox.work("src/today.md", "docs: how it is [vault Task A1]");
    sandbox.work("src/read.rs", "feat: read one [vault Task B1.1 wip]");
    sandbox.commit("docs: take the record along").ok();
    sandbox.write("src/read.rs", "more");
    sandbox.write("src/rotate.rs", "new");
    sandbox.git(&["add", "src/rotate.rs"]).ok();
    sandbox
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

fn tree(sandbox: &Sandbox) -> String {
    sandbox.git(&["status", "--porcelain"]).ok() + &sandbox.git(&["diff"]).ok()
}

#[test]
fn the_json_alone_says_what_to_do_next_where_with_what_and_how() {
    let sandbox = workspace();
    let picture = json(&sandbox, &["recover"]);
    // Which task next, and where?
    let next = &picture["next_task"];
    assert_eq!((&next["id"], &next["text"]), (&json!("B1.1"), &json!("Read a secret")));
    let path = next["path"].as_str().unwrap();
    let line = next["line"].as_u64().unwrap() as usize;
    let line = sandbox.read(path).lines().nth(line - 1).unwrap().to_owned();
    assert_eq!(line, "  - [ ] B1.1: Read a secret (IN PROGRESS)");
    // Which files?
    assert_eq!(texts(&picture["files"]), ["src/read.rs", "src/today.md"]);
    assert_eq!(picture["commits"][0]["files"], json!(["src/read.rs"]));
    // What is uncommitted, and where?
    let uncommitted = json!([
        {"path": "src/read.rs", "state": "unstaged"},
        {"path": "src/rotate.rs", "state": "staged"},
    ]);
    assert_eq!(picture["uncommitted"], uncommitted);
    // Which commands? They are run, and the tag is accepted.
    for command in texts(&picture["resume"]) {
        let ran = sandbox.run(sandbox.command("sh").args(["-c", command]));
        assert_eq!(ran.status, 0, "{command}: {ran:#?}");
    }
    let tag = picture["tag"].as_str().unwrap();
    sandbox.git(&["commit", "-qam", &format!("feat: read all {tag}")]).ok();
    assert_eq!(json(&sandbox, &["recover"])["next_task"]["id"], "A2");
}

#[test]
fn what_and_why_come_from_the_files_beside_the_tasks() {
    let sandbox = workspace();
    let picture = json(&sandbox, &["recover"]);
    assert_eq!(picture["what"], "One place for the secrets of all services.");
    assert_eq!(picture["why"], "Keys lie in twelve files.");
    assert_eq!(texts(&picture["decisions"]), ["One table for all versions"]);
    assert_eq!(picture["phase"], "Phase 2: Implementation");
    assert_eq!((&picture["done"], &picture["total"]), (&json!(1), &json!(3)));
    assert_eq!(picture["branch"], "main");
    sandbox.write("specs/active/vault/recovery.md", RECOVERY);
    let picture = json(&sandbox, &["recover"]);
    assert_eq!(picture["what"], "One place for the secrets of all services.");
    let decisions = ["One table for all versions", "**Rotation**: every night"];
    assert_eq!(texts(&picture["decisions"]), decisions);
    assert_eq!(texts(&picture["blockers"]), ["No test tenant - **Blocker**: waits for operations"]);
    assert!(texts(&picture["resume"]).ends_with(&["cargo test -p vault"]));
}

#[test]
fn a_feature_file_is_led_to_its_plan_by_its_field() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "prd/tasks/07_x.md",
        "# Feature: X (PRD 07)\n\n**PRD:** `prd/07_x.md`\n\n- [ ] 1.1 a\n",
    );
    sandbox.write("prd/07_x.md", "# X\n\n## 1. Overview\n\nIt prints.\n");
    assert_eq!(json(&sandbox, &["recover"])["what"], "It prints.");
    sandbox
        .write("prd/tasks/07_x.md", "# X (PRD 07)\n\n**PRD:** `../../../etc/passwd`\n\nPlain.\n");
    assert_eq!(json(&sandbox, &["recover"])["what"], "Plain.");
}

#[test]
fn stale_documents_are_counted_as_history_says_and_named_with_their_remedy() {
    let sandbox = one_feature();
    work(&sandbox, "a", "feat: store [PRD-07 Task 1.1 done]");
    work(&sandbox, "b", "feat: send [PRD-07 Task 1.3]");
    let before = tree(&sandbox);
    let picture = json(&sandbox, &["recover"]);
    assert_eq!((&picture["done"], &picture["total"]), (&json!(3), &json!(5)));
    assert_eq!(picture["next_task"]["id"], "2.1");
    let stale = &picture["stale"][0];
    assert_eq!(stale["hint"], "git spec-log sync");
    assert!(stale["message"].as_str().unwrap().contains("1.3 done, 2 commits listed"), "{stale}");
    let phantom = picture["stale"].as_array().unwrap().iter();
    let phantom = phantom.filter(|stale| stale["message"].as_str().unwrap().contains("`1.2`"));
    assert_eq!(phantom.count(), 1, "a box that no commit ticked: {picture}");
    assert_eq!(tree(&sandbox), before, "nothing is written");
    let said = sandbox.spec_log(&["recover"]).ok();
    assert!(said.contains("\nStale\n") && said.contains("→ git spec-log sync\n"), "{said}");
    sandbox.spec_log(&["sync", "-q"]).ok();
    let picture = json(&sandbox, &["recover"]);
    assert_eq!((&picture["done"], &picture["next_task"]["id"]), (&json!(3), &json!("2.1")));
    let mended = |stale: &Value| stale["hint"] != "git spec-log sync";
    assert!(picture["stale"].as_array().unwrap().iter().all(mended), "{picture}");
}

#[test]
fn an_operation_in_progress_is_told() {
    let sandbox = one_feature();
    for (branch, text) in [("side", "1"), ("main", "2")] {
        sandbox.git(&["switch", "-qC", branch]).ok();
        work(&sandbox, "a", text);
        sandbox.git(&["switch", "-qC", "main", "HEAD~1"]).ok();
    }
    work(&sandbox, "a", "3");
    sandbox.git(&["merge", "-q", "side"]).fails_with(1);
    let picture = json(&sandbox, &["recover"]);
    assert!(picture["stale"][0]["message"].as_str().unwrap().starts_with("a merge is in progress"));
    assert_eq!(picture["uncommitted"], json!([{"path": "a", "state": "conflicted"}]));
}

#[test]
fn the_active_task_comes_first() {
    let sandbox = one_feature();
    sandbox.spec_log(&["start", "7", "1.3"]).ok();
    let picture = json(&sandbox, &["recover"]);
    assert_eq!(
        (&picture["active_task"], &picture["next_task"]["id"]),
        (&json!("1.3"), &json!("1.3"))
    );
    assert_eq!(picture["tag"], "[PRD-07 Task 1.3]");
    assert!(sandbox.spec_log(&["recover"]).ok().contains("1.3 is the active task"));
}

#[test]
fn without_a_name_the_newest_linked_commit_decides_and_the_others_are_named() {
    let sandbox = three_features();
    sandbox.spec_log(&["recover"]).fails_with(2).says("which feature is not clear");
    assert_eq!(sandbox.spec_log(&["recover", "--hook-json"]).ok(), "{}\n");
    work(&sandbox, "a", "feat: store [PRD-07 Task 1.3]");
    work(&sandbox, "b", "feat: read [vault Task A1]");
    let picture = json(&sandbox, &["recover"]);
    assert_eq!(
        (&picture["feature"], &picture["chosen"]),
        (&json!("vault"), &json!("newest_commit"))
    );
    assert_eq!(texts(&picture["others"]), ["PRD-07", "PRD-12"]);
    let said = sandbox.spec_log(&["recover"]).ok();
    assert!(said.contains("PRD-07, PRD-12  vault has the newest linked commit\n"), "{said}");
    assert_eq!(json(&sandbox, &["recover", "7"])["chosen"], "named");
    sandbox.git(&["switch", "-qc", "feature/prd-12-print"]).ok();
    assert_eq!(json(&sandbox, &["recover"])["feature"], "PRD-12");
    sandbox.spec_log(&["recover", "nope"]).fails_with(2).says("names no feature here");
}

#[test]
fn outside_a_project_only_who_asks_aloud_is_refused() {
    let sandbox = Sandbox::new();
    let outside = Sandbox::new();
    std::fs::remove_dir_all(outside.top().join(".git")).unwrap();
    outside.spec_log(&["recover"]).fails_with(128).says("is not in a git repository");
    sandbox.spec_log(&["recover"]).fails_with(2).says("there is no task document here");
    for sandbox in [&sandbox, &outside] {
        let quiet = sandbox.spec_log(&["recover", "--quiet"]);
        assert_eq!((quiet.status, quiet.stdout.as_str(), quiet.stderr.as_str()), (0, "", ""));
        let hook = sandbox.spec_log(&["recover", "--hook-json"]);
        assert_eq!((hook.status, hook.stdout.as_str(), hook.stderr.as_str()), (0, "{}\n", ""));
    }
}

#[test]
fn a_budget_is_kept_in_every_form_and_what_it_leaves_out_is_said() {
    let sandbox = workspace();
    sandbox.write("specs/active/vault/recovery.md", RECOVERY);
    for form in ["--markdown", "--json", "--hook-json", "--color=never"] {
        let whole = sandbox.spec_log(&["recover", form, "--budget", "100000"]).ok();
        let mut last = 0;
        for tokens in [1, 60, 90, 120, 200, 300, 400, 600, 1000] {
            let budget = tokens.to_string();
            let output = sandbox.spec_log(&["recover", form, "--budget", &budget]);
            if output.status == 2 {
                let told = output.fails_with(2).says("does not fit into");
                let enough = told.stderr.rsplit(' ').next().unwrap().trim().to_owned();
                sandbox.spec_log(&["recover", form, "--budget", &enough]).ok();
                continue;
            }
            let text = output.ok();
            assert!(text.len() <= tokens * 4, "{form} {tokens}: {}", text.len());
            assert!(text.contains("B1.1"), "{form} {tokens}: {text}");
            let says = text.contains("Left out") || text.contains("\"left_out\":{\"");
            assert!(says || text == whole, "{form} {tokens}: {text}");
            assert!(text.len() >= last, "{form} {tokens}");
            last = text.len();
        }
        assert!(last > 0);
    }
}

#[test]
fn an_agents_tool_gets_markdown_in_the_form_it_takes() {
    let sandbox = workspace();
    let text = sandbox.spec_log(&["recover", "--hook-json"]).ok();
    let value: Value = serde_json::from_str(&text).unwrap();
    let output = &value["hookSpecificOutput"];
    assert_eq!(output["hookEventName"], "SessionStart");
    let markdown = sandbox.spec_log(&["recover", "--markdown"]).ok();
    assert_eq!(output["additionalContext"], markdown);
    assert!(markdown.starts_with("# vault: Vault\n"), "{markdown}");
    assert!(markdown.contains("- B1.1 Read a secret (specs/active/vault/tasks.md:11)\n"));
    sandbox.spec_log(&["recover", "--json", "--hook-json"]).fails_with(2);
}

#[test]
fn no_text_of_a_stranger_leaves_its_line_or_the_terminals() {
    let sandbox = Sandbox::new();
    let long = "機能一覧を表示する".repeat(12);
    let text = format!(
        "# Feature: {long} (PRD 07)\n\n## Overview\n\n{long} \x1b[31mred\n```\nx\n```\n\n## Tasks\n\n\
         - [ ] Task 1.1: {long}\n- [ ] Task 1.2: ``` fence\n\n## Decisions\n\n- {long}\n"
    );
    sandbox.write("prd/tasks/07_x.md", text);
    sandbox.commit("docs: plan").ok();
    work(&sandbox, &format!("src/{}.rs", &long[..60]), "feat: 日本語 [PRD-07 Task 1.2 wip]");
    let said = sandbox.spec_log(&["recover"]).ok();
    for line in said.lines() {
        assert!(line.width() <= 80, "{}: {line}", line.width());
    }
    assert!(said.contains("\\x1b[31mred") && !said.contains('\x1b'), "{said}");
    let markdown = sandbox.spec_log(&["recover", "--markdown"]).ok();
    let fences: Vec<&str> = markdown.lines().filter(|line| line.contains("```")).collect();
    assert_eq!(fences, ["```sh", "```"]);
}

#[test]
fn nobody_is_sent_to_the_branch_that_they_are_on_and_a_command_stays_whole() {
    let sandbox = workspace();
    sandbox.spec_log(&["tick", "A2"]).ok();
    let text = sandbox.spec_log(&["recover"]).ok();
    assert!(text.contains("on branch main") && !text.contains("git switch"), "{text}");
    assert!(text.contains("`git spec-log untick --file specs/active/vault/tasks.md :6`"), "{text}");
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
}
