//! What the tests of the reading commands have in common.

use serde_json::Value;

use crate::sandbox::Sandbox;

/// A plan of five tasks.
pub(crate) const LOGIN: &str = "# Feature: Login (PRD 07)

**Status:** Not Started

**Last Updated:** YYYY-MM-DD HH:MM

## Tasks

### Phase 1: Core

- [ ] Task 1.1: Store tokens
  - [ ] 1.1.1 Schema
  - [x] 1.1.2 Table
- [x] Task 1.2: Choose a service ✓
- [ ] Task 1.3: Send the mail

### Phase 2: Tests

- [ ] Task 2.1: Cover expiry (IN PROGRESS)
- [ ] Cover reuse

## Git Commits

- `abc1234` - feat: example [PRD-XX Task N.N]
";

/// Another plan, with ids that the first has too.
pub(crate) const REPORTS: &str = "# Feature: Reports (PRD 12)

**Status:** Completed
**Last Updated:** 2026-01-12

## Tasks

- [x] Task 1.2: Sum it up
- [x] Task 3.1: Print

## Git Commits
";

/// The two plans and a workspace, committed.
pub(crate) fn three_features() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("prd/tasks/07_login.md", LOGIN);
    sandbox.write("prd/tasks/12_reports.md", REPORTS);
    sandbox.write(
        "specs/active/vault/tasks.md",
        "# Tasks: Vault\n\n- [ ] A1: Read\n- [ ] A2: Rotate\n",
    );
    sandbox.commit("docs: plan the features").ok();
    sandbox
}

/// The first plan alone, committed.
pub(crate) fn one_feature() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("prd/tasks/07_login.md", LOGIN);
    sandbox.commit("docs: plan the feature").ok();
    sandbox
}

/// Commits work on one file; answers the commit's name.
pub(crate) fn work(sandbox: &Sandbox, file: &str, message: &str) -> String {
    sandbox.write(file, message);
    sandbox.git(&["add", file]).ok();
    sandbox.git(&["commit", "-qm", message]).ok();
    sandbox.git(&["rev-parse", "HEAD"]).ok().trim().to_owned()
}

/// Runs a command with `--json` and reads what it wrote.
#[track_caller]
pub(crate) fn json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let text = sandbox.spec_log(&[arguments, &["--json"]].concat()).ok();
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["schema"], format!("spec-log/{}/1", arguments[0]));
    value
}
