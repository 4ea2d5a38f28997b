//! What long histories cost.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Size;
use crate::place::{Place, program};
use crate::table::{Row, Table};
use crate::timing::{Run, cpu, median, peak_memory, rounds, time};

const GREP: [&str; 4] = ["log", "--format=%h %s", "-E", "--grep=\\[PRD-[0-9]+ Task"];

const WITHOUT: &str = "without an index, `git spec-log log` and `git log -E --grep=…`";

pub(crate) fn measure(place: &Place, size: Size, table: &mut Table) {
    for &commits in size.commits {
        let dir = place.with_history(&format!("{commits} commits"), commits);
        let history = History { place, dir, commits, rounds: size };
        history.scan(table);
        history.query(table);
        history.query_after_a_commit(table);
        history.hook(table);
    }
}

/// A repository with so many commits.
struct History<'a> {
    place: &'a Place,
    dir: PathBuf,
    commits: usize,
    rounds: Size,
}

impl History<'_> {
    fn ours(&self, arguments: &[&str]) -> Command {
        let mut command = self.place.command(program("git-spec-log"), &self.dir);
        command.args(arguments);
        command
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = self.place.command("git", &self.dir);
        command.args(arguments);
        command
    }

    fn row(
        &self,
        table: &mut Table,
        what: &str,
        goal: Option<f64>,
        figures: (f64, f64),
        commands: &str,
    ) {
        let what = format!("{what}, {} commits", self.commits);
        table.add(Row { what, goal, figures, unit: "ms", commands: commands.to_owned() });
    }

    fn forget(&self) {
        let _ = std::fs::remove_file(self.dir.join(".git/spec-log/ledger"));
    }

    /// Runs the command again and again, each time without an index.
    fn afresh(&self, mut command: Command) -> Run<'_> {
        Box::new(move |_| {
            self.forget();
            time(&mut command)
        })
    }

    /// All of history, of which nothing is known yet.
    fn scan(&self, table: &mut Table) {
        let mut runs = [
            self.afresh(self.ours(&["log"])),
            self.afresh(self.ours(&["log", "-n", "1"])),
            self.afresh(self.git(&GREP)),
            self.afresh(self.git(&GREP)),
        ];
        let times = rounds(&mut runs, self.rounds.long_rounds);
        let took = |at: usize| median(&times[at]);
        self.row(table, "scan, control", None, (took(3), took(2)), "`git log -E --grep=…`, twice");
        self.row(table, "scan of all history", Some(0.75), (took(0), took(2)), WITHOUT);
        let said = "the same, of ours only the newest commit shown: `-n 1`";
        self.row(table, "scan, less what is shown of each", None, (took(1), took(2)), said);

        self.forget();
        if let (Some(ours), Some(git)) = (cpu(&mut self.ours(&["log"])), cpu(&mut self.git(&GREP)))
        {
            self.row(table, "processor time of a scan", None, (ours, git), WITHOUT);
        }
        self.forget();
        let memory = (peak_memory(&mut self.ours(&["log"])), peak_memory(&mut self.git(&GREP)));
        if let (Some(ours), Some(git)) = memory {
            table.add(Row {
                what: format!("memory of a scan, {} commits", self.commits),
                goal: Some(0.5),
                figures: (ours / 1024.0, git / 1024.0),
                unit: "MiB",
                commands: WITHOUT.to_owned(),
            });
        }
    }

    /// A question that the index answers.
    fn query(&self, table: &mut Table) {
        let run = |mut command: Command| -> Run<'_> { Box::new(move |_| time(&mut command)) };
        let last = || self.git(&["log", "-1"]);
        let mut runs = [
            run(self.ours(&["log", "-n", "1"])),
            run(self.ours(&["log", "PRD-01", "-n", "1"])),
            run(last()),
            run(last()),
        ];
        let times = rounds(&mut runs, self.rounds.rounds);
        let took = |at: usize| median(&times[at]);
        self.row(table, "warm query, control", None, (took(3), took(2)), "`git log -1`, twice");
        let said = "`git spec-log log -n 1` and `git log -1`";
        self.row(table, "warm query", Some(1.3), (took(0), took(2)), said);
        let said = "`git spec-log log PRD-01 -n 1` and `git log -1`";
        self.row(table, "warm query of a feature", Some(1.3), (took(1), took(2)), said);
    }

    /// The same after one more commit, which the index does not know.
    fn query_after_a_commit(&self, table: &mut Table) {
        let after = |mut command: Command| -> Run<'_> {
            Box::new(move |round| {
                let message = format!("feat: more {round} [PRD-01 Task 1.1]");
                commit(self.place, &self.dir, &message);
                time(&mut command)
            })
        };
        let last = || after(self.git(&["log", "-1"]));
        let mut runs = [after(self.ours(&["log", "-n", "1"])), last(), last()];
        let times = rounds(&mut runs, self.rounds.rounds);
        let took = |at: usize| median(&times[at]);
        let what = "query after one commit";
        let said = "`git log -1` after one more commit each, twice";
        self.row(table, &format!("{what}, control"), None, (took(2), took(1)), said);
        let said = "`git spec-log log -n 1` and `git log -1`, each after one more commit";
        self.row(table, what, Some(10.0), (took(0), took(1)), said);
    }

    /// A hook, which is not to know how long history is.
    fn hook(&self, table: &mut Table) {
        let run = |mut command: Command| -> Run<'_> { Box::new(move |_| time(&mut command)) };
        let hook = || self.place.command(program("spec-log-post-commit"), &self.dir);
        let mut runs = [run(hook()), run(self.git(&["log", "-1"]))];
        let times = rounds(&mut runs, self.rounds.rounds);
        let said = "`spec-log-post-commit` with nothing new, and `git log -1`";
        self.row(table, "post-commit", None, (median(&times[0]), median(&times[1])), said);
    }
}

/// Commits work: what changes nothing links to nothing, and is passed over.
fn commit(place: &Place, dir: &Path, message: &str) {
    let file = std::fs::OpenOptions::new().append(true).open(dir.join("work"));
    file.and_then(|mut file| writeln!(file, "{message}")).expect("a file");
    place.git(dir, &["commit", "-qam", message]);
}
