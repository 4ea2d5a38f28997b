//! What hooks add to a commit and to a rebase.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Size;
use crate::peers::{PEERS, Peer};
use crate::place::{Place, program};
use crate::programs::{Form, forms};
use crate::table::{Row, Table};
use crate::timing::{Run, added, median, rounds, time};

const PAIR: [&str; 2] = ["commit-msg", "post-commit"];
/// The hooks that git runs at each pick of a rebase.
const PICK: [&str; 2] = ["prepare-commit-msg", "post-commit"];
const EMPTY: &str = "#!/bin/sh\n";

/// A kind of commit, and what is wanted of it.
struct Kind {
    name: &'static str,
    /// `@` is the task of a round.
    tag: &'static str,
    /// The greatest ratio to two empty `sh` hooks, for a static build.
    sh: f64,
    /// That to two empty Rust programs, for one that cargo makes.
    rust: Option<f64>,
}

const KINDS: [Kind; 2] = [
    Kind { name: "tagged", tag: " [PRD-01 Task @]", sh: 0.9, rust: Some(1.5) },
    Kind { name: "untagged", tag: "", sh: 0.5, rust: None },
];

/// What stands in a repository's hooks.
enum Hooks<'a> {
    /// Those of a directory.
    Of(PathBuf),
    /// A peer's.
    Peers(&'a Peer),
}

impl Hooks<'_> {
    fn set_up(&self, place: &Place, dir: &Path) {
        match self {
            Self::Of(hooks) => {
                place.git(dir, &["config", "core.hooksPath", hooks.to_str().expect("UTF-8")]);
            }
            Self::Peers(peer) => peer.set_up(place, dir),
        }
    }
}

pub(crate) fn measure(place: &Place, size: Size, table: &mut Table) {
    let none = place.scripts("none", &[]);
    let rust = empty_program(place);
    let links = |name: &str, hooks: [&'static str; 2]| {
        rust.as_ref().map(|rust| place.links(name, &hooks.map(|hook| (hook, rust.clone()))))
    };
    let (pair, pick) = (links("rust", PAIR), links("rust at a pick", PICK));
    for kind in &KINDS {
        commits(place, size, kind, pair.as_deref(), table);
    }
    rebase(place, size, pick.as_deref().unwrap_or(&none), table);
}

/// Commits of a kind, with every set of hooks in turns.
fn commits(place: &Place, size: Size, kind: &Kind, rust: Option<&Path>, table: &mut Table) {
    let sh = place.scripts(&format!("{} sh", kind.name), &PAIR.map(|hook| (hook, EMPTY)));
    let none = place.path("none");
    let mut setups = vec![Hooks::Of(none), Hooks::Of(sh.clone()), Hooks::Of(sh)];
    let rust_at = setups.len();
    setups.extend(rust.map(|rust| Hooks::Of(rust.to_path_buf())));
    let forms_at = setups.len();
    setups.extend(forms().iter().map(|form| Hooks::Of(pair(place, kind, form))));
    let peers_at = setups.len();
    let peers = || PEERS.iter().filter(|peer| peer.is_there(place));
    setups.extend(peers().map(Hooks::Peers));

    let make = |(at, hooks): (usize, &Hooks<'_>)| {
        let dir = followed(place, &format!("{} {at}", kind.name), 1);
        hooks.set_up(place, &dir);
        dir
    };
    let dirs: Vec<PathBuf> = setups.iter().enumerate().map(make).collect();
    let run = |(at, dir): (usize, &PathBuf)| -> Run<'_> {
        let records = kind.tag.is_empty() || (forms_at..peers_at).contains(&at);
        let dir = dir.clone();
        Box::new(move |round| {
            let took = commit(place, &dir, round, kind.tag);
            if !records {
                record_by_hand(&dir, round);
            }
            took
        })
    };
    let times = rounds(&mut dirs.iter().enumerate().map(run).collect::<Vec<_>>(), size.rounds);
    let more = |at: usize| added(&times[at], &times[0]);
    let mut row = |what: &str, goal, figures, commands: &str| {
        let what = format!("{} commit, {what}", kind.name);
        table.add(Row { what, goal, figures, unit: "ms", commands: commands.to_owned() });
    };
    row("control", None, (more(2), more(1)), "`git commit` with two empty `sh` hooks, twice");
    let said = "`git commit -qam …` with commit-msg and post-commit";
    for (form, at) in forms().iter().zip(forms_at..) {
        let (sh_goal, rust_goal) =
            if form.is_static { (Some(kind.sh), None) } else { (None, kind.rust) };
        let name = |other: &str| format!("{}, beside two empty {other}", form.name());
        row(&name("`sh` hooks"), sh_goal, (more(at), more(1)), said);
        if rust.is_some() {
            row(&name("Rust programs"), rust_goal, (more(at), more(rust_at)), said);
        }
    }
    for (peer, at) in peers().zip(peers_at..) {
        let commands = format!("the same, and `{}` in commit-msg", peer.command());
        row(&format!("beside {}", peer.name), peer.goal, (more(forms_at), more(at)), &commands);
    }
}

/// Our two hooks, in a directory.
fn pair(place: &Place, kind: &Kind, form: &Form) -> PathBuf {
    let name = format!("{} {}", kind.name, if form.is_static { "static" } else { "dynamic" });
    place.links(&name, &PAIR.map(|hook| (hook, form.program(&format!("spec-log-{hook}")))))
}

/// A repository of so many documents, whose HEAD a hook has seen.
pub(crate) fn followed(place: &Place, name: &str, documents: usize) -> PathBuf {
    let dir = place.with_documents(name, documents);
    place.see_head(&dir);
    dir
}

/// Makes a commit; `@` in its tag is the task of this round.
pub(crate) fn commit(place: &Place, dir: &Path, round: usize, tag: &str) -> Duration {
    fs::write(dir.join("work"), format!("{round}\n")).expect("a file");
    let message = format!("feat: step {round}{}", tag.replace('@', &task(round)));
    time(place.command("git", dir).args(["commit", "-qam", &message]))
}

fn task(round: usize) -> String {
    format!("{}.{}", round / 20 % 10 + 1, round % 20 + 1)
}

/// Edits the document as our hooks do, where they do not run: the next commit
/// takes it along, and git has the same work everywhere.
pub(crate) fn record_by_hand(dir: &Path, round: usize) {
    let path = dir.join("prd/tasks/01_feature.md");
    let text = fs::read_to_string(&path).expect("a document");
    let task = task(round);
    let text = text.replace(&format!("- [ ] Task {task}:"), &format!("- [x] Task {task}:"));
    let entry = format!("- `{round:07}` - feat: step {round} [PRD-01 Task {task}]\n\n## Notes");
    fs::write(&path, text.replacen("\n## Notes", &entry, 1)).expect("a document");
}

/// A program that does nothing, as rustc builds it without options.
fn empty_program(place: &Place) -> Option<PathBuf> {
    let (source, program) = (place.path("empty.rs"), place.path("empty"));
    fs::write(&source, "fn main() {}\n").expect("a file");
    let mut rustc = std::process::Command::new("rustc");
    let status = rustc.arg(&source).arg("-o").arg(&program).status().ok()?;
    status.success().then_some(program)
}

/// A rebase with every hook that `init` installs.
fn rebase(place: &Place, size: Size, others: &Path, table: &mut Table) {
    let make = |name: &str| {
        let dir = place.with_documents(name, 1);
        for round in 0..size.rebased {
            commit(place, &dir, round, if round % 20 == 0 { " [PRD-01 Task @]" } else { "" });
        }
        dir
    };
    let (ours, other, control) = (make("rebase ours"), make("rebase other"), make("rebase again"));
    let init =
        place.command(program("git-spec-log"), &ours).args(["init", "--mode", "file"]).status();
    assert!(init.is_ok_and(|status| status.success()), "init");
    for dir in [&other, &control] {
        place.git(dir, &["config", "core.hooksPath", others.to_str().expect("UTF-8")]);
    }
    let onto = format!("HEAD~{}", size.rebased);
    let run = |dir: &PathBuf| -> Run<'_> {
        let (dir, onto) = (dir.clone(), onto.clone());
        Box::new(move |_| {
            place.git(&dir, &["checkout", "-q", "--", "."]);
            time(place.command("git", &dir).args(["rebase", "-q", "--no-ff", &onto]))
        })
    };
    let times = rounds(&mut [run(&ours), run(&other), run(&control)], size.long_rounds);
    let commands =
        format!("`git rebase --no-ff {onto}` with all hooks, and with empty ones in their place");
    let mut row = |what: &str, goal, figures| {
        let what = format!("rebase of {} commits, {what}", size.rebased);
        table.add(Row { what, goal, figures, unit: "ms", commands: commands.clone() });
    };
    row("control", None, (median(&times[2]), median(&times[1])));
    row("beside empty Rust hooks", Some(1.1), (median(&times[0]), median(&times[1])));
}
