//! What hooks add to a commit and to a rebase.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Size;
use crate::place::{Place, program};
use crate::table::{Row, Table};
use crate::timing::{Run, added, median, rounds, time};

const PAIR: [&str; 2] = ["commit-msg", "post-commit"];
const EMPTY: &str = "#!/bin/sh\n";

/// A program of others that judges messages in commit-msg.
struct Peer {
    /// The program that must be installed.
    program: &'static str,
    /// The hook that runs it.
    script: &'static str,
    /// A file it needs, and what stands in it.
    file: Option<(&'static str, &'static str)>,
    /// The greatest ratio of what is added that is wanted.
    goal: Option<f64>,
}

const PEERS: [Peer; 4] = [
    Peer {
        program: "committed",
        script: "#!/bin/sh\nexec committed --commit-file \"$1\"\n",
        file: None,
        goal: Some(1.0),
    },
    Peer {
        program: "prek",
        script: "#!/bin/sh\nexec prek run --hook-stage commit-msg --commit-msg-filename \"$1\"\n",
        file: Some((".pre-commit-config.yaml", "repos: []\n")),
        goal: None,
    },
    Peer {
        program: "lefthook",
        script: "#!/bin/sh\nexec lefthook run commit-msg \"$@\"\n",
        file: Some(("lefthook.yml", "commit-msg:\n  commands:\n    none:\n      run: \"true\"\n")),
        goal: None,
    },
    Peer {
        program: "commitlint",
        script: "#!/usr/bin/env sh\nexec commitlint --edit \"$1\"\n",
        file: Some(("commitlint.config.js", "module.exports = { rules: {} };\n")),
        goal: Some(1.0 / 200.0),
    },
];

pub(crate) fn measure(place: &Place, size: Size, table: &mut Table) {
    let rust = empty_program(place);
    let none = place.scripts("none", &[]);
    let sh = place.scripts("sh", &PAIR.map(|hook| (hook, EMPTY)));
    let rust = rust.map(|rust| place.links("rust", &PAIR.map(|hook| (hook, rust.clone()))));
    let ours = place.links("ours", &PAIR.map(|hook| (hook, program(&format!("spec-log-{hook}")))));
    let peers = PEERS.iter().filter(|peer| place.version(peer.program).is_some());
    let peers: Vec<(&Peer, PathBuf)> = peers
        .map(|peer| (peer, place.scripts(peer.program, &[("commit-msg", peer.script)])))
        .collect();

    let mut setups = vec![("plain", none.clone()), ("sh", sh.clone()), ("sh again", sh)];
    setups.push(("ours", ours));
    let rust_at = rust.as_ref().map(|_| setups.len());
    setups.extend(rust.clone().map(|rust| ("rust", rust)));
    let peers_at = setups.len();
    setups.extend(peers.iter().map(|(peer, hooks)| (peer.program, hooks.clone())));

    for (kind, tag, sh_goal, rust_goal) in
        [("tagged", " [PRD-01 Task @]", 0.9, Some(1.5)), ("untagged", "", 0.5, None)]
    {
        let make = |(name, hooks): &(&str, PathBuf)| {
            let dir = place.with_documents(&format!("{kind} {name}"), 1);
            let hooks = hooks.to_str().expect("UTF-8");
            place.git(&dir, &["config", "core.hooksPath", hooks]);
            let head = place.git(&dir, &["rev-parse", "HEAD"]);
            fs::create_dir(dir.join(".git/spec-log")).expect("a directory");
            fs::write(dir.join(".git/spec-log/last-seen"), head).expect("a file");
            dir
        };
        let dirs: Vec<PathBuf> = setups.iter().map(make).collect();
        for (peer, at) in peers.iter().zip(peers_at..) {
            if let Some((file, text)) = peer.0.file {
                fs::write(dirs[at].join(file), text).expect("a file");
            }
        }
        let run = |dir: &PathBuf| -> Run<'_> {
            let dir = dir.clone();
            Box::new(move |round| commit(place, &dir, round, tag))
        };
        let times = rounds(&mut dirs.iter().map(run).collect::<Vec<_>>(), size.rounds);
        let more = |at: usize| added(&times[at], &times[0]);
        let mut row = |what: &str, goal, figures, commands: &str| {
            table.add(Row {
                what: what.to_owned(),
                goal,
                figures,
                unit: "ms",
                commands: commands.to_owned(),
            });
        };
        let name = |what: &str| format!("both hooks, {kind} commit, {what}");
        let said = "`git commit -qam …` with commit-msg and post-commit, less the plain one of the same round";
        row(&name("control"), None, (more(2), more(1)), "two empty `sh` hooks, twice");
        row(&name("beside two empty `sh` hooks"), Some(sh_goal), (more(3), more(1)), said);
        if let Some(rust) = rust_at {
            row(&name("beside two empty Rust programs"), rust_goal, (more(3), more(rust)), said);
        }
        for ((peer, _), at) in peers.iter().zip(peers_at..) {
            row(
                &name(&format!("beside {}", peer.program)),
                peer.goal,
                (more(3), more(at)),
                peer.script.lines().last().unwrap_or_default(),
            );
        }
    }
    rebase(place, size, rust.as_deref().unwrap_or(&none), table);
}

/// Makes a commit; `@` in its tag is the task of this round.
fn commit(place: &Place, dir: &Path, round: usize, tag: &str) -> Duration {
    fs::write(dir.join("work"), format!("{round}\n")).expect("a file");
    let task = format!("{}.{}", round / 20 % 10 + 1, round % 20 + 1);
    let message = format!("feat: step {round}{}", tag.replace('@', &task));
    time(place.command("git", dir).args(["commit", "-qam", &message]))
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
    let commands = format!("`git rebase --no-ff {onto}` with all hooks, and with two empty ones");
    let mut row = |what: &str, goal, figures| {
        let what = format!("rebase of {} commits, {what}", size.rebased);
        table.add(Row { what, goal, figures, unit: "ms", commands: commands.clone() });
    };
    row("control", None, (median(&times[2]), median(&times[1])));
    row("beside two empty hooks", Some(1.1), (median(&times[0]), median(&times[1])));
}
