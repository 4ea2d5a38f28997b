//! Comments, scissors, encodings and sizes.

use super::{commit, hints, next, planned, stage};
use crate::sandbox::{Output, Sandbox};

/// Commits as a person does whose editor leaves this behind.
fn edit(sandbox: &Sandbox, arguments: &[&str], message: impl AsRef<[u8]>) -> Output {
    stage(sandbox, &next());
    std::fs::write(sandbox.beside("typed"), message).unwrap();
    sandbox.write_program(
        sandbox.bin().join("editor"),
        "#!/bin/sh\ncat \"$HOME/../typed\" \"$1\" >\"$1.new\" && cat \"$1.new\" >\"$1\"\n",
    );
    let mut command = sandbox.command("git");
    command.args(["commit", "-q"]).args(arguments).env("GIT_EDITOR", "editor");
    sandbox.run(&mut command)
}

#[test]
fn what_git_takes_out_is_no_fault_and_what_it_keeps_is_one() {
    let sandbox = planned();
    let fault = "[PRD-07 Tsk 1.2]";
    let commented = |comment: &str| format!("x\n\n{comment} {fault}\n");
    edit(&sandbox, &[], commented("#")).ok();
    // Without an editor git keeps the line.
    commit(&sandbox, commented("#")).fails_with(1).says("Tsk");
    // `-v` adds a diff, which may hold anything.
    stage(&sandbox, fault);
    edit(&sandbox, &["-v"], "y\n").ok();
    sandbox.git(&["config", "commit.cleanup", "scissors"]).ok();
    edit(&sandbox, &[], "x\n").ok();
    edit(&sandbox, &[], commented("#")).fails_with(1).says("Tsk");
    sandbox.git(&["config", "commit.cleanup", "strip"]).ok();
    commit(&sandbox, commented("#")).ok();
    sandbox.git(&["config", "core.commentChar", ";"]).ok();
    commit(&sandbox, commented(";")).ok();
    commit(&sandbox, commented("#")).fails_with(1).says("Tsk");
    // git before 2.45 knows one character only.
    sandbox.git(&["config", "--unset", "core.commentChar"]).ok();
    sandbox.git(&["config", "core.commentString", "»»"]).ok();
    if git_version(&sandbox) >= (2, 45) {
        commit(&sandbox, commented("»»")).ok();
    }
}

fn git_version(sandbox: &Sandbox) -> (u32, u32) {
    let said = sandbox.git(&["version"]).ok();
    let mut numbers = said.split([' ', '.']).filter_map(|word| word.parse().ok());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

#[test]
fn odd_bytes_are_read_and_never_stop_a_commit() {
    let sandbox = planned();
    commit(&sandbox, "feat: x [PRD-07 Task 1.1]\r\n\r\nbody\r\n").ok();
    commit(&sandbox, "feat: x [PRD-07 Tsk 1.1]\r\n\r\nbody\r\n").fails_with(1).says("Tsk");
    let byte = |i: u32| ((i.wrapping_mul(2_654_435_761) >> 24) as u8).max(1);
    let junk: Vec<u8> = (0..20_000).map(byte).collect();
    commit(&sandbox, [b"x ".as_slice(), &junk].concat()).ok();
    sandbox.git(&["config", "i18n.commitEncoding", "ISO-8859-1"]).ok();
    commit(&sandbox, b"f\xfcr alle [PRD-07 Task 1.1]").ok();
    let refused = commit(&sandbox, b"f\xfcr alle [PRD-07 Tsk 1.1]").fails_with(1);
    assert_eq!(hints(&refused.stderr)[0], "für alle [PRD-07 Task 1.1]");
}

#[test]
fn a_message_of_three_megabytes_is_judged() {
    let sandbox = planned();
    let long = "lorem [ipsum] dolor [sit (amet)] [x](y) `[`\n".repeat(70_000);
    assert!(long.len() > 3_000_000);
    commit(&sandbox, format!("x [PRD-07 Task 1.1]\n\n{long}")).ok();
    let last = format!("x\n\n{long}\n[PRD-07 Tsk 1.2]\n");
    commit(&sandbox, last).fails_with(1).says("`[PRD-07 Tsk 1.2]`");
}
