//! A state machine over real git: random sequences of what people do, then
//! one `sync`, held against an oracle that works everything out by itself.
//!
//! `SPEC_LOG_HISTORIES` is the number of sequences, `SPEC_LOG_SEED` the first
//! seed. A failure prints its seed, what is left of its steps when all that it
//! does not need are taken away, and what is wrong. The long run:
//!
//! ```sh
//! SPEC_LOG_HISTORIES=1000 cargo test --locked --release --test suite machine -- --nocapture
//! ```

mod history;
mod oracle;
mod steps;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::histories::number;
use crate::laws::Random;
use oracle::Counts;
use steps::{Kind, Step};
use world::World;

/// How many sequences the ordinary tests run.
const FEW: u64 = 4;

/// Runs a sequence and the checks at its end.
fn run(steps: &[Step]) -> Result<Counts, String> {
    let guarded = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(true);
        for step in steps {
            world.walk(step).map_err(|fault| format!("at {step:?}: {fault}"))?;
        }
        let mut counts = Counts::default();
        for tree in 0..world.trees() {
            world.enter(tree);
            counts.add(oracle::judge(&world)?);
        }
        Ok(counts)
    }));
    guarded.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        Err(words.unwrap_or_else(|| "a panic".to_owned()))
    })
}

/// The same steps with hooks and without: the same history and, after one
/// `sync`, the same document.
fn twins(steps: &[Step]) -> Result<Counts, String> {
    let mut pair = [World::new(true), World::new(false)];
    for step in steps {
        for world in &mut pair {
            world.walk(step)?;
        }
    }
    let [hooked, bare] = &pair;
    if hooked.git(&["rev-parse", "HEAD"]).stdout != bare.git(&["rev-parse", "HEAD"]).stdout {
        return Err("the histories differ".to_owned());
    }
    let one = hooked.documents();
    bare.spec_log(&["sync", "-q"]).ok();
    let other = bare.documents();
    if one != other {
        return Err(format!("hooks:\n{one}\nsync:\n{other}"));
    }
    oracle::judge(hooked)
}

/// Runs many sequences; a failing one is reduced before it is shown.
fn many(kind: Kind, run: fn(&[Step]) -> Result<Counts, String>) {
    let first = number("SPEC_LOG_SEED", 1);
    let last = first + number("SPEC_LOG_HISTORIES", FEW);
    let (mut total, mut failed) = (Counts::default(), Vec::new());
    for seed in first..last {
        let steps =
            steps::sequence(&mut Random::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)), kind);
        match run(&steps) {
            Ok(counts) => total.add(counts),
            Err(fault) => {
                let (steps, fault) = reduce(steps, fault, run);
                let told: String = steps.iter().map(|step| format!("  {step:?}\n")).collect();
                println!("seed {seed}:\n{told}{fault}\n");
                failed.push(seed);
            }
        }
    }
    println!("{kind:?}: {} sequences, {total:?}", last - first);
    assert!(failed.is_empty(), "{kind:?} seeds {failed:?}");
}

/// Takes away every step without which a sequence fails all the same.
fn reduce(
    mut steps: Vec<Step>,
    mut fault: String,
    run: fn(&[Step]) -> Result<Counts, String>,
) -> (Vec<Step>, String) {
    // The last one lets the hooks catch up.
    let mut at = steps.len() - 1;
    while at > 0 {
        at -= 1;
        let mut fewer = steps.clone();
        fewer.remove(at);
        if let Err(other) = run(&fewer) {
            (steps, fault) = (fewer, other);
        }
    }
    (steps, fault)
}

#[test]
fn nothing_is_lost_and_nothing_is_wrong_whatever_people_do() {
    many(Kind::Anything, run);
}

#[test]
fn hooks_one_by_one_are_one_sync_whatever_rewrites_history() {
    many(Kind::Twins, twins);
}
