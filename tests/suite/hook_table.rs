//! Which hooks the git at hand runs, in which order and with which arguments:
//! the facts that the whole tool stands on.

use crate::sandbox::Sandbox;

const EVERY: [&str; 9] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "post-rewrite",
    "post-merge",
    "post-checkout",
    "applypatch-msg",
    "post-applypatch",
];

/// A repository with two branches and hooks that write down that they ran.
fn recording() -> Sandbox {
    let sandbox = Sandbox::new();
    for (file, message) in [("a", "one"), ("b", "two")] {
        sandbox.write(file, file);
        sandbox.commit(message).ok();
    }
    sandbox.git(&["switch", "-qc", "side", "HEAD~1"]).ok();
    for file in ["c", "d"] {
        sandbox.write(file, file);
        sandbox.commit(&format!("side {file}")).ok();
    }
    sandbox.git(&["switch", "-q", "main"]).ok();
    let script = "#!/bin/sh\nname=$(basename \"$0\")\nlines=\n\
        case $name in post-rewrite) lines=\" $(while read -r l; do printf .; done)\";; esac\n\
        case $name in post-rewrite|post-merge|post-checkout) name=\"$name ${3:-$1}\";; esac\n\
        printf '%s%s\\n' \"$name\" \"$lines\" >> \"$(git rev-parse --git-common-dir)/ran\"\n";
    for hook in EVERY {
        sandbox.write_program(format!(".git/hooks/{hook}"), script);
    }
    sandbox
}

/// What ran for these commands of git.
fn ran(sandbox: &Sandbox, commands: &[&[&str]]) -> Vec<String> {
    let _ = std::fs::remove_file(sandbox.top().join(".git/ran"));
    for arguments in commands {
        sandbox.git(arguments).ok();
    }
    let ran = std::fs::read_to_string(sandbox.top().join(".git/ran")).unwrap_or_default();
    ran.lines().map(str::to_owned).collect()
}

#[track_caller]
fn runs(sandbox: &Sandbox, commands: &[&[&str]], expected: &[&str]) {
    assert_eq!(ran(sandbox, commands), expected, "{commands:?}");
}

const COMMIT: [&str; 4] = ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"];

#[test]
fn a_commit_runs_four_hooks_and_no_verify_two_of_them() {
    let sandbox = recording();
    sandbox.write("a", "more");
    runs(&sandbox, &[&["commit", "-qam", "x"]], &COMMIT);
    sandbox.write("a", "even more");
    runs(&sandbox, &[&["commit", "-qnam", "x"]], &["prepare-commit-msg", "post-commit"]);
}

#[test]
fn an_amend_runs_post_rewrite_with_one_pair_after_post_commit() {
    let expected = [&COMMIT[..], &["post-rewrite amend ."]].concat();
    runs(&recording(), &[&["commit", "-q", "--amend", "-m", "y"]], &expected);
}

#[test]
fn an_automatic_merge_runs_no_post_commit() {
    let sandbox = recording();
    let found = ran(&sandbox, &[&["merge", "-q", "--no-edit", "side"]]);
    assert!(!found.contains(&"post-commit".to_owned()), "{found:?}");
    assert!(
        found.contains(&"commit-msg".to_owned()) && found.contains(&"post-merge 0".to_owned()),
        "{found:?}"
    );
}

#[test]
fn a_squash_merge_and_a_fast_forward_run_post_merge_alone() {
    let sandbox = recording();
    runs(&sandbox, &[&["merge", "-q", "--squash", "side"]], &["post-merge 1"]);
    sandbox.git(&["reset", "-q", "--hard"]).ok();
    sandbox.git(&["branch", "-q", "old", "main~1"]).ok();
    runs(
        &sandbox,
        &[&["switch", "-q", "old"], &["merge", "-q", "--ff-only", "main"]],
        &["post-checkout 1", "post-merge 0"],
    );
}

#[test]
fn a_clean_pick_or_revert_runs_no_commit_msg() {
    let expected = ["prepare-commit-msg", "post-commit"];
    runs(&recording(), &[&["cherry-pick", "side"]], &expected);
    runs(&recording(), &[&["revert", "--no-edit", "HEAD"]], &expected);
}

#[test]
fn a_rebase_runs_post_commit_for_each_pick_and_post_rewrite_once_with_all_pairs() {
    let sandbox = recording();
    sandbox.git(&["switch", "-q", "side"]).ok();
    let found = ran(&sandbox, &[&["rebase", "-q", "main"]]);
    let count = |name: &str| found.iter().filter(|one| *one == name).count();
    assert_eq!((count("post-commit"), count("commit-msg")), (2, 0), "{found:?}");
    assert_eq!(found.last().map(String::as_str), Some("post-rewrite rebase .."), "{found:?}");
}

#[test]
fn am_and_the_older_rebase_run_no_post_commit() {
    let sandbox = recording();
    let patch = sandbox.git(&["format-patch", "-1", "--stdout", "side"]).ok();
    let path = sandbox.beside("one.patch");
    std::fs::write(&path, patch).expect("a file");
    let found = ran(&sandbox, &[&["am", "-q", path.to_str().expect("UTF-8")]]);
    assert!(
        !found.contains(&"post-commit".to_owned()) && found.contains(&"post-applypatch".to_owned()),
        "{found:?}"
    );
    sandbox.git(&["switch", "-q", "side"]).ok();
    let found = ran(
        &sandbox,
        &[&["rebase", "-q", "--apply", "main~1"], &["rebase", "-q", "--apply", "main"]],
    );
    assert!(!found.contains(&"post-commit".to_owned()), "{found:?}");
    assert!(found.iter().any(|one| one.starts_with("post-rewrite rebase")), "{found:?}");
}

#[test]
fn plumbing_and_a_reset_run_nothing() {
    let sandbox = recording();
    runs(
        &sandbox,
        &[&["commit-tree", "-m", "x", "HEAD^{tree}"], &["reset", "-q", "--hard", "HEAD~1"]],
        &[],
    );
}
