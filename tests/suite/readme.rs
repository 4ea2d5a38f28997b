//! What the README tells a newcomer to type works, word for word, and what it
//! shows is what comes out.

use std::fs;
use std::path::Path;

use crate::sandbox::Sandbox;

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file")
}

/// Every fenced block of a language, with the line above it.
fn blocks(language: &str) -> Vec<(String, String)> {
    let readme = text("README.md");
    let fence = format!("\n```{language}\n");
    let parts: Vec<&str> = readme.split(&fence).collect();
    let above = |part: &str| part.lines().next_back().unwrap_or_default().to_owned();
    let body = |part: &str| part.split("\n```").next().unwrap_or_default().to_owned();
    parts.windows(2).map(|pair| (above(pair[0]), body(pair[1]))).collect()
}

#[test]
fn every_command_is_run_here_or_in_ci() {
    let ci = text(".ci/run");
    let mut here = String::new();
    for (above, body) in blocks("sh") {
        match above.as_str() {
            "<!-- run by tests/suite/readme.rs -->" => here += &format!("{body}\n"),
            "<!-- run by .ci/run -->" => {
                let is_there = ci.contains(&body.replace('~', "\"$HOME\""));
                assert!(is_there || ci.contains(&body), "`{body}` is not in .ci/run");
            }
            _ => panic!("nobody runs `{body}`"),
        }
    }
    let sandbox = Sandbox::new();
    sandbox.write("prd/tasks/07_login.md", text("src/cli/demo/07_login.md"));
    sandbox.write("src/mail.rs", "");
    sandbox.commit("docs: plan the login").ok();
    sandbox.write("src/mail.rs", "// mail\n");
    let said = sandbox.run(sandbox.command("sh").args(["-euc", &here]));
    let said = said.says("found 1 document of 1 feature").says("PRD-07: 1.2 done").ok();
    assert!(said.contains("\n+- [x] Task 1.2: Mail the link\n"), "{said}");
    sandbox.commit("chore: after everything [PRD-07 Task 2.1]").ok();
    assert!(sandbox.read("prd/tasks/07_login.md").contains("- [ ] Task 2.1"), "it is removed");
}

#[test]
fn the_difference_it_shows_is_the_demos() {
    let sandbox = Sandbox::new();
    let said = sandbox.spec_log(&["demo"]).ok();
    let mut lines = said.lines().skip_while(|line| !line.starts_with("--- "));
    let shown = blocks("diff");
    assert_eq!(shown.len(), 1);
    for line in shown[0].1.lines() {
        assert!(lines.any(|found| found == line), "`{line}`, in this order, in {said}");
    }
}

#[test]
fn the_document_and_the_settings_it_shows_are_good_ones() {
    let sandbox = Sandbox::new();
    sandbox.write(".spec-log.toml", &blocks("toml")[0].1);
    sandbox.write("plans/login.md", &blocks("markdown")[0].1);
    sandbox.install_hooks();
    sandbox.commit("feat: begin [PRD-07 Task 1.1]").says("1.1 done").ok();
}

#[test]
fn every_tag_it_lists_is_one() {
    let sandbox = Sandbox::new();
    let tasks = "# Login (PRD 07)\n- [ ] Task 1: A\n  - [ ] Task 1.2: B\n  - [ ] Task 1.4: C\n  \
                 - [ ] Task 1.6: D\n";
    sandbox.write("prd/tasks/07_login.md", tasks);
    sandbox.write("specs/active/oracle-secrets/tasks.md", "# Tasks\n- [ ] A1: Begin\n");
    sandbox.write("specs/active/vault/tasks.md", "# Tasks\n- [ ] Add login form\n");
    sandbox.install_hooks();
    let readme = text("README.md");
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `[")).collect();
    assert_eq!(rows.len(), 8);
    for (number, row) in rows.iter().enumerate() {
        let tag = row.split('`').nth(1).expect("a tag");
        sandbox.write("code", number.to_string());
        sandbox.git(&["add", "code"]).ok();
        let output = sandbox.git(&["commit", "-qm", &format!("feat: {number} {tag}")]);
        assert!(output.status == 0 && !output.stderr.contains("error:"), "{tag}: {output:#?}");
    }
    let text = sandbox.read("prd/tasks/07_login.md");
    assert!(text.contains("- [ ] Task 1.2: B"), "reopened: {text}");
    assert!(sandbox.read("specs/active/oracle-secrets/tasks.md").contains("- [x] A1"));
    assert!(sandbox.read("specs/active/vault/tasks.md").contains("- [x] Add login form"));
}
