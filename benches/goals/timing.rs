//! Paired runs: what two things take, one after the other, in turns.

use std::process::Command;
use std::time::{Duration, Instant};

/// What one run does and how long it took.
pub(crate) type Run<'a> = Box<dyn FnMut(usize) -> Duration + 'a>;

/// How long a command takes; one that fails is no measurement.
pub(crate) fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.status().expect("it runs");
    let took = start.elapsed();
    assert!(status.success(), "{command:?}");
    took
}

/// Runs each so often, forwards and backwards in turns, after one round that
/// does not count. Answers milliseconds by run, then by round.
pub(crate) fn rounds(runs: &mut [Run<'_>], count: usize) -> Vec<Vec<f64>> {
    let mut times = vec![Vec::with_capacity(count); runs.len()];
    for round in 0..=count {
        let mut order: Vec<usize> = (0..runs.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for at in order {
            let took = runs[at](round).as_secs_f64() * 1e3;
            if round > 0 {
                times[at].push(took);
            }
        }
    }
    times
}

/// The middle one, or the mean of the two in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() % 2 {
        0 => f64::midpoint(sorted[half - 1], sorted[half]),
        _ => sorted[half],
    }
}

/// What the first takes beyond the second, round by round.
pub(crate) fn added(with: &[f64], without: &[f64]) -> f64 {
    let differences: Vec<f64> = with.iter().zip(without).map(|(a, b)| a - b).collect();
    median(&differences)
}

/// The most memory that a command held, in KiB, as Linux tells of it.
pub(crate) fn peak_memory(command: &mut Command) -> Option<f64> {
    let mut child = command.spawn().ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().ok()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = now.or(peak);
        std::thread::sleep(Duration::from_millis(1));
    }
    peak
}

/// How long the processors were busy with a command, in milliseconds, as
/// Linux tells of it: to a hundredth of a second.
pub(crate) fn cpu(command: &mut Command) -> Option<f64> {
    let ticks = || -> Option<u64> {
        let text = std::fs::read_to_string("/proc/self/stat").ok()?;
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        // Of all children that have been waited for, in user and system mode.
        Some(fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?)
    };
    let before = ticks()?;
    command.status().ok()?;
    Some((ticks()? - before) as f64 * 10.0)
}
