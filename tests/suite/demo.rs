//! The demo is what a newcomer sees first: it works wherever it is started.

use std::fs;

use crate::sandbox::Sandbox;

#[test]
fn the_demo_shows_commits_a_refusal_and_the_file_before_and_after() {
    let sandbox = Sandbox::new();
    let said = sandbox.spec_log(&["demo"]).ok();
    for words in [
        "$ git commit -qm 'feat: mail the link [PRD-07 Task 1.2]'\n  PRD-07: 1.2 done",
        "(refused: nothing is committed",
        "-- [ ] Task 1.2: Mail the link\n+- [x] Task 1.2: Mail the link\n",
        "+  - [x] Subtask 1.1.1: Hash them\n",
        "+- [ ] Task 2.1: Cover expiry (IN PROGRESS)\n",
        "+- **Overall:** 33% complete (1/3 tasks done)\n",
        "is gone",
    ] {
        assert!(said.contains(words), "`{words}` in {said}");
    }
    let widest = said.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{said}");
    assert!(sandbox.spec_log(&["--color", "demo"]).ok().contains("\x1b[32m+- [x] Task 1.2"));
}

#[test]
fn the_demo_is_the_same_whatever_is_set_around_it() {
    let sandbox = Sandbox::new();
    let plain = sandbox.spec_log(&["demo"]).ok();
    let config = "[commit]\n\tgpgSign = true\n[core]\n\thooksPath = /nowhere\n\
                  [user]\n\tname = Somebody\n[speclog]\n\trecord = off\n";
    fs::write(sandbox.home().join(".gitconfig"), config).expect("a file");
    let mut command = sandbox.command("git");
    command.args(["spec-log", "demo"]).env("SPECLOG_RECORD", "off").env("TZ", "Asia/Tokyo");
    assert_eq!(sandbox.run(&mut command).ok(), plain);
    let mut nowhere = sandbox.command("git");
    nowhere.args(["-C", "/", "spec-log", "demo"]).env("GIT_DIR", sandbox.top().join(".git"));
    assert_eq!(sandbox.run(&mut nowhere).ok(), plain);
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), "");
}

#[test]
fn the_demo_keeps_its_repository_in_a_directory_that_is_new_or_empty() {
    let sandbox = Sandbox::new();
    sandbox.spec_log(&["demo", "a/b"]).ok();
    let log = sandbox.git(&["-C", "a/b", "log", "--format=%s"]).ok();
    assert_eq!(log.lines().count(), 4, "{log}");
    assert_eq!(
        sandbox.git(&["-C", "a/b", "status", "--porcelain"]).ok(),
        " M prd/tasks/07_login.md\n"
    );
    sandbox.spec_log(&["demo", "a/b"]).fails_with(128).says("is not empty").says("hint: ");
    sandbox.spec_log(&["demo", "--json"]).fails_with(2);
}
