//! Whole documents before and after: each folder of `tests/golden` holds a
//! document, the messages of commits made through the real hooks, and what the
//! document must be to the byte when they are done.
//!
//! `SPEC_LOG_BLESS=1 cargo test golden` writes what came out as what must come
//! out; read the difference before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::sandbox::Sandbox;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).expect("golden cases").flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

/// The messages of a case, in order.
fn messages(folder: &Path) -> Vec<String> {
    let name = |number: usize| folder.join(format!("{number}.txt"));
    (1..).map(name).map_while(|path| fs::read_to_string(path).ok()).collect()
}

/// Where the case's document lies in its repository.
fn place(folder: &Path) -> String {
    let place = fs::read_to_string(folder.join("place.txt")).ok();
    place.map_or_else(|| "prd/tasks/07_login.md".to_owned(), |place| place.trim().to_owned())
}

fn begin(folder: &Path) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(place(folder), fs::read(folder.join("before.md")).expect("before.md"));
    sandbox.commit("docs: plan the feature").ok();
    sandbox
}

fn work(sandbox: &Sandbox, number: usize, message: &str) -> String {
    sandbox.write(format!("src/{number}.rs"), format!("// {number}\n"));
    sandbox.git(&["add", "src"]).ok();
    let output = sandbox.git(&["commit", "-qm", message]);
    assert_eq!(output.status, 0, "{output:#?}");
    output.stderr
}

fn expect(folder: &Path, name: &str, found: &str) {
    let path = folder.join(name);
    if std::env::var_os("SPEC_LOG_BLESS").is_some() {
        fs::write(&path, found).expect("a writable golden file");
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default();
    assert!(wanted == found, "{} differs; found:\n{found}", path.display());
}

#[test]
fn commits_through_the_hooks_leave_the_document_that_is_written_down() {
    for folder in folders() {
        let sandbox = begin(&folder);
        sandbox.install_hooks();
        let mut said = String::new();
        for (number, message) in messages(&folder).iter().enumerate() {
            said += &work(&sandbox, number, message);
        }
        expect(&folder, "after.md", &sandbox.read(place(&folder)));
        expect(&folder, "output.txt", &said);
    }
}

#[test]
fn one_sync_without_hooks_leaves_the_same_document() {
    for folder in folders() {
        let sandbox = begin(&folder);
        // The clock goes on with each program, and the hashes with the clock.
        sandbox.git(&["version"]).ok();
        for (number, message) in messages(&folder).iter().enumerate() {
            let _ = work(&sandbox, number, message);
        }
        sandbox.spec_log(&["sync"]).ok();
        let wanted = fs::read_to_string(folder.join("after.md")).expect("after.md");
        assert_eq!(sandbox.read(place(&folder)), wanted, "{}", folder.display());
    }
}
