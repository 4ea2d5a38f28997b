//! `git spec-log new`

use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::{Value, json};

use crate::reading::{json, one_feature, three_features, work};
use crate::sandbox::Sandbox;

const PATH: &str = "prd/tasks/01_password_reset.md";

/// A repository with hooks and no document.
fn empty() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("README.md", "x\n");
    sandbox.commit("docs: begin").ok();
    sandbox.install_hooks();
    sandbox
}

fn path(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let value = json(sandbox, &[&["new"], arguments].concat());
    value["path"].as_str().unwrap().to_owned()
}

#[track_caller]
fn has_no_findings(sandbox: &Sandbox) {
    let check = sandbox.spec_log(&["check", "--strict", "--json"]).ok();
    assert!(check.contains("\"problems\":[]"), "{check}");
}

/// The lines that differ, each with its sign.
fn changes(before: &str, after: &str) -> Vec<String> {
    let gone = before.lines().filter(|line| !after.lines().any(|other| other == *line));
    let come = after.lines().filter(|line| !before.lines().any(|other| other == *line));
    gone.map(|line| format!("-{line}")).chain(come.map(|line| format!("+{line}"))).collect()
}

/// What stands in the template of a repository, its form that of the field.
const TEMPLATE: &str = "# Feature: [Feature Name] (PRD [XX])\r
\r
**PRD:** `prd/[XX]_[Feature_Name].md`\r
**Status:** [Not Started | In Progress | Completed]\r
**Started:** YYYY-MM-DD\r
**Last Updated:** YYYY-MM-DD HH:MM\r
\r
## Tasks\r
\r
### Phase 1: [Phase Name]\r
\r
- [ ] Task 1.1: [Task description]\r
- [x] Task 1.2: [Completed task] ✓\r
- [ ] Task 1.3: [Task description] (IN PROGRESS)\r
- [ ] Task 1.4: Tell the team\r
\r
---\r
\r
## Progress Summary\r
\r
- **Phase 1:** 60% complete (3/5 tasks done)\r
- **Overall:** 27% complete (3/11 tasks done)\r
\r
## Key Files\r
\r
- `prd/[XX]_[Feature_Name].md` - the plan\r
\r
## Git Commits\r
\r
- `abc1234` - feat: add [feature] [PRD-XX Task 1.1]\r
\r
Ours alone: {anything}, [Decision Title].\r
";

#[test]
fn a_new_feature_file_works_with_the_next_commit_and_every_command() {
    for mode in ["worktree", "stage", "next", "off"] {
        let sandbox = empty();
        sandbox.git(&["config", "speclog.record", mode]).ok();
        let output = sandbox.spec_log(&["new", "Password reset"]).says("[PRD-01 Task 1.1.1]");
        assert!(output.stderr.lines().all(|line| line.chars().count() <= 80));
        assert_eq!(output.ok(), format!("{PATH}\n"));
        has_no_findings(&sandbox);
        let feature = &json(&sandbox, &["status"])["features"][0];
        assert_eq!(
            (&feature["id"], &feature["title"]),
            (&json!("PRD-01"), &json!("Password reset"))
        );
        assert_eq!((&feature["done"], &feature["status"]), (&json!(0), &json!("Not Started")));
        assert_eq!(json(&sandbox, &["next"])["tasks"][0]["id"], "1.1.1");
        sandbox.spec_log(&["sync"]).says("nothing to record").ok();
        let made = sandbox.read(PATH);
        sandbox.commit("docs: plan").ok();
        assert_eq!(sandbox.read(PATH), made, "a plan alone makes no link");
        work(&sandbox, "code", "feat: begin [PRD-01 Task 1.1.1]");
        work(&sandbox, "code", "feat: more [PRD-01 Task 1.2]");
        sandbox.spec_log(&["sync"]).ok();
        let text = sandbox.read(PATH);
        for line in [
            "**Status:** In Progress",
            "**Started:** 2026-01-01",
            "  - [x] Subtask 1.1.1: [One part of it]",
            "- [x] Task 1.2: [The next thing]",
            "- **Overall:** 25% complete (1/4 tasks done)",
        ] {
            assert!(text.lines().any(|found| found == line), "{mode}: {line} in {text}");
        }
        assert_eq!(text.matches("feat: ").count(), 2, "{mode}");
        has_no_findings(&sandbox);
    }
}

#[test]
fn a_new_workspace_works_with_the_next_commit_too() {
    let sandbox = empty();
    let value = json(&sandbox, &["new", "Oracle secrets!", "--workspace"]);
    assert_eq!(
        value,
        json!({
            "schema": "spec-log/new/1", "feature": "oracle-secrets", "title": "Oracle secrets!",
            "path": "specs/active/oracle-secrets/tasks.md",
            "files": ["specs/active/oracle-secrets/prd.md", "specs/active/oracle-secrets/tasks.md",
                "specs/active/oracle-secrets/recovery.md"],
            "template": null, "tasks": 5,
            "next_task": {"id": "1.1", "text": "[What has to be found out first]", "line": 10},
            "tag": "[oracle-secrets Task 1.1]",
        })
    );
    for file in ["prd.md", "tasks.md", "recovery.md"] {
        let text = sandbox.read(format!("specs/active/oracle-secrets/{file}"));
        assert!(text.lines().next().unwrap().ends_with(": Oracle secrets!"), "{text}");
        assert!(text.contains("**Workspace**: specs/active/oracle-secrets/\n"), "{text}");
    }
    has_no_findings(&sandbox);
    sandbox.commit("docs: plan").ok();
    work(&sandbox, "code", "feat: look [oracle-secrets Task 1.1]");
    let text = sandbox.read("specs/active/oracle-secrets/tasks.md");
    assert!(text.contains("- [x] Task 1.1:"), "{text}");
    has_no_findings(&sandbox);
}

#[test]
fn a_document_that_is_not_added_yet_is_found_and_recorded_all_the_same() {
    let sandbox = empty();
    sandbox.spec_log(&["new", "Password reset"]).ok();
    work(&sandbox, "code", "feat: begin [PRD-01 Task 1.2]");
    assert!(sandbox.read(PATH).contains("- [x] Task 1.2"));
    assert!(sandbox.git(&["status", "--porcelain"]).ok().contains("?? prd/"));
}

#[test]
fn dates_are_gits_own() {
    let sandbox = empty();
    let mut command = sandbox.command("git");
    command.env("GIT_COMMITTER_DATE", "@1767225600 -0300").env_remove("GIT_AUTHOR_DATE");
    sandbox.run(command.args(["spec-log", "new", "Password reset"])).ok();
    let text = sandbox.read(PATH);
    assert!(text.contains("\n**Last Updated:** 2025-12-31 21:00\n"), "{text}");
    assert!(text.contains("\n**Started:** YYYY-MM-DD\n"), "{text}");
}

#[test]
fn the_number_is_the_next_one_of_all_branches() {
    let sandbox = three_features();
    assert_eq!(path(&sandbox, &["One"]), "prd/tasks/13_one.md");
    sandbox.git(&["switch", "-qc", "side"]).ok();
    sandbox.write("prd/tasks/40_side.md", "# Side (PRD 40)\n- [ ] 1.1 a\n");
    sandbox.commit("docs: aside").ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    assert_eq!(path(&sandbox, &["Two"]), "prd/tasks/41_two.md");
    assert_eq!(path(&sandbox, &["Three", "--prd", "09"]), "prd/tasks/09_three.md");
    sandbox.spec_log(&["new", "X", "--prd", "40"]).says("branch `side`").ok();
    let taken = sandbox.spec_log(&["new", "X", "--prd", "7"]).fails_with(2);
    taken.says("`PRD-07` is tracked by `prd/tasks/07_login.md`").says("--prd N");
    sandbox.spec_log(&["new", "Vault", "--workspace"]).fails_with(2).says("specs/active/vault");
    sandbox.spec_log(&["new", "X", "--prd", "100000"]).fails_with(2).says("100000");
}

#[test]
fn those_that_begin_at_the_same_time_get_numbers_of_their_own() {
    let sandbox = one_feature();
    let begin = |name: &&str| {
        let mut command = sandbox.command("git");
        command.args(["spec-log", "new", "-q", name]).stdout(std::process::Stdio::null());
        command.spawn().unwrap()
    };
    let children: Vec<_> = ["a", "b", "c", "d"].iter().map(begin).collect();
    children.into_iter().for_each(|mut child| assert!(child.wait().unwrap().success()));
    let features = json(&sandbox, &["status"])["features"].clone();
    let ids: Vec<&Value> = features.as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, ["PRD-07", "PRD-08", "PRD-09", "PRD-10", "PRD-11"]);
}

#[test]
fn it_goes_where_its_like_are_and_is_named_as_they_are() {
    let feature = |number: u32| format!("# F (PRD {number})\n- [ ] 1.1 a\n");
    for (like, expected) in [
        ("docs/features/007-login.md", "docs/features/008-password-reset.md"),
        ("features/PRD-07-login.md", "features/PRD-08-password-reset.md"),
        ("features/login-page.md", "features/password-reset.md"),
        ("plans/07_login.md", "plans/08_password_reset.md"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write(".spec-log.toml", "[[documents]]\npath = \"plans/*.md\"\n");
        assert_eq!(path(&sandbox, &["First"]), "plans/01_first.md", "{like}");
        std::fs::remove_dir_all(sandbox.top().join("plans")).unwrap();
        sandbox.write(like, feature(7));
        assert_eq!(path(&sandbox, &["Password reset"]), expected, "{like}");
        assert_eq!(json(&sandbox, &["status"])["features"][1]["id"], "PRD-08", "{like}");
        has_no_findings(&sandbox);
    }
}

#[test]
fn a_template_of_the_repository_is_filled_in_and_all_else_of_it_kept() {
    for place in ["prd/tasks/TASK_TEMPLATE.md", "prd/_task_template.md", "prd/tasks/template.md"] {
        let sandbox = empty();
        sandbox.write(place, TEMPLATE);
        let value = json(&sandbox, &["new", "Don't \"panic\" / now", "--prd", "7"]);
        assert_eq!(value["template"], place);
        let made = sandbox.read("prd/tasks/07_dont_panic_now.md");
        let stamp = made.lines().find(|line| line.starts_with("**Last Updated:**")).unwrap();
        assert!(stamp.starts_with("**Last Updated:** 2026-01-01 02:"), "{stamp}");
        assert_eq!(
            changes(TEMPLATE, &made),
            [
                "-# Feature: [Feature Name] (PRD [XX])",
                "-**PRD:** `prd/[XX]_[Feature_Name].md`",
                "-**Last Updated:** YYYY-MM-DD HH:MM",
                "-- [x] Task 1.2: [Completed task] ✓",
                "-- [ ] Task 1.3: [Task description] (IN PROGRESS)",
                "-- **Phase 1:** 60% complete (3/5 tasks done)",
                "-- **Overall:** 27% complete (3/11 tasks done)",
                "+# Feature: Don't \"panic\" / now (PRD 07)",
                "+**PRD:** `prd/07_Dont_panic_now.md`",
                &format!("+{stamp}"),
                "+- [ ] Task 1.2: [Completed task]",
                "+- [ ] Task 1.3: [Task description]",
                "+- **Phase 1:** 0% complete (0/4 tasks done)",
                "+- **Overall:** 0% complete (0/4 tasks done)",
            ]
        );
        assert_eq!(made.matches("\r\n").count(), TEMPLATE.matches("\r\n").count());
        assert_eq!(sandbox.read(place), TEMPLATE);
        sandbox.write("prd/07_Dont_panic_now.md", "# Do not panic\n");
        has_no_findings(&sandbox);
        sandbox.commit("docs: plan").ok();
        work(&sandbox, "code", "feat: tell [PRD-07 Task 1.4]");
        let text = sandbox.read("prd/tasks/07_dont_panic_now.md");
        assert!(text.contains("- [x] Task 1.4: Tell the team\r\n"), "{text}");
        assert!(!text.contains("abc1234") && text.contains("Ours alone: {anything}"), "{text}");
    }
}

#[test]
fn a_template_that_says_its_number_nowhere_gets_it_in_the_files_name() {
    let sandbox = empty();
    sandbox.write("features/login.md", "# Login (PRD 3)\n- [ ] 1.1 a\n");
    sandbox
        .write("features/TASK_TEMPLATE.md", "# {Feature Name} Tasks\n\n- [ ] 1.1 {Description}\n");
    assert_eq!(path(&sandbox, &["Mail"]), "features/04_mail.md");
    assert_eq!(sandbox.read("features/04_mail.md"), "# Mail Tasks\n\n- [ ] 1.1 {Description}\n");
}

#[test]
fn a_workspaces_template_is_taken_whole_with_a_list_of_tasks_in_any_case() {
    let sandbox = empty();
    sandbox.write("specs/template-spec/prd.md", "# {Feature Name}\n\n**Created**: [Date]\n");
    sandbox.write("specs/template-spec/research/plan.md", "# Research: {slug}, {topic}\n");
    sandbox.write("specs/template-spec/RECOVERY.md", "# Recovery: [Feature Name]\n");
    let value = json(&sandbox, &["new", "Key vault", "--workspace"]);
    assert_eq!(value["template"], "specs/template-spec");
    let text = |file: &str| sandbox.read(format!("specs/active/key-vault/{file}"));
    assert_eq!(text("prd.md"), "# Key vault\n\n**Created**: 2026-01-01\n");
    assert_eq!(text("research/plan.md"), "# Research: key-vault, {topic}\n");
    assert_eq!(text("RECOVERY.md"), "# Recovery: Key vault\n");
    assert!(text("tasks.md").starts_with("# Tasks: Key vault\n"));
    assert!(!sandbox.top().join("specs/active/key-vault/recovery.md").exists());
    has_no_findings(&sandbox);
}

const PLAN: &str = "# PRD 21: Log in\n\n## Goals\n\n1. Be quick\n\n## Plan\n\n\
    ### Phase 1: Core\n\n- [ ] Task 1.1: Store tokens\n  - [ ] Hash them,\n    all of them\n\
    - [ ] **A1: Table** of users\n\n### Phase 4: Tests\n\n1. Expiry\n2. Reuse\n   - twice\n\n\
    ## Before Marking Complete\n\n- [ ] All of it\n";

#[test]
fn a_plan_gives_its_number_its_phases_and_its_tasks_with_their_ids() {
    let sandbox = empty();
    sandbox.write("docs/login.md", PLAN);
    let output = sandbox.spec_log(&["new", "Log in", "--from", "docs/login.md"]);
    assert_eq!(output.says("5 tasks are from the plan").ok(), "prd/tasks/21_log_in.md\n");
    let text = sandbox.read("prd/tasks/21_log_in.md");
    let tasks = "## Tasks\n\n### Phase 1: Core\n\n- [ ] Task 1.1: Store tokens\n  \
        - [ ] Subtask 1.1.1: Hash them, all of them\n- [ ] Task A1: Table of users\n\n\
        ### Phase 4: Tests\n\n- [ ] Task 4.1: Expiry\n- [ ] Task 4.2: Reuse\n\n---\n\n\
        ## Progress Summary\n\n- **Phase 1:** 0% complete (0/2 tasks done)\n\
        - **Phase 4:** 0% complete (0/2 tasks done)\n- **Overall:** 0% complete (0/4 tasks done)\n";
    assert!(text.contains(tasks), "{text}");
    assert!(text.contains("**PRD:** `docs/login.md`\n"), "{text}");
    has_no_findings(&sandbox);
    sandbox.commit("docs: plan").ok();
    work(&sandbox, "code", "feat: table [PRD-21 Tasks A1, 4.2]");
    assert!(sandbox.read("prd/tasks/21_log_in.md").contains("- **Overall:** 50%"));
    let again = sandbox.spec_log(&["new", "Again", "--from", "docs/login.md"]).fails_with(2);
    again.says("`PRD-21` is tracked by `prd/tasks/21_log_in.md`");
}

#[test]
fn a_workspace_may_be_made_around_its_plan() {
    let sandbox = empty();
    let folder = "specs/active/log-in";
    sandbox.write(format!("{folder}/prd.md"), PLAN);
    let plan = format!("{folder}/prd.md");
    let value = json(&sandbox, &["new", "Log in", "--workspace", "--from", &plan]);
    assert_eq!(
        value["files"],
        json!([format!("{folder}/tasks.md"), format!("{folder}/recovery.md")])
    );
    assert_eq!(sandbox.read(&plan), PLAN);
    let text = sandbox.read(format!("{folder}/tasks.md"));
    assert!(text.contains("\n## Phase 4: Tests\n\n- [ ] Task 4.1: Expiry\n"), "{text}");
    has_no_findings(&sandbox);
}

#[test]
fn what_cannot_be_a_plan_is_said() {
    let sandbox = empty();
    sandbox.write("prose.md", "# X\n\n## Goals\n\n1. Be good\n");
    for (plan, words) in [
        ("prose.md", "no phases or tasks are in `prose.md`"),
        ("gone.md", "there is no `gone.md`"),
        ("../outside.md", "is outside the work tree"),
    ] {
        sandbox.spec_log(&["new", "X", "--from", plan]).fails_with(2).says(words);
    }
    assert!(!sandbox.top().join("prd").exists());
}

#[test]
fn a_name_in_any_script_makes_a_file_that_commits_can_name() {
    let sandbox = empty();
    for (name, expected) in [
        ("ログイン 機能 🎉", "prd/tasks/01_ログイン_機能.md"),
        ("a/../b \\ 'c' `d` <e> | f", "prd/tasks/02_a_b_c_d_e_f.md"),
        ("  two\n lines\t", "prd/tasks/03_two_lines.md"),
    ] {
        assert_eq!(path(&sandbox, &[name]), expected);
    }
    assert_eq!(
        path(&sandbox, &["ログイン 機能 🎉", "--workspace"]),
        "specs/active/ログイン-機能/tasks.md"
    );
    let titles = json(&sandbox, &["status"])["features"].clone();
    let titles: Vec<&Value> = titles.as_array().unwrap().iter().map(|one| &one["title"]).collect();
    assert_eq!(
        titles,
        ["ログイン 機能 🎉", "a/../b \\ 'c' `d` <e> | f", "two lines", "ログイン 機能 🎉"]
    );
    has_no_findings(&sandbox);
    sandbox.commit("docs: plan").ok();
    work(&sandbox, "code", "feat: a [ログイン-機能 Task 1.1] [PRD-02 Task 1.2]");
    assert!(sandbox.read("specs/active/ログイン-機能/tasks.md").contains("- [x] Task 1.1"));
    assert!(sandbox.read("prd/tasks/02_a_b_c_d_e_f.md").contains("- [x] Task 1.2"));
}

#[test]
fn a_name_that_makes_none_is_refused_with_the_way_out() {
    let sandbox = empty();
    let long = "x".repeat(201);
    for (arguments, words) in [
        (&["🎉 / !"][..], "no letter or digit"),
        (&[" "], "is empty"),
        (&["a\u{1b}[31mb"], "control characters"),
        (&[&long], "longer than 200"),
        (&["Like PRD 12"], "would track PRD-12"),
        (&["Task template"], "would be a template"),
        (&["template-spec", "--workspace"], "would be a template"),
        (&["PRD 7", "--workspace"], "is a number"),
        (&["x", "--workspace", "--prd", "7"], "cannot be used with"),
    ] {
        let told = sandbox.spec_log(&[&["new"], arguments].concat()).fails_with(2).says(words);
        assert!(told.stderr.contains("hint: ") || told.stderr.contains("Usage: "), "{told:#?}");
    }
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), "");
}

#[test]
fn no_file_is_written_over_and_nothing_is_left_half_done() {
    let sandbox = one_feature();
    sandbox.write("prd/tasks/08_mail.md", "# Notes\n");
    sandbox.git(&["add", "-A"]).ok();
    std::fs::rename(sandbox.top().join("prd/tasks/08_mail.md"), sandbox.beside("notes")).unwrap();
    symlink("../../../notes", sandbox.top().join("prd/tasks/08_mail.md")).unwrap();
    let told = sandbox.spec_log(&["new", "Mail"]).fails_with(128);
    told.says("cannot use `prd/tasks/08_mail.md`: it is not a regular file");
    assert_eq!(std::fs::read_to_string(sandbox.beside("notes")).unwrap(), "# Notes\n");
    sandbox.write("specs/active/vault/recovery.md", "mine\n");
    let told = sandbox.spec_log(&["new", "Vault", "--workspace"]).fails_with(2);
    told.says("`specs/active/vault/recovery.md` is there already");
    assert_eq!(sandbox.read("specs/active/vault/recovery.md"), "mine\n");
    assert_eq!(std::fs::read_dir(sandbox.top().join("specs/active/vault")).unwrap().count(), 1);
}

#[test]
fn nothing_is_made_behind_a_link_or_where_nobody_may_write() {
    let sandbox = empty();
    std::fs::create_dir(sandbox.beside("outside")).unwrap();
    symlink("../outside", sandbox.top().join("prd")).unwrap();
    sandbox.spec_log(&["new", "Mail"]).fails_with(128).says("not a regular file");
    assert_eq!(std::fs::read_dir(sandbox.beside("outside")).unwrap().count(), 0);
    let specs = sandbox.top().join("specs");
    std::fs::create_dir(&specs).unwrap();
    std::fs::set_permissions(&specs, PermissionsExt::from_mode(0o555)).unwrap();
    if std::fs::write(specs.join("probe"), "").is_err() {
        sandbox
            .spec_log(&["new", "Vault", "--workspace"])
            .fails_with(128)
            .says("permission denied");
        assert_eq!(std::fs::read_dir(&specs).unwrap().count(), 0);
    }
    std::fs::set_permissions(&specs, PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn nothing_is_made_in_the_middle_of_an_operation() {
    let sandbox = one_feature();
    work(&sandbox, "code", "one");
    sandbox.git(&["switch", "-qc", "side", "HEAD~1"]).ok();
    work(&sandbox, "code", "two");
    sandbox.git(&["merge", "-q", "main"]).fails_with(1);
    sandbox.spec_log(&["new", "Mail"]).fails_with(128).says("operation is in progress");
    assert!(!sandbox.top().join("prd/tasks/08_mail.md").exists());
}

#[test]
fn whoever_has_no_document_is_told_of_it() {
    let sandbox = empty();
    for arguments in [&["status"][..], &["next"], &["init"]] {
        sandbox.spec_log(arguments).says("git spec-log new ").ok();
    }
    sandbox.spec_log(&["new", "Mail", "--prd", "7"]).ok();
    sandbox.write("code", "x");
    sandbox.git(&["add", "code"]).ok();
    let refused = sandbox.git(&["commit", "-qm", "feat: x [PRD-44 Task 1.1]"]);
    refused.fails_with(1).says("`git spec-log new NAME --prd 44`");
}

#[test]
fn it_has_a_manual_page_and_completions() {
    let sandbox = Sandbox::new();
    assert!(sandbox.spec_log(&["man", "--list"]).ok().lines().any(|line| line == "new"));
    assert!(sandbox.spec_log(&["man", "new"]).ok().contains("workspace"));
    assert!(sandbox.spec_log(&["completions", "fish"]).ok().contains("Take phases and tasks"));
}
