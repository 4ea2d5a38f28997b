//! The figures, printed and as a page of the documentation.

use std::fmt::Write as _;

use crate::place::Place;

/// One comparison.
pub(crate) struct Row {
    /// What is measured.
    pub(crate) what: String,
    /// The greatest ratio that is wanted; `None` where the figure only informs.
    pub(crate) goal: Option<f64>,
    /// Ours, and what it is compared with.
    pub(crate) figures: (f64, f64),
    /// What the figures are in.
    pub(crate) unit: &'static str,
    /// The two commands.
    pub(crate) commands: String,
}

impl Row {
    /// `None` where the noise was greater than what was to be measured.
    fn ratio(&self) -> Option<f64> {
        let (ours, other) = self.figures;
        (ours > 0.0 && other > 0.0).then_some(ours / other)
    }

    fn cells(&self) -> [String; 5] {
        let (ours, other) = self.figures;
        let goal = self.goal.map_or_else(|| "–".to_owned(), |goal| format!("≤ {goal}"));
        let unit = self.unit;
        [
            self.what.clone(),
            format!("{ours:.2} {unit}"),
            format!("{other:.2} {unit}"),
            self.ratio().map_or_else(|| "lost in noise".to_owned(), |ratio| format!("{ratio:.2}")),
            match (self.goal, self.ratio()) {
                (Some(wanted), Some(ratio)) if ratio > wanted => format!("{goal}, missed"),
                _ => goal,
            },
        ]
    }
}

/// All rows of a run.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

const HEAD: [&str; 5] = ["", "spec-log", "compared with", "ratio", "goal"];

impl Table {
    pub(crate) fn add(&mut self, row: Row) {
        eprintln!("{}", row.cells().join("  "));
        self.rows.push(row);
    }

    /// The rows as a markdown table.
    pub(crate) fn text(&self) -> String {
        let line = |cells: [String; 5]| format!("| {} |\n", cells.join(" | "));
        let mut text = line(HEAD.map(str::to_owned)) + "| --- | ---: | ---: | ---: | ---: |\n";
        self.rows.iter().for_each(|row| text.push_str(&line(row.cells())));
        text
    }

    /// The page of the documentation.
    pub(crate) fn page(&self, place: &Place) -> String {
        let mut page = String::from(INTRODUCTION);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let form = if cfg!(target_feature = "crt-static") { "static" } else { "dynamic" };
        let git = place.version("git").unwrap_or_default();
        let _ = writeln!(
            page,
            "This run: {cores} cores, {} {} build, {form}, {git}.\n",
            std::env::consts::OS,
            std::env::consts::ARCH
        );
        page.push_str(&self.text());
        page.push_str("\n## What each row runs\n\n");
        for row in &self.rows {
            let _ = writeln!(page, "- {}: {}", row.what, row.commands);
        }
        page
    }
}

const INTRODUCTION: &str = "\
# Performance

Written by `cargo bench --bench goals`, which makes its own repositories and
measures on the machine it runs on. `-- --full` adds a history of a million
commits, `-- --tiny` only looks whether everything runs. Peers take part where
they are installed.

Runs are paired: what is compared runs in turns, forwards and backwards, and a
figure is the median over all rounds. What a hook adds is the median of the
differences to the plain `git commit` of the same round. The rows called
*control* compare a thing with itself; how far they are from 1 is how far any
other row may be trusted. Only ratios hold from one machine to another.

The first goal is meant for a static build, which `install.sh` makes where the
machine can and releases always are:
`cargo build --release --bins --target x86_64-unknown-linux-musl`.

";
