//! The block in `AGENTS.md`.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::sandbox::Sandbox;

#[test]
fn only_who_asks_gets_a_block_for_agents_and_it_goes_again() {
    let sandbox = Sandbox::new();
    sandbox.spec_log(&["init"]).ok();
    assert!(!sandbox.top().join("AGENTS.md").exists());
    sandbox.spec_log(&["init", "--agents", "--dry-run"]).says("would install").ok();
    assert!(!sandbox.top().join("AGENTS.md").exists());
    sandbox.spec_log(&["init", "--agents"]).says("AGENTS.md").ok();
    let block = sandbox.read("AGENTS.md");
    assert_eq!(block.lines().count(), 6);
    assert!(block.contains("git spec-log recover"), "{block}");
    let mode = fs::metadata(sandbox.top().join("AGENTS.md")).unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0);
    sandbox.spec_log(&["init", "--agents"]).ok();
    assert_eq!(sandbox.read("AGENTS.md"), block);
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    assert!(!sandbox.top().join("AGENTS.md").exists());
}

#[test]
fn a_page_for_agents_keeps_every_other_byte() {
    for page in ["# Agents\n\nBe kind.\n", "no end", "", "a\r\nb\r\n"] {
        let sandbox = Sandbox::new();
        sandbox.write("AGENTS.md", page);
        sandbox.spec_log(&["init", "--agents"]).ok();
        let with = sandbox.read("AGENTS.md");
        assert!(with.starts_with(page) && with.contains("recover"), "{with:?}");
        let older = with.replace("Begin with", "Start with");
        sandbox.write("AGENTS.md", older);
        sandbox.spec_log(&["init", "--agents"]).says("updated").ok();
        assert_eq!(sandbox.read("AGENTS.md"), with);
        sandbox.spec_log(&["init", "--uninstall"]).ok();
        assert_eq!(sandbox.read("AGENTS.md"), page);
    }
}

#[test]
fn a_page_that_is_a_link_or_torn_is_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("CLAUDE.md", "mine\n");
    symlink("CLAUDE.md", sandbox.top().join("AGENTS.md")).unwrap();
    sandbox.spec_log(&["init", "--agents"]).fails_with(1).says("AGENTS.md was not touched");
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    assert_eq!(sandbox.read("CLAUDE.md"), "mine\n");
    fs::remove_file(sandbox.top().join("AGENTS.md")).unwrap();
    let torn = "a\n<!-- >>> spec-log >>> -->\nb\n";
    sandbox.write("AGENTS.md", torn);
    sandbox.spec_log(&["init", "--agents"]).fails_with(1).says("is damaged");
    assert_eq!(sandbox.read("AGENTS.md"), torn);
}
