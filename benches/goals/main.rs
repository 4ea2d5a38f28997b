//! What spec-log costs, measured beside what one has without it.
//!
//! `cargo bench --bench goals` builds the programs in the forms that users
//! have, makes its own repositories, runs every row of the goals in pairs
//! (A B B A …) with a control that compares a thing with itself, and prints
//! medians and ratios.
//!
//! | flag | |
//! | --- | --- |
//! | `--full` | adds a history of a million commits and a rebase of a thousand |
//! | `--tiny` | looks only whether all of it runs, and holds instruction counts below their ceilings |
//! | `--write` | writes `docs/performance.md` with the figures of this run |
//! | `--programs DIR` | measures the programs of a directory and builds none |
//!
//! Peers take part that are in the PATH.

mod ceilings;
mod documents;
mod history;
mod hooks;
mod peers;
mod place;
mod programs;
mod table;
mod timing;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use place::Place;
use table::Table;

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// Commits of the histories that are gone through.
    pub(crate) commits: &'static [usize],
    /// How many documents the work trees have.
    pub(crate) documents: &'static [usize],
    /// Commits that are rebased.
    pub(crate) rebased: usize,
    /// Pairs of a row whose runs take milliseconds.
    pub(crate) rounds: usize,
    /// Pairs of a row whose runs take longer.
    pub(crate) long_rounds: usize,
}

const TINY: Size = Size { commits: &[50], documents: &[3], rebased: 3, rounds: 2, long_rounds: 1 };
const USUAL: Size = Size {
    commits: &[1_000, 100_000],
    documents: &[10, 100, 1_000],
    rebased: 200,
    rounds: 100,
    long_rounds: 5,
};
const FULL: Size = Size { commits: &[1_000, 100_000, 1_000_000], rebased: 1_000, ..USUAL };

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let at = |flag: &str| arguments.iter().position(|argument| argument == flag);
    let asks = |flag: &str| at(flag).is_some();
    let size = match (asks("--tiny"), asks("--full")) {
        (true, _) => TINY,
        (_, true) => FULL,
        _ => USUAL,
    };
    let place = Place::new();
    let directory = at("--programs").and_then(|at| arguments.get(at + 1)).map(PathBuf::from);
    programs::choose(directory, &place.path("installed"));
    if asks("--tiny") && !ceilings::hold(&place) {
        return ExitCode::FAILURE;
    }
    let start = Instant::now();
    let mut table = Table::default();
    table.begin("Hooks", HOOKS);
    hooks::measure(&place, size, &mut table);
    table.begin("Many documents", DOCUMENTS);
    documents::measure(&place, size, &mut table);
    table.begin("Long histories", HISTORIES);
    history::measure(&place, size, &mut table);
    print!("{}", table.text());
    eprintln!("measured in {} s", start.elapsed().as_secs());
    if asks("--write") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/performance.md");
        std::fs::write(file, table.page(&place)).expect("docs/performance.md is written");
    }
    ExitCode::SUCCESS
}

const HOOKS: &str = "\
What `git commit` takes longer with hooks than without: each figure is the
median of the differences to the plain commit of the same round. The commit
changes one small file; a tagged one ticks a box of a document of 20 KB and
adds an entry to it, written durably. In the other repositories that edit is
made by hand, so that git has the same document to take along the next time.";

const DOCUMENTS: &str = "\
Work trees with so many documents of 20 KB and 200 tasks each. Readers are
measured beside a start of node that does nothing; hooks must find the one
document that a tag names, and may pay for the others with no more than the
listing of their folder.";

const HISTORIES: &str = "\
Histories of so many commits in one pack, made by `git fast-import`, every
twentieth with a tag.";
