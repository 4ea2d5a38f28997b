//! What many documents cost: to readers, and to a hook that needs one.

use std::path::{Path, PathBuf};

use crate::Size;
use crate::hooks::{commit, followed, record_by_hand};
use crate::place::{Place, program};
use crate::table::{Row, Table};
use crate::timing::{Run, added, median, rounds, time};

pub(crate) fn measure(place: &Place, size: Size, table: &mut Table) {
    for &count in size.documents {
        let dir = place.with_documents(&format!("{count} documents"), count);
        readers(place, size, count, &dir, table);
        hooks(place, size, count, table);
    }
}

/// `status`, `next` and `check` beside a start of node.
fn readers(place: &Place, size: Size, count: usize, dir: &Path, table: &mut Table) {
    let run = |name: &str, arguments: &'static [&'static str]| -> Run<'_> {
        let (name, dir) = (PathBuf::from(name), dir.to_path_buf());
        Box::new(move |_| time(place.command(&name, &dir).args(arguments)))
    };
    let ours = program("git-spec-log");
    let ours = ours.to_str().expect("UTF-8");
    let mut runs = vec![
        run(ours, &["status", "--json"]),
        run(ours, &["status", "--json"]),
        run(ours, &["next", "--json"]),
        run(ours, &["check", "--json"]),
    ];
    let has_node = place.version("node").is_some();
    if has_node {
        runs.push(run("node", &["-e", "0"]));
    }
    let times = rounds(&mut runs, size.rounds.div_ceil(5));
    let mut row = |what: String, goal, figures, commands: &str| {
        table.add(Row { what, goal, figures, unit: "ms", commands: commands.to_owned() });
    };
    let took = |at: usize| median(&times[at]);
    row(
        format!("status, {count} documents, control"),
        None,
        (took(1), took(0)),
        "`git spec-log status --json`, twice",
    );
    if has_node {
        let goal = (count == 1_000).then_some(1.2);
        row(
            format!("status, {count} documents, beside node"),
            goal,
            (took(0), took(4)),
            "`git spec-log status --json` and `node -e 0`",
        );
        row(
            format!("next, {count} documents, beside node"),
            None,
            (took(2), took(4)),
            "`git spec-log next --json` and `node -e 0`",
        );
        row(
            format!("check, {count} documents, beside node"),
            None,
            (took(3), took(4)),
            "`git spec-log check --json` and `node -e 0`",
        );
    }
    if place.version("backlog").is_some() {
        backlog(place, size, count, took(0), table);
    }
}

/// Backlog.md, with as many tasks as there are documents.
fn backlog(place: &Place, size: Size, count: usize, ours: f64, table: &mut Table) {
    let dir = place.with_documents(&format!("{count} tasks"), 1);
    let init = place.command("backlog", &dir).args(["init", "bench", "--defaults"]).status();
    if !init.is_ok_and(|status| status.success()) {
        return;
    }
    for number in 1..=count {
        let text = format!(
            "---\nid: task-{number}\ntitle: Step {number}\nstatus: To Do\nassignee: []\nlabels: []\ndependencies: []\n---\n\n## Description\n\nWords.\n"
        );
        let path = dir.join(format!("backlog/tasks/task-{number} - Step-{number}.md"));
        std::fs::write(path, text).expect("a task");
    }
    let mut run: [Run<'_>; 1] =
        [Box::new(|_| time(place.command("backlog", &dir).args(["task", "list", "--plain"])))];
    let times = rounds(&mut run, size.long_rounds);
    table.add(Row {
        what: format!("status, {count} documents, beside Backlog.md"),
        goal: (count == 1_000).then_some(1.0 / 40.0),
        figures: (ours, median(&times[0])),
        unit: "ms",
        commands: "`git spec-log status --json` and `backlog task list --plain`".to_owned(),
    });
}

/// Both hooks for a tagged commit, beside those of a work tree with one
/// document: what finding the one adds must not grow with reading the others.
fn hooks(place: &Place, size: Size, count: usize, table: &mut Table) {
    let pair = ["commit-msg", "post-commit"];
    let none = place.path("none");
    let ours = place.links(
        &format!("hooks of {count}"),
        &pair.map(|hook| (hook, program(&format!("spec-log-{hook}")))),
    );
    let make = |name: &str, documents: usize, hooks: &Path| {
        let dir = followed(place, &format!("{name} of {count}"), documents);
        place.git(&dir, &["config", "core.hooksPath", hooks.to_str().expect("UTF-8")]);
        dir
    };
    let dirs = [
        make("plain", count, &none),
        make("hooked", count, &ours),
        make("plain one", 1, &none),
        make("hooked one", 1, &ours),
    ];
    let run = |(at, dir): (usize, &PathBuf)| -> Run<'_> {
        let (dir, is_plain) = (dir.clone(), at % 2 == 0);
        Box::new(move |round| {
            let took = commit(place, &dir, round, " [PRD-01 Task @]");
            if is_plain {
                record_by_hand(&dir, round);
            }
            took
        })
    };
    let times = rounds(&mut dirs.iter().enumerate().map(run).collect::<Vec<_>>(), size.rounds);
    table.add(Row {
        what: format!("both hooks, {count} documents, beside one document"),
        goal: None,
        figures: (added(&times[1], &times[0]), added(&times[3], &times[2])),
        unit: "ms",
        commands: "`git commit -qam …` with commit-msg and post-commit, less the same without \
                   hooks"
            .to_owned(),
    });
}
