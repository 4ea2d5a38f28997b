//! Several at work at the same time, each in a work tree of its own.

use std::process::Child;

use super::{PLACE, has, listed, planned};
use crate::sandbox::Sandbox;

/// What each one finishes, and on which branch.
const AGENTS: [(&str, &[&str]); 3] =
    [("one", &["1.1", "1.2.1"]), ("two", &["1.2.2", "1.3"]), ("three", &["1.4"])];

/// How many commits each makes for a task in a round.
const COMMITS: usize = 3;

/// Begins to commit on the work tree's own branch, then keeps the books; the
/// main branch is merged first.
fn start(sandbox: &Sandbox, name: &str, tasks: &[&str], word: &str) -> Child {
    let script = format!(
        "set -e; git merge -q --no-edit main; for task in {}; do n=0; \
         while [ $n -lt {COMMITS} ]; do n=$((n+1)); echo $n > {name}-$task{word}-$n; git add .; \
         git commit -qam \"feat: {name} $n [PRD-07 Task $task{word}]\"; done; done; \
         git commit -qam \"docs: record\"",
        tasks.join(" ")
    );
    let mut command = sandbox.command("sh");
    command.current_dir(sandbox.beside(name)).args(["-c", &script]);
    command.stderr(std::process::Stdio::null()).spawn().expect("sh starts")
}

#[test]
fn three_at_work_in_three_work_trees_lose_nothing_when_they_merge() {
    let sandbox = planned();
    for (name, _) in AGENTS {
        let place = sandbox.beside(name);
        let place = place.to_str().expect("UTF-8");
        sandbox.git(&["worktree", "add", "-q", "-b", name, place]).ok();
    }
    for (round, word) in [" wip", ""].into_iter().enumerate() {
        let agents = AGENTS.map(|(name, tasks)| start(&sandbox, name, tasks, word));
        for mut agent in agents {
            assert!(agent.wait().expect("sh ends").success(), "round {round}");
        }
        for (name, _) in AGENTS {
            sandbox.git(&["merge", "-q", "--no-edit", "--no-ff", name]).ok();
        }
        let text = sandbox.read(PLACE);
        let mut entries = listed(&text);
        entries.sort_unstable();
        entries.dedup();
        assert_eq!(entries.len(), 5 * COMMITS * (round + 1), "{text}");
        assert_eq!(listed(&text).len(), entries.len(), "{text}");
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert_eq!(sandbox.read(PLACE), text, "sync finds nothing to do");
    }
    let text = sandbox.read(PLACE);
    has(&text, &["- [x] Task 1.2: Send\n", "**Overall:** 100% complete (4/4 tasks done)"]);
    has(&text, &["**Status:** Completed"]);
}
