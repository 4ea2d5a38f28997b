//! Where the driver did not run: a document settled for one side is, after
//! `sync`, what the driver makes of it.
//!
//! `SPEC_LOG_HISTORIES` is the number of histories, `SPEC_LOG_SEED` the first
//! seed; a failure prints the seed and the messages.

use super::{PLACE, branch, planned};
use crate::laws::Random;
use crate::sandbox::Sandbox;

const TASKS: [&str; 6] = ["1.1", "1.2", "1.2.1", "1.2.2", "1.3", "1.4"];

fn messages(name: &str, random: &mut Random) -> Vec<String> {
    let message = |number: usize, random: &mut Random| {
        let word = ["", "", "", " wip", " done", " reopen"][random.below(6)];
        format!("feat: {name} {number} [PRD-07 Task {}{word}]", TASKS[random.below(6)])
    };
    (0..1 + random.below(4)).map(|number| message(number, random)).collect()
}

/// Two branches from one base, their commits in turns, up to the merge.
fn diverged(seed: u64) -> (Sandbox, Vec<String>) {
    let random = &mut Random::new(seed);
    let sandbox = planned();
    let mut told = Vec::new();
    for name in ["main", "one", "two"] {
        let messages = messages(name, random);
        let lines: Vec<&str> = messages.iter().map(String::as_str).collect();
        match name {
            "main" => {
                lines.iter().for_each(|line| super::work(&sandbox, line));
                super::keep(&sandbox);
            }
            name => {
                branch(&sandbox, name, &lines);
                told.extend(revert(&sandbox, random));
            }
        }
        told.extend(messages);
    }
    (sandbox, told)
}

/// Takes a commit of main back, as half of the branches do.
fn revert(sandbox: &Sandbox, random: &mut Random) -> Option<String> {
    let commit = format!("main~{}", 1 + random.below(4));
    let is_work = sandbox.git(&["log", "-1", "--format=%s", &commit]).stdout.starts_with("feat");
    if random.below(2) == 0 || !is_work {
        return None;
    }
    sandbox.git(&["revert", "--no-edit", &commit]).ok();
    super::keep(sandbox);
    Some(format!("revert {commit}"))
}

fn settled(seed: u64, side: &str) -> String {
    let (sandbox, _) = diverged(seed);
    sandbox.git(&["config", "--remove-section", "merge.spec-log"]).ok();
    let _ = sandbox.git(&["merge", "-q", "--no-commit", "--no-ff", "one"]);
    let tip = if side == "ours" { "two" } else { "one" };
    sandbox.git(&["checkout", "-q", tip, "--", PLACE]).ok();
    sandbox.git(&["commit", "-qm", "Merge"]).ok();
    sandbox.spec_log(&["sync", "-q"]).ok();
    sandbox.read(PLACE)
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
}

#[test]
fn one_side_taken_whole_and_synced_is_what_the_driver_makes() {
    let first = number("SPEC_LOG_SEED", 1);
    for seed in first..first + number("SPEC_LOG_HISTORIES", 4) {
        let (sandbox, told) = diverged(seed);
        sandbox.git(&["merge", "-q", "--no-edit", "--no-ff", "one"]).ok();
        let merged = sandbox.read(PLACE);
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert_eq!(sandbox.read(PLACE), merged, "seed {seed}: sync changes it, {told:#?}");
        for side in ["ours", "theirs"] {
            assert_eq!(settled(seed, side), merged, "seed {seed}: settled for {side}, {told:#?}");
        }
    }
}
