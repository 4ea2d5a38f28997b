//! What a fuzzer runs (`fuzz/`), over the inputs that it begins with and over
//! those that once failed.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

use targets::TARGETS;
use targets::seeds::seeds;

use crate::laws::Random;

#[allow(dead_code, unreachable_pub, reason = "a crate of its own where a fuzzer runs it")]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

/// Runs a target; answers the name of an input that fails.
fn failing(target: &str, name: &str, input: &[u8]) -> Option<String> {
    let (_, run) = TARGETS.iter().find(|(known, _)| *known == target).expect("a target");
    catch_unwind(|| run(input)).is_err().then(|| format!("{target}/{name}"))
}

#[test]
fn the_laws_hold_for_the_inputs_that_a_fuzzer_begins_with() {
    let seeds = seeds(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(seeds.len() > 100);
    let failing: Vec<String> = seeds
        .iter()
        .enumerate()
        .filter_map(|(at, (target, input))| failing(target, &format!("seed-{at}"), input))
        .collect();
    assert!(failing.is_empty(), "{failing:?}");
}

#[test]
fn what_a_fuzzer_once_found_stays_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    let mut failing = Vec::new();
    for (target, _) in TARGETS {
        for entry in fs::read_dir(folder.join(target)).into_iter().flatten().flatten() {
            let input = fs::read(entry.path()).expect("an input");
            failing.extend(self::failing(target, &entry.file_name().to_string_lossy(), &input));
        }
    }
    assert!(failing.is_empty(), "{failing:?}");
}

/// What is put into inputs.
const WORDS: &[&[u8]] = &[
    b"\n",
    b"\r\n",
    b"\n\n",
    b"- [ ] ",
    b"- [x] ",
    b"## ",
    b"```\n",
    b"<!--",
    b"| ",
    b"> ",
    b"    ",
    b"1.1 ",
    b"Task ",
    b"[PRD-07 Task 1.1]",
    b"## Git Commits\n\n",
    b"- `abc1234` - x\n",
    b"1/2",
    b"**Status:** ",
    b"**Last Updated:** ",
    b" (IN PROGRESS)",
    b" \xe2\x9c\x93",
    b"\xff",
    b"\xc2\xa0",
    b"\n=====8<=====\n",
    b"Revert \"",
    b"T001",
    b"---\n",
    b"",
];

/// An input like another one: words put in, spans taken out or doubled.
fn changed(input: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut changed = input.to_vec();
    for _ in 0..1 + random.below(5) {
        let start = random.below(changed.len() + 1);
        let end = (start + random.below(40)).min(changed.len());
        let put = match random.below(4) {
            0 => changed[start..end].repeat(2),
            1 => vec![random.below(256) as u8],
            2 => {
                let from = random.below(other.len() + 1);
                other[from..(from + random.below(200)).min(other.len())].to_vec()
            }
            _ => WORDS[random.below(WORDS.len())].to_vec(),
        };
        let end = if random.below(2) == 0 { start } else { end };
        changed.splice(start..end, put);
    }
    changed
}

/// Without a fuzzer: `SPEC_LOG_FUZZ=600` goes on for so many seconds, and
/// leaves what fails in `fuzz/artifacts`.
#[test]
fn the_laws_hold_for_inputs_like_those() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let long = number("SPEC_LOG_FUZZ").map(Duration::from_secs);
    let mut random = Random::new(number("SPEC_LOG_SEED").unwrap_or(1));
    let (seeds, start) = (seeds(root), Instant::now());
    let (mut runs, mut failing) = ([0; TARGETS.len()], Vec::new());
    while long.map_or(runs.iter().sum::<u64>() < 300, |long| start.elapsed() < long) {
        let (target, input) = &seeds[random.below(seeds.len())];
        let input = changed(input, &seeds[random.below(seeds.len())].1, &mut random);
        let at = TARGETS.iter().position(|(known, _)| *known == *target).expect("a target");
        runs[at] += 1;
        if let Some(name) = self::failing(target, &format!("found-{}", runs[at]), &input) {
            let path = root.join("fuzz/artifacts").join(&name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, input).expect("a file");
            failing.push(name);
        }
    }
    for ((target, _), runs) in TARGETS.iter().zip(runs) {
        println!("{target}: {runs} inputs");
    }
    assert!(failing.is_empty(), "{failing:?}");
}
