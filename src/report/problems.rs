//! Problems as they are told.

use std::collections::HashSet;

use crate::commit::Oid;
use crate::problem::Problem;

/// Each problem with the lines of its hint that were not said yet of the same
/// document or commit: several faults of one subject share the corrected one.
pub fn hinted_once(problems: &[Problem]) -> Vec<(&Problem, Vec<&str>)> {
    let mut said: HashSet<(Option<&str>, Option<Oid>, &str)> = HashSet::new();
    let hinted = problems.iter().map(|problem| {
        let path = problem.path.as_deref();
        let oid = problem.oid.filter(|_| path.is_none());
        let lines = problem.hint.iter().flat_map(|hint| hint.lines());
        (problem, lines.filter(|line| said.insert((path, oid, line))).collect())
    });
    hinted.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Severity;

    #[test]
    fn a_hint_is_said_once_of_one_commit_and_again_of_the_next() {
        let problem = |hex: char, hint: &str| {
            let problem = Problem::new("x", Severity::Error, "m").hint(hint);
            Problem { oid: Oid::from_hex(&hex.to_string().repeat(40)), ..problem }
        };
        let problems = [problem('a', "s\n1"), problem('a', "s\n2"), problem('b', "s")];
        let hints: Vec<_> = hinted_once(&problems).into_iter().map(|(_, hints)| hints).collect();
        assert_eq!(hints, [vec!["s", "1"], vec!["2"], vec!["s"]]);
    }
}
