//! What many documents cost: to readers, and to a hook that needs one.

use std::path::{Path, PathBuf};

use crate::Size;
use crate::place::{Place, program};
use crate::table::{Row, Table};
use crate::timing::{Run, median, rounds, time};

pub(crate) fn measure(place: &Place, size: Size, table: &mut Table) {
    for &count in size.documents {
        let dir = place.with_documents(&format!("{count} documents"), count);
        readers(place, size, count, &dir, table);
        judge(place, size, count, &dir, table);
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

/// commit-msg with a tag, beside itself without one: what finding and reading
/// the one document adds must not grow with the number of the others.
fn judge(place: &Place, size: Size, count: usize, dir: &Path, table: &mut Table) {
    let message = |name: &str, text: &str| {
        let path = dir.join(".git").join(name);
        std::fs::write(&path, text).expect("a message");
        path
    };
    let tagged = message("tagged", "feat: step [PRD-01 Task 1.2]\n");
    let plain = message("plain", "feat: step\n");
    let run = |path: &PathBuf| -> Run<'_> {
        let path = path.clone();
        Box::new(move |_| time(place.command(program("spec-log-commit-msg"), dir).arg(&path)))
    };
    let times = rounds(&mut [run(&tagged), run(&plain)], size.rounds);
    table.add(Row {
        what: format!("commit-msg, {count} documents, tagged beside untagged"),
        goal: None,
        figures: (median(&times[0]), median(&times[1])),
        unit: "ms",
        commands: "`spec-log-commit-msg FILE`".to_owned(),
    });
}
