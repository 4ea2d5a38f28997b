//! Commits that must have a tag, and those that need none.

use super::{PLACE, commit, hints, planned};
use crate::sandbox::Sandbox;

/// What `require` is about, and what it leaves alone.
fn asks_for_tags(sandbox: &Sandbox) {
    let refused =
        commit(sandbox, "fix: no tag").fails_with(1).says("error: `fix: no tag` names no");
    let first = hints(&refused.stderr)[0];
    assert_eq!(first, "fix: no tag [PRD-07 Task 1.1]");
    commit(sandbox, first).ok();
    sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
    commit(sandbox, "fixup! fix: no tag").ok();
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "nothing at all"]).ok();
    sandbox.write(PLACE, sandbox.read(PLACE) + "\nwords\n");
    sandbox.git(&["commit", "-qam", "docs: only the plan"]).ok();
    sandbox.git(&["commit", "-q", "--amend", "-m", "docs: the plan"]).ok();
    let base = sandbox.git(&["rev-parse", "HEAD"]).ok();
    sandbox.git(&["switch", "-q", "-c", "side"]).ok();
    sandbox.write("side.rs", base);
    sandbox.git(&["add", "side.rs"]).ok();
    sandbox.git(&["commit", "-qm", "feat: side [PRD-07]"]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.git(&["merge", "-q", "--no-ff", "-m", "a merge", "side"]).ok();
    sandbox.git(&["branch", "-qD", "side"]).ok();
    commit(sandbox, "feat: more [PRD-07]").ok();
    let amended = sandbox.git(&["commit", "-q", "--amend", "-m", "feat: more"]);
    amended.fails_with(1).says("names no task");
}

#[test]
fn a_required_tag_is_asked_for_by_the_teams_file_and_by_gits_configuration() {
    let sandbox = planned();
    sandbox.write(".spec-log.toml", "require = \"error\"\n");
    asks_for_tags(&sandbox);
    sandbox.git(&["config", "speclog.require", "off"]).ok();
    commit(&sandbox, "fix: no tag").ok();
    let sandbox = planned();
    sandbox.git(&["config", "speclog.require", "error"]).ok();
    asks_for_tags(&sandbox);
    sandbox.git(&["config", "speclog.require", "warn"]).ok();
    commit(&sandbox, "fix: no tag").says("warning: `fix: no tag` names no task").ok();
}

#[test]
fn a_required_tag_is_a_feature_alone_where_no_task_is_open() {
    let sandbox = Sandbox::new();
    sandbox.write(PLACE, "# Feature: Login (PRD 07)\n\n- [x] Task 1.1: Store\n");
    sandbox.commit("docs: plan").ok();
    sandbox.git(&["config", "speclog.require", "error"]).ok();
    sandbox.install_hooks();
    let refused = commit(&sandbox, "fix: no tag").fails_with(1);
    assert_eq!(hints(&refused.stderr)[0], "fix: no tag [PRD-07]");
    commit(&sandbox, "fix: no tag [PRD-07]").ok();
}
