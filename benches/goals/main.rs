//! What spec-log costs, measured beside what one has without it.
//!
//! `cargo bench --bench goals` makes its own repositories, runs every row of
//! the goals in pairs (A B B A …) with a control that compares a thing with
//! itself, prints medians and ratios, and writes `docs/performance.md`.
//! `-- --full` adds a history of a million commits and a rebase of a thousand;
//! `-- --tiny` looks only whether all of it runs, and holds instruction counts
//! below their ceilings.

mod ceilings;
mod documents;
mod history;
mod hooks;
mod place;
mod table;
mod timing;

use std::process::ExitCode;

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
    let asks = |flag: &str| std::env::args().any(|argument| argument == flag);
    let is_tiny = asks("--tiny");
    let size = match (is_tiny, asks("--full")) {
        (true, _) => TINY,
        (_, true) => FULL,
        _ => USUAL,
    };
    let place = Place::new();
    if is_tiny && !ceilings::hold(&place) {
        return ExitCode::FAILURE;
    }
    let mut table = Table::default();
    hooks::measure(&place, size, &mut table);
    documents::measure(&place, size, &mut table);
    history::measure(&place, size, &mut table);
    print!("{}", table.text());
    if !is_tiny {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md");
        std::fs::write(file, table.page(&place)).expect("docs/performance.md is written");
    }
    ExitCode::SUCCESS
}
