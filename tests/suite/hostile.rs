//! Repositories that mean harm: nothing of theirs is run, nothing outside is
//! read or written, and nothing they say reaches a terminal as it is.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::sandbox::{Sandbox, programs};

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n## Tasks\n\n- [ ] Task 1.1: Store\n\
    - [ ] Task 1.2: Send\n\n## Git Commits\n\n## Notes\n";

#[test]
fn a_link_that_is_swapped_in_meanwhile_leads_nowhere() {
    for place in ["prd/tasks", PLACE] {
        let sandbox = Sandbox::planned(PLACE, PLAN);
        let outside = sandbox.beside("outside");
        fs::create_dir(&outside).expect("a directory");
        fs::write(outside.join("07_login.md"), PLAN).expect("a file");
        let target = if place == PLACE { outside.join("07_login.md") } else { outside.clone() };
        let (at, aside) = (sandbox.top().join(place), sandbox.top().join("prd/aside"));
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    // A document may have come to the place meanwhile.
                    if fs::rename(&at, &aside).is_ok() && symlink(&target, &at).is_ok() {
                        let _ = fs::remove_file(&at);
                    }
                    let _ = fs::rename(&aside, &at);
                }
            });
            for turn in 0..16 {
                let word = if turn % 2 == 0 { "tick" } else { "untick" };
                let mut command = sandbox.command(programs().join("git-spec-log"));
                command.args([word, "1.1"]);
                let status = command.output().expect("it starts").status.code();
                assert!(matches!(status, Some(0..=2 | 128)), "{status:?}");
            }
            done.store(true, Ordering::Relaxed);
        });
        assert_eq!(fs::read_to_string(outside.join("07_login.md")).expect("a file"), PLAN);
        assert_eq!(fs::read_dir(&outside).expect("a folder").count(), 1, "{place}");
        sandbox.spec_log(&["untick", "1.1"]).ok();
    }
}

#[test]
fn the_other_name_of_a_hard_link_keeps_its_text() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    let other = sandbox.beside("other.md");
    fs::hard_link(sandbox.top().join(PLACE), &other).expect("a hard link");
    sandbox.work("code", "feat: store [PRD-07 Task 1.1]");
    assert!(sandbox.read(PLACE).contains("[x] Task 1.1"));
    assert_eq!(fs::read_to_string(other).expect("a file"), PLAN);
}

#[test]
fn a_fifo_or_a_folder_in_the_place_of_a_document_is_passed_by() {
    for make in ["mkfifo", "mkdir"] {
        let sandbox = Sandbox::planned(PLACE, PLAN);
        let place = sandbox.top().join("prd/tasks/08_odd.md");
        assert!(Command::new(make).arg(&place).status().expect("it starts").success());
        sandbox.work("code", "feat: store [PRD-07 Task 1.1]");
        assert!(sandbox.read(PLACE).contains("[x] Task 1.1"), "{make}");
        sandbox.spec_log(&["sync"]).ok();
        sandbox.spec_log(&["status"]).ok();
    }
}

#[test]
fn a_tracked_configuration_names_no_command_and_no_path_outside() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    for line in [
        "[[documents]]\npath = \"../outside/*.md\"",
        "[[documents]]\npath = \"/etc/*.md\"",
        "[[documents]]\npath = \".git/*.md\"",
        "[[documents]]\npath = \"a/.GIT/*.md\"",
        "[[documents]]\npath = \"a/../../*.md\"",
        "pager = \"touch ran\"",
        "editor = \"touch ran\"",
        "[alias]\nx = \"!touch ran\"",
        "git = \"./git\"",
    ] {
        sandbox.write(".spec-log.toml", line);
        let _ = sandbox.spec_log(&["status"]).fails_with(128);
        sandbox.commit("feat: store").ok();
        assert!(!sandbox.top().join("ran").exists());
    }
}

#[test]
fn a_link_in_the_place_of_a_configuration_is_not_followed() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    let (fifo, done) = (sandbox.beside("fifo"), AtomicBool::new(false));
    assert!(Command::new("mkfifo").arg(&fifo).status().expect("it starts").success());
    for name in [".spec-log.toml", ".gitattributes"] {
        symlink(&fifo, sandbox.top().join(name)).expect("a link");
    }
    let reads = std::thread::scope(|scope| {
        // Whoever opens it to write waits for one who reads.
        let reads = scope.spawn(|| {
            let is_read = || fs::write(&fifo, "").is_ok() && !done.load(Ordering::Relaxed);
            std::iter::repeat_with(is_read).take_while(|&is_read| is_read).count()
        });
        sandbox.work("code", "feat: store");
        let _ = sandbox.spec_log(&["status"]).fails_with(128);
        fs::remove_file(sandbox.top().join(".spec-log.toml")).expect("a link");
        sandbox.spec_log(&["init", "--dry-run"]).ok();
        done.store(true, Ordering::Relaxed);
        let _both = fs::OpenOptions::new().read(true).write(true).open(&fifo).expect("a FIFO");
        reads.join().expect("a count")
    });
    assert_eq!(reads, 0);
}

/// Programs in the work tree that leave a mark when they are run.
fn trapped() -> Sandbox {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    sandbox.git(&["config", "speclog.record", "stage"]).ok();
    for name in ["git", "sh", "less", "cat", "bin/git", "git-spec-log"] {
        sandbox.write_program(name, format!("#!/bin/sh\n: >\"{}\"\n", mark(&sandbox)));
    }
    sandbox
}

fn mark(sandbox: &Sandbox) -> String {
    sandbox.beside("home").join("ran").to_str().expect("UTF-8").to_owned()
}

#[test]
fn no_program_of_the_repository_is_run() {
    let sandbox = trapped();
    let real = std::env::join_paths([sandbox.bin(), programs().to_owned()]).expect("a PATH");
    sandbox.write("code", "x");
    sandbox.git(&["add", "code"]).ok();
    let quiet = ["-c", "core.hooksPath=/dev/null", "commit", "-qm"];
    sandbox.git(&[&quiet[..], &["feat: store [PRD-07 Task 1.1]"]].concat()).ok();
    let top = sandbox.top().to_str().expect("UTF-8");
    let path = format!(":.:./bin:bin:{top}:{top}/bin:{}", real.to_str().expect("UTF-8"));
    let commands: [&[&str]; 5] = [
        &["spec-log-post-commit"],
        &["git-spec-log", "sync", "--commit"],
        &["git-spec-log", "status"],
        &["git-spec-log", "init"],
        &["git-spec-log", "doctor"],
    ];
    for words in commands {
        let mut command = sandbox.command(programs().join(words[0]));
        let _ = sandbox.run(command.args(&words[1..]).env("PATH", &path));
    }
    assert!(sandbox.read(PLACE).contains("[x] Task 1.1"));
    assert!(!fs::exists(mark(&sandbox)).expect("a folder"));
}

#[test]
fn no_pager_of_the_current_directory_is_run() {
    let sandbox = trapped();
    let program = programs().join("git-spec-log");
    let path = format!(".::{}", sandbox.bin().display());
    let works = Command::new("script").args(["-qec", "exit 7", "/dev/null"]).output();
    if !works.is_ok_and(|output| output.status.code() == Some(7)) {
        eprintln!("skipped: there is no `script` here that makes a terminal");
        return;
    }
    let script = crate::faults::program("script").expect("it was run");
    for pager in ["less", "less -R", "git"] {
        let mut command = sandbox.command(&script);
        let log = format!("'{}' log", program.display());
        command.args(["-qec", &log, "/dev/null"]).env("PATH", &path).env("PAGER", pager);
        sandbox.run(&mut command).ok();
        assert!(!fs::exists(mark(&sandbox)).expect("a folder"), "{pager}");
    }
}

const HOSTILE: &str = "\x1b]0;owned\x07\x1b[31mred\u{202e}evil\u{2066} <script>alert(1)</script> \
    [x](javascript:a) ![i](http://x/y) `rm` | # h \u{9b}2J";

#[test]
fn what_a_stranger_says_reaches_no_output_as_it_is() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    sandbox
        .write("prd/tasks/08_odd.md", PLAN.replace("PRD 07", "PRD 08").replace("Login", HOSTILE));
    sandbox.commit("docs: more").ok();
    let before = sandbox.read(PLACE).lines().count();
    sandbox.write("code", "x");
    sandbox.git(&["add", "code"]).ok();
    let subject = format!("feat: {HOSTILE} [PRD-07 Task 1.1]");
    let said = sandbox.git(&["commit", "-qm", &subject]);
    is_harmless("the hook", &said.stderr);
    said.ok();
    assert_eq!(sandbox.read(PLACE).lines().count(), before + 2, "{}", sandbox.read(PLACE));
    is_harmless("the document", &sandbox.read(PLACE));
    let bad = format!("feat: {HOSTILE} [PRD-07 Tsk 1.1]");
    is_harmless("commit-msg", &sandbox.git(&["commit", "--allow-empty", "-qm", &bad]).stderr);
    for command in [
        "status",
        "log",
        "next",
        "show 7",
        "show 8",
        "recover",
        "recover 7",
        "doctor",
        "sync --diff",
        "check",
        "check --format=json",
        "check --format=github",
        "check --format=sarif",
        "log --json",
        "status --json",
        "recover --json",
        "show 7 --json",
        "sync --dry-run --json",
        "tick 9.9",
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        let output = sandbox.spec_log(&words);
        assert!(matches!(output.status, 0..=2 | 128), "{command}: {output:?}");
        is_harmless(command, &(output.stdout + &output.stderr));
    }
}

#[track_caller]
fn is_harmless(what: &str, text: &str) {
    let is_bad = |c: &char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(text.chars().find(is_bad), None, "{what}: {text:?}");
}

#[test]
fn a_hundred_thousand_tags_and_ids_of_absurd_length_are_an_error_and_no_trouble() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    let many = "x\n\n".to_owned() + &"[PRD-07 Task 1.1]\n".repeat(100_000);
    let long = format!("x [PRD-07 Task 1.{}]", "1".repeat(100_000));
    let deep = format!("x {}PRD-07 Task 1.1{}", "[".repeat(50_000), "]".repeat(50_000));
    for message in [many, long, deep] {
        sandbox.write("message", &message);
        let judged = sandbox.git(&["commit", "--allow-empty", "-qF", "message"]);
        assert!(matches!(judged.status, 0 | 1), "{judged:?}");
        assert!(judged.stderr.len() < 10_000, "{} bytes are said", judged.stderr.len());
        sandbox.git(&["commit", "--allow-empty", "-qnF", "message"]).ok();
        sandbox.spec_log(&["sync", "-q"]).ok();
    }
}

#[test]
fn a_document_nested_ten_thousand_deep_is_read_and_written() {
    for level in ["- ", "> ", "1. ", "[", "*", "![", "<b>", "`"] {
        let deep = format!("{PLAN}\n{}x\n", level.repeat(10_000));
        let sandbox = Sandbox::planned(PLACE, &deep);
        sandbox.work("code", "feat: store [PRD-07 Task 1.1]");
        let text = sandbox.read(PLACE);
        assert!(text.contains("[x] Task 1.1") && text.contains(&level.repeat(10_000)), "{level}");
        sandbox.spec_log(&["status"]).ok();
    }
}
