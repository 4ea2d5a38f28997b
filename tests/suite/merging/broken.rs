//! Drivers that are missing, die or lie: neither side is dropped in silence.

use super::{
    PLACE, PLAN, REDEEM, STORE, branch, has, keep, lacks, planned, set_driver, without_driver,
};
use crate::sandbox::{Sandbox, programs};

/// A program that stands for ours and ends in this way.
fn broken(sandbox: &Sandbox, script: &str) -> String {
    let program = sandbox.beside("it's a \"driver\" 100%/git spec-log");
    sandbox.write_program(&program, format!("#!/bin/sh\n{script}\n"));
    program.to_str().unwrap().to_owned()
}

#[test]
fn a_driver_that_is_missing_or_dies_drops_neither_side() {
    for script in [None, Some("exit 101"), Some("exit 1"), Some("exit 128"), Some("kill -9 $$")] {
        let sandbox = without_driver();
        let program = match script {
            Some(script) => broken(&sandbox, script),
            None => sandbox.beside("no/such 'program'").to_str().unwrap().to_owned(),
        };
        set_driver(&sandbox, &program);
        branch(&sandbox, "one", &[STORE]);
        branch(&sandbox, "two", &[REDEEM]);
        sandbox.write(PLACE, sandbox.read(PLACE).replace("Task 1.4: Forget", "Task 1.4: Hide"));
        keep(&sandbox);
        sandbox.git(&["merge", "--no-edit", "one"]).fails_with(1);
        let text = sandbox.read(PLACE);
        has(&text, &[STORE, REDEEM, "<<<<<<< ours\n", ">>>>>>> theirs\n", "Task 1.4: Hide"]);
        assert_eq!(text.matches("<<<<<<<").count(), text.matches(">>>>>>>").count(), "{script:?}");
        let unmerged = sandbox.git(&["ls-files", "-u", "--", PLACE]).ok();
        assert_eq!(unmerged.lines().count(), 3, "{script:?}: {unmerged}");
        lacks(&text, "<<<<<<< ours\n<<<<<<<");
    }
}

#[test]
fn a_driver_that_dies_leaves_a_clean_merge_clean() {
    let sandbox = without_driver();
    let program = broken(&sandbox, "kill -11 $$");
    set_driver(&sandbox, &program);
    for (name, old, new) in [("one", "none", "some"), ("two", "Task 1.1: Store", "Task 1.1: Keep")]
    {
        sandbox.git(&["switch", "-qc", name, "main"]).ok();
        sandbox.write(PLACE, PLAN.replace(old, new));
        keep(&sandbox);
    }
    sandbox.git(&["merge", "-q", "--no-edit", "one"]).ok();
    assert_eq!(
        sandbox.read(PLACE),
        PLAN.replace("none", "some").replace("Task 1.1: Store", "Task 1.1: Keep")
    );
}

#[test]
fn a_real_conflict_is_not_merged_a_second_time() {
    let sandbox = without_driver();
    // A name that a shell would take apart, and a wrapper that counts.
    let ours = programs().join("git-spec-log");
    let log = sandbox.beside("runs");
    let script = format!("echo run >> {:?}\nexec {:?} \"$@\"", log.display(), ours.display());
    let program = broken(&sandbox, &script);
    set_driver(&sandbox, &program);
    for (name, words) in [("one", "mine"), ("two", "yours")] {
        branch(&sandbox, name, &[]);
        sandbox.write(PLACE, PLAN.replace("none", words));
        keep(&sandbox);
    }
    sandbox.git(&["merge", "--no-edit", "one"]).fails_with(1);
    assert_eq!(sandbox.read("../runs"), "run\n");
    has(&sandbox.read(PLACE), &["<<<<<<< ours\nyours\n=======\nmine\n>>>>>>> theirs\n"]);
}

#[test]
fn the_driver_run_by_hand_falls_back_by_itself() {
    let sandbox = planned();
    for (name, text) in
        [("base", "a\n\0b\nc\n"), ("ours", "x\n\0b\nc\n"), ("theirs", "a\n\0b\ny\n")]
    {
        sandbox.write(name, text);
    }
    // git takes these for binary; ours stays as it is.
    let binary = sandbox.spec_log(&["merge-driver", "base", "ours", "theirs", PLACE]);
    assert_eq!(
        (binary.status, sandbox.read("ours")),
        (128, "x\n\0b\nc\n".to_owned()),
        "{binary:?}"
    );
    for (name, text) in [("base", "a\nb\n"), ("ours", "x\nb\n"), ("theirs", "y\nb\n")] {
        sandbox.write(name, text);
    }
    sandbox.git(&["config", "speclog.nonsense", "1"]).ok();
    let told = sandbox.spec_log(&["merge-driver", "base", "ours", "theirs", PLACE, "9"]);
    told.fails_with(1).says("line by line");
    assert_eq!(sandbox.read("ours"), "<<<<<<<<< ours\nx\n=========\ny\n>>>>>>>>> theirs\nb\n");
    sandbox.spec_log(&["merge-driver", "none", "ours", "theirs"]).fails_with(128);
}
