//! Where hooks and commands are run: terminals that are gone, full disks,
//! bare environments. No panic, no blocked commit, a status that says what is.

use std::fs;
use std::process::Command;

use crate::sandbox::{Output, Sandbox, programs};

const PLACE: &str = "prd/tasks/07_login.md";

fn plan() -> String {
    let prose = "Words that make the document longer than a small disk.\n".repeat(100);
    format!(
        "# Feature: Login (PRD 07)\n\n{prose}\n## Tasks\n\n- [ ] Task 1.1: Store\n\
         - [ ] Task 1.2: Send\n\n## Git Commits\n\n## Notes\n"
    )
}

/// A repository with a commit that no hook has seen.
fn unseen() -> Sandbox {
    let sandbox = Sandbox::planned(PLACE, &plan());
    sandbox.write("code", "x");
    sandbox.git(&["add", "code"]).ok();
    let quiet = ["-c", "core.hooksPath=/dev/null", "commit", "-qm"];
    sandbox.git(&[&quiet[..], &["feat: store [PRD-07 Task 1.1]"]].concat()).ok();
    sandbox.write(".git/COMMIT_EDITMSG", "feat: send [PRD-07 Task 1.2]\n");
    sandbox
}

/// Each program with what git gives it.
const PROGRAMS: &[&str] = &[
    "spec-log-pre-commit",
    "spec-log-prepare-commit-msg .git/COMMIT_EDITMSG message",
    "spec-log-commit-msg .git/COMMIT_EDITMSG",
    "spec-log-post-commit",
    "spec-log-post-checkout HEAD HEAD 1",
    "spec-log-post-merge 0",
    "spec-log-post-applypatch",
    "spec-log-post-rewrite rebase",
];

fn shell(sandbox: &Sandbox, script: &str) -> Output {
    sandbox.run(sandbox.command("bash").args(["-c", script]))
}

#[test]
fn every_hook_passes_wherever_its_words_go() {
    let sandbox = unseen();
    for program in PROGRAMS {
        for words in [">/dev/full 2>&1", ">&- 2>&-", "<&- >&- 2>&-", "2>&1 | true", "2>/dev/full"] {
            let script = format!("set -o pipefail; {program} {words}");
            let output = shell(&sandbox, &script);
            assert_eq!(output.status, 0, "{script}: {output:?}");
            assert!(!output.stderr.contains("panicked"), "{script}: {output:?}");
        }
    }
    assert!(sandbox.read(PLACE).contains("- [x] Task 1.1"));
}

#[test]
fn every_hook_passes_in_a_bare_environment() {
    let sandbox = unseen();
    for program in PROGRAMS {
        let mut words = program.split(' ');
        let path = programs().join(words.next().expect("a program"));
        // As an application with windows starts it: no PATH, no HOME, no TERM.
        let mut command = Command::new(path);
        command.args(words).env_clear().current_dir(sandbox.top());
        let output = command.stdin(std::process::Stdio::null()).output().expect("it starts");
        assert_eq!(output.status.code(), Some(0), "{program}: {output:?}");
    }
}

#[test]
fn commands_that_read_need_neither_home_nor_terminal() {
    let sandbox = unseen();
    for home in ["", "/nowhere", "/dev/null"] {
        for command in ["status", "log", "next", "show 7", "recover", "doctor"] {
            let script = format!("unset TERM; HOME={home} git-spec-log {command}");
            let output = shell(&sandbox, &script);
            assert!(matches!(output.status, 0 | 1), "{script}: {output:?}");
        }
    }
}

#[test]
fn a_command_whose_stdout_is_closed_or_full_fails_and_one_nobody_reads_does_not() {
    let sandbox = unseen();
    for command in ["status", "log", "next", "show 7", "recover", "status --json", "log --json"] {
        let status = |words: &str| shell(&sandbox, &format!("git-spec-log {command} {words}"));
        assert_eq!(status(">/dev/full").status, 128, "{command}");
        assert_eq!(status("| true; exit ${PIPESTATUS[0]}").status, 0, "{command}");
        let closed = status(">&-");
        assert!(matches!(closed.status, 0 | 128), "{command}: {closed:?}");
    }
}

#[test]
fn on_a_full_disk_the_commit_stands_and_the_next_hook_records_it() {
    let sandbox = unseen();
    // No file may be longer than 2 KiB, and the signal that says so is ignored.
    let full = "trap '' XFSZ; ulimit -f 2;";
    let said = shell(&sandbox, &format!("{full} spec-log-post-commit"));
    assert_eq!(said.status, 0, "{said:?}");
    assert!(said.stderr.contains("cannot write `prd/tasks/07_login.md`"), "{said:?}");
    assert_eq!(sandbox.read(PLACE), plan());
    assert_eq!(names(&sandbox), ["07_login.md"]);
    let said = shell(&sandbox, &format!("{full} git-spec-log sync"));
    let _ = said.says("cannot write").fails_with(128);
    assert_eq!(sandbox.read(PLACE), plan());
    sandbox.work("more", "chore: say nothing");
    assert!(sandbox.read(PLACE).contains("- [x] Task 1.1"), "the next hook has made it good");
}

#[test]
fn with_next_a_document_that_could_not_be_written_waits_for_the_next_commit() {
    let sandbox = unseen();
    sandbox.git(&["config", "speclog.record", "next"]).ok();
    let said = shell(&sandbox, "trap '' XFSZ; ulimit -f 2; spec-log-pre-commit");
    said.says("cannot write").ok();
    sandbox.work("more", "chore: say nothing");
    assert!(sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok().contains("- [x] Task 1.1"));
}

fn names(sandbox: &Sandbox) -> Vec<String> {
    let entries = fs::read_dir(sandbox.top().join("prd/tasks")).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect()
}

#[test]
fn what_a_killed_program_left_beside_a_document_is_gone_after_the_next_sync() {
    let sandbox = unseen();
    sandbox.spec_log(&["sync", "-q"]).ok();
    sandbox.write("prd/tasks/.spec-log-0.tmp", "half a docu");
    sandbox.write("prd/tasks/.spec-log-1.tmp", "half a docu");
    sandbox.spec_log(&["sync", "-q"]).ok();
    assert_eq!(names(&sandbox), ["07_login.md"]);
}

#[test]
fn a_git_directory_that_takes_no_notes_blocks_nothing() {
    let sandbox = Sandbox::planned(PLACE, &plan());
    fs::remove_dir_all(sandbox.top().join(".git/spec-log")).expect("our notes");
    sandbox.write(".git/spec-log", "a file where our folder belongs");
    sandbox.write("code", "x");
    let said = sandbox.commit("feat: store [PRD-07 Task 1.1]");
    said.says("nothing was recorded").ok();
    let _ = sandbox.spec_log(&["sync"]).fails_with(128);
    sandbox.spec_log(&["status"]).ok();
}

#[test]
fn somebody_elses_repository_is_refused_with_gits_own_words() {
    let sandbox = unseen();
    let given = Command::new("chown").args(["-R", "12345"]).arg(sandbox.top()).output();
    if !given.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: only root can give a repository away");
        return;
    }
    let _ = sandbox.spec_log(&["status"]).fails_with(128).says("safe.directory");
    for program in PROGRAMS {
        let output = shell(&sandbox, program);
        assert_eq!(output.status, 0, "{program}: {output:?}");
    }
    assert_eq!(sandbox.read(PLACE), plan(), "nothing is written there");
}
