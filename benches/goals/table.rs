//! The figures, printed and as a page of the documentation.

use std::fmt::Write as _;

use crate::peers::PEERS;
use crate::place::Place;
use crate::programs::{Form, forms};

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
    /// What is measured, whatever the size.
    fn name(&self) -> String {
        let is_size = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
        let parts = self.what.split(", ").filter(|part| !is_size(part));
        let parts: Vec<&str> = parts.filter(|part| !part.ends_with("tagged commit")).collect();
        parts.join(", ")
    }

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
            self.ratio().map_or_else(|| "lost in noise".to_owned(), shown),
            match (self.goal, self.ratio()) {
                (Some(wanted), Some(ratio)) if ratio > wanted => format!("{goal}, missed"),
                _ => goal,
            },
        ]
    }
}

/// A ratio, with as many digits as it needs beside its goal.
fn shown(ratio: f64) -> String {
    if ratio < 0.1 { format!("{ratio:.4}") } else { format!("{ratio:.2}") }
}

/// Rows that belong together.
struct Part {
    title: &'static str,
    /// What is measured in them, and how.
    about: &'static str,
    rows: Vec<Row>,
}

/// All rows of a run.
#[derive(Default)]
pub(crate) struct Table {
    parts: Vec<Part>,
}

const HEAD: [&str; 5] = ["", "spec-log", "compared with", "ratio", "goal"];

impl Table {
    /// Begins a part; the rows that follow belong to it.
    pub(crate) fn begin(&mut self, title: &'static str, about: &'static str) {
        self.parts.push(Part { title, about, rows: Vec::new() });
    }

    pub(crate) fn add(&mut self, row: Row) {
        eprintln!("{}", row.cells().join("  "));
        self.parts.last_mut().expect("a part was begun").rows.push(row);
    }

    /// The rows as markdown tables.
    pub(crate) fn text(&self) -> String {
        self.parts.iter().map(|part| table(part.rows.iter())).collect::<Vec<_>>().join("\n")
    }

    /// The page of the documentation.
    pub(crate) fn page(&self, place: &Place) -> String {
        let mut page = String::from(INTRODUCTION);
        page.push_str(&machine(place));
        page.push_str("\n## Goals\n\n");
        let all = self.parts.iter().flat_map(|part| &part.rows);
        page.push_str(&table(all.filter(|row| row.goal.is_some())));
        for part in &self.parts {
            let _ = write!(page, "\n## {}\n\n{}\n\n", part.title, part.about);
            page.push_str(&table(part.rows.iter()));
            page.push('\n');
            page.push_str(&commands(&part.rows));
        }
        page.push_str(LIMITS);
        page
    }
}

fn table<'r>(rows: impl Iterator<Item = &'r Row>) -> String {
    let line = |cells: [String; 5]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(HEAD.map(str::to_owned)) + "| --- | ---: | ---: | ---: | ---: |\n";
    rows.for_each(|row| text.push_str(&line(row.cells())));
    text
}

/// What the rows run, each command once.
fn commands(rows: &[Row]) -> String {
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        if rows[..at].iter().any(|other| other.commands == row.commands) {
            continue;
        }
        let same = rows.iter().filter(|other| other.commands == row.commands);
        let mut names: Vec<String> = same.map(Row::name).collect();
        names.sort();
        names.dedup();
        let _ = writeln!(text, "- *{}*: {}", names.join("*, *"), row.commands);
    }
    text
}

/// What was measured and with what, as far as it matters elsewhere.
fn machine(place: &Place) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    let forms: Vec<&str> = forms().iter().map(Form::name).collect();
    let git = place.version("git").unwrap_or_default();
    let peers = PEERS.iter().filter(|peer| peer.is_there(place)).map(|peer| peer.programs[0]);
    let others = ["backlog", "node"].into_iter().filter(|program| place.has(program));
    let named = peers.chain(others).filter_map(|program| {
        let said = place.version(program)?;
        let number =
            said.split_whitespace().find(|word| word.contains(|c: char| c.is_ascii_digit()))?;
        Some(format!("{program} {}", number.rsplit(['v', '@']).next().unwrap_or(number)))
    });
    let named: Vec<String> = named.collect();
    format!(
        "This run: {cores} cores, {system} on {processor}, {git}; programs {}; beside them {}.\n",
        forms.join(" and "),
        if named.is_empty() { "none of others".to_owned() } else { named.join(", ") }
    )
}

/// Why some goals are missed, and what was tried.
const LIMITS: &str = include_str!("limits.md");

const INTRODUCTION: &str = "\
# Performance

Every figure of the tables was written by one command, which makes its own
repositories and measures on the machine it runs on:

    cargo bench --bench goals -- --full --write

Without `--full` it leaves out the history of a million commits, with `--tiny`
it only looks whether everything runs. Peers take part that are in the PATH.

Runs are paired: what is compared runs in turns, forwards and backwards, and a
figure is the median over all rounds. The rows called *control* compare a thing
with itself; how far they are from 1 is how far any other row may be trusted.
Only ratios hold from one machine to another.

The programs are measured in the two forms in which people have them: *static*,
as `install.sh` builds them where the machine can, and as `cargo install` does.
A static program need not look up its libraries and link itself to them at every
start. `cargo install` makes one too when it is told to:

    RUSTFLAGS='-C target-feature=+crt-static -C relocation-model=static' \\
        cargo install --path . --target x86_64-unknown-linux-gnu

";
