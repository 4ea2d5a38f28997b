//! What long histories cost.

use std::path::PathBuf;
use std::process::Command;

use crate::Size;
use crate::place::{Place, program};
use crate::table::{Row, Table};
use crate::timing::{Run, median, peak_memory, rounds, time};

const GREP: [&str; 4] = ["log", "--format=%h %s", "-E", "--grep=\\[PRD-[0-9]+ Task"];

pub(crate) fn measure(place: &Place, size: Size, table: &mut Table) {
    for &commits in size.commits {
        let dir = place.with_history(&format!("{commits} commits"), commits);
        let ours = |arguments: &[&str]| {
            let mut command = place.command(program("git-spec-log"), &dir);
            command.args(arguments);
            command
        };
        let git = |arguments: &[&str]| {
            let mut command = place.command("git", &dir);
            command.args(arguments);
            command
        };
        let run = |make: &dyn Fn() -> Command| -> Run<'_> {
            let mut command = make();
            Box::new(move |_| time(&mut command))
        };
        let mut row = |what: &str, goal, figures, unit, commands: &str| {
            let what = format!("{what}, {commits} commits");
            table.add(Row { what, goal, figures, unit, commands: commands.to_owned() });
        };

        let mut runs = [run(&|| ours(&["log"])), run(&|| git(&GREP)), run(&|| git(&GREP))];
        let times = rounds(&mut runs, size.long_rounds);
        let took = |at: usize| median(&times[at]);
        let said = "`git spec-log log` and `git log -E --grep=…`";
        row("scan, control", None, (took(2), took(1)), "ms", "`git log -E --grep=…`, twice");
        row("scan of all history", Some(0.75), (took(0), took(1)), "ms", said);
        if let (Some(ours), Some(git)) =
            (peak_memory(&mut ours(&["log"])), peak_memory(&mut git(&GREP)))
        {
            row("memory of that scan", Some(0.5), (ours / 1024.0, git / 1024.0), "MiB", said);
        }

        let mut runs = [run(&|| ours(&["log", "-n", "1"])), run(&|| git(&["log", "-1"]))];
        let times = rounds(&mut runs, size.long_rounds);
        let said = "`git spec-log log -n 1` and `git log -1`";
        row("warm query", Some(1.3), (median(&times[0]), median(&times[1])), "ms", said);

        let after = |command: Command| -> Run<'_> {
            let (dir, mut command): (PathBuf, Command) = (dir.clone(), command);
            Box::new(move |round| {
                let message = format!("feat: more {round} [PRD-01 Task 1.1]");
                place.git(&dir, &["commit", "-q", "--allow-empty", "-m", &message]);
                time(&mut command)
            })
        };
        let mut runs = [after(ours(&["log", "-n", "1"])), after(git(&["log", "-1"]))];
        let times = rounds(&mut runs, size.long_rounds);
        let said = "the same, each right after one more commit";
        row(
            "query after one commit",
            Some(10.0),
            (median(&times[0]), median(&times[1])),
            "ms",
            said,
        );

        let mut runs = [
            run(&|| place.command(program("spec-log-post-commit"), &dir)),
            run(&|| git(&["log", "-1"])),
        ];
        let times = rounds(&mut runs, size.rounds);
        let said = "`spec-log-post-commit` with nothing new, and `git log -1`";
        row("post-commit", None, (median(&times[0]), median(&times[1])), "ms", said);
    }
}
