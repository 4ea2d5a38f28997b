//! The programs that are measured, in the forms in which users have them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The top of the checkout.
const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

static PROGRAMS: OnceLock<Vec<Form>> = OnceLock::new();

/// One build of all programs.
#[derive(Debug)]
pub(crate) struct Form {
    /// Where they are.
    pub(crate) directory: PathBuf,
    /// Whether they hold all that they need: no other file is read to start.
    pub(crate) is_static: bool,
}

impl Form {
    fn of(directory: PathBuf) -> Self {
        let is_static = is_static(&directory.join("git-spec-log"));
        Self { directory, is_static }
    }

    /// What it is called in a row.
    pub(crate) fn name(&self) -> &'static str {
        if self.is_static { "static" } else { "as `cargo install` builds them" }
    }

    /// One of its programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// Takes the programs of a directory; where none is given they are built,
/// once by `install.sh` into `prefix` and once by cargo alone.
pub(crate) fn choose(directory: Option<PathBuf>, prefix: &Path) {
    let forms = match directory {
        Some(directory) => vec![Form::of(directory)],
        None => {
            let mut forms = vec![install(prefix), build()];
            forms.dedup_by_key(|form| form.is_static);
            forms
        }
    };
    PROGRAMS.set(forms).expect("chosen once");
}

/// Every form, that of an installation first.
pub(crate) fn forms() -> &'static [Form] {
    PROGRAMS.get().expect("chosen at the start")
}

/// One of our programs, as it is installed.
pub(crate) fn program(name: &str) -> PathBuf {
    forms()[0].program(name)
}

fn install(prefix: &Path) -> Form {
    run(Command::new("./install.sh").arg("--prefix").arg(prefix));
    Form::of(prefix.join("bin"))
}

fn build() -> Form {
    run(Command::new(env!("CARGO")).args(["build", "--release", "--locked", "--bins"]));
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    Form::of(Path::new(TOP).join(target).join("release"))
}

/// Runs a command in the checkout, without what cargo told this program.
fn run(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let is_cargos =
            |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        if name.to_str().is_some_and(is_cargos) {
            command.env_remove(name);
        }
    }
    let status = command.current_dir(TOP).stdout(Stdio::null()).status().expect("it starts");
    assert!(status.success(), "{command:?}");
}

/// Whether an ELF file names no interpreter, which would load what else it
/// needs.
fn is_static(program: &Path) -> bool {
    const INTERPRETER: u32 = 3;
    let bytes = fs::read(program).unwrap_or_default();
    let number = |at: usize, len: usize| -> Option<usize> {
        let bytes = bytes.get(at..at + len)?;
        Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte)))
    };
    let header = || Some((number(32, 8)?, number(54, 2)?, number(56, 2)?));
    // 64 bits, little-endian.
    let Some((start, size, count)) = header().filter(|_| bytes.starts_with(b"\x7fELF\x02\x01"))
    else {
        return false;
    };
    (0..count).all(|at| number(start + at * size, 4) != Some(INTERPRETER as usize))
}
