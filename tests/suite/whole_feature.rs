//! A feature from its first commit to its last, in three sittings: what its
//! recovery file and its session log say at the end, to the byte. (`.markdown`
//! keeps what is expected out of the documents that the laws run over.)

use std::fs;
use std::path::Path;

use crate::sandbox::Sandbox;

const TASKS: &str = "specs/active/login/tasks.md";
const RECOVERY: &str = "specs/active/login/recovery.md";

#[track_caller]
fn text(path: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/whole-feature");
    fs::read_to_string(folder.join(path)).expect("a fixture")
}

/// Ends a sitting, and commits what it wrote.
fn end(sandbox: &Sandbox, prose: &[&str]) {
    sandbox.spec_log(&[&["checkpoint", "-q", "login"], prose].concat()).ok();
    sandbox.commit("docs: keep books").ok();
}

/// Twenty commits: sixteen of work, with an amend and a revert among them, and
/// four that keep books.
fn build(sandbox: &Sandbox) {
    sandbox.work("docs/notes.md", "docs: read [login Task A1 wip]");
    sandbox.work("docs/notes.md", "docs: compare [login Task A1]");
    sandbox.work("docs/store.md", "docs: choose [login Task A2]");
    sandbox.work("src/token.rs", "feat: begin with tokens [login Task B1.1 wip]");
    sandbox.work("src/token.rs", "feat: hash [login Task B1.1]");
    end(sandbox, &["--decisions", "tokens are hashed"]);

    sandbox.work("src/expiry.rs", "feat: expire [login Task B1.2]");
    sandbox.work("src/mail.rs", "feat: mail [login Task B2]");
    sandbox.write("src/mail.rs", "mail, better\n");
    sandbox.git(&["add", "src/mail.rs"]).ok();
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: mail it [login Task B2]"]).ok();
    sandbox.work("src/format.rs", "style: format");
    sandbox.work("src/host.rs", "feat: another host [login Task B2 wip]");
    sandbox.git(&["revert", "--no-edit", "HEAD~2"]).ok();
    sandbox.work("src/limit.rs", "feat: limit the mails");
    end(sandbox, &["--issues", "the host was slow", "--next", "Call the host"]);

    sandbox.work("tests/twice.rs", "test: twice [login Task T1]");
    sandbox.work("src/mail.rs", "feat: mail from there [login Task B2]");
    sandbox.work("src/token.rs", "fix: hash again [login Task B1.1 reopen]");
    sandbox.work("src/salt.rs", "fix: with salt [login Task B1.1]");
    sandbox.work("tests/old.rs", "test: begin with old ones [login Task T2 wip]");
    end(sandbox, &[]);
}

#[test]
fn the_recovery_file_says_where_work_stands_in_whatever_form_it_has() {
    for form in ["seed", "instructions", "guide"] {
        let sandbox = Sandbox::new();
        sandbox.write(TASKS, text("tasks.md"));
        sandbox.write(RECOVERY, text(&format!("{form}/before.md")));
        sandbox.commit("docs: plan").ok();
        sandbox.install_hooks();
        build(&sandbox);
        let commits = sandbox.git(&["rev-list", "--count", "HEAD"]).ok();
        assert_eq!(commits.trim(), "20");
        for (path, fixture) in [
            (TASKS, "tasks-after.markdown".to_owned()),
            (RECOVERY, format!("{form}/after.markdown")),
        ] {
            assert_eq!(sandbox.read(path), text(&fixture), "{form}: {path}");
        }
        sandbox.spec_log(&["checkpoint", "-q", "login"]).ok();
        assert!(sandbox.git(&["status", "--short"]).ok().is_empty(), "{form}");
    }
}
