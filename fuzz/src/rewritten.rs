//! The list that git hands to post-rewrite.

use spec_log::commit::rewritten;

/// Reads a list; what was read, written again, reads as the same.
pub fn run(input: &[u8]) {
    let pairs = rewritten(&String::from_utf8_lossy(input));
    assert!(pairs.iter().all(|(old, new)| old != new));
    let lines: Vec<String> = pairs.iter().map(|(old, new)| format!("{old} {new}\n")).collect();
    assert_eq!(rewritten(&lines.concat()), pairs);
}
