//! Instruction counts, which no other load on the machine changes.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::place::{Place, program};

/// A hook, its arguments, and the most instructions that it may take for an
/// untagged and for a tagged commit: with room, because compilers differ and not
/// every machine links statically.
const CEILINGS: [(&str, &[&str], [u64; 2]); 4] = [
    ("pre-commit", &[], [750_000, 750_000]),
    ("prepare-commit-msg", &[".git/message", "message"], [700_000, 700_000]),
    ("commit-msg", &[".git/message"], [700_000, 3_800_000]),
    ("post-commit", &[], [700_000, 4_900_000]),
];

/// Messages, and whether they are tagged: what looks like a task in some
/// repository must cost no more than what looks like nothing.
const MESSAGES: [(&str, bool); 3] = [
    ("feat: a step", false),
    ("feat(api): raise zlib to 1.3.1 (#12)", false),
    ("feat: a step [PRD-01 Task 1.2]", true),
];

/// The documents of the work tree: all but one must cost next to nothing.
const DOCUMENTS: usize = 100;

/// Whether every hook stays below its ceiling.
pub(crate) fn hold(place: &Place) -> bool {
    if place.version("valgrind").is_none() {
        eprintln!("instructions are not counted: valgrind is not installed");
        return true;
    }
    let dir = place.with_documents("ceilings", DOCUMENTS);
    let mut holds = true;
    for (message, is_tagged) in MESSAGES {
        place.see_head(&dir);
        fs::write(dir.join(".git/message"), format!("{message}\n")).expect("a message");
        fs::write(dir.join("work"), message).expect("a file");
        for (hook, arguments, ceilings) in CEILINGS {
            if hook == "post-commit" {
                place.git(&dir, &["commit", "-qam", message]);
            }
            let count = instructions(place, &dir, hook, arguments);
            let count = count.expect("callgrind counts instructions");
            let ceiling = ceilings[usize::from(is_tagged)];
            let verdict = if count <= ceiling { "" } else { ", too many" };
            eprintln!("{hook}, {message:?}: {count} of {ceiling} instructions{verdict}");
            holds &= count <= ceiling;
        }
    }
    holds
}

fn instructions(place: &Place, dir: &Path, hook: &str, arguments: &[&str]) -> Option<u64> {
    let mut valgrind = place.command("valgrind", dir);
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg(program(&format!("spec-log-{hook}"))).args(arguments);
    let output = valgrind.stderr(Stdio::piped()).output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())
}
