//! Problems as they are told.

use std::collections::{HashMap, HashSet};

use crate::commit::Oid;
use crate::problem::{Problem, Severity};

/// How many problems of one kind are told one by one.
const FEW: usize = 3;

/// What problems of one kind have in common: their code, and the document; of
/// notes the code alone, since nobody has to act on them.
type Kind<'p> = (&'static str, Option<&'p str>);

/// The problems to tell, each with the number of those that it stands for as
/// well: of more than a few of one kind the first. What is wrong with messages
/// is told one by one.
pub fn folded(problems: &[Problem]) -> Vec<(&Problem, usize)> {
    let mut counts: HashMap<Kind<'_>, usize> = HashMap::new();
    problems.iter().filter_map(kind).for_each(|kind| *counts.entry(kind).or_default() += 1);
    let mut told = HashSet::new();
    let fold = |problem| match kind(problem).map(|kind| (kind, counts[&kind])) {
        Some((kind, count)) if count > FEW => told.insert(kind).then_some((problem, count - 1)),
        _ => Some((problem, 0)),
    };
    problems.iter().filter_map(fold).collect()
}

fn kind(problem: &Problem) -> Option<Kind<'_>> {
    let path = problem.path.as_deref()?;
    Some((problem.code, (problem.severity != Severity::Note).then_some(path)))
}

/// Each problem with the lines of its hint that were not said yet of the same
/// document or commit: several faults of one subject share the corrected one.
pub fn hinted_once<'p>(
    problems: impl IntoIterator<Item = &'p Problem>,
) -> Vec<(&'p Problem, Vec<&'p str>)> {
    let mut said: HashSet<(Option<&str>, Option<Oid>, &str)> = HashSet::new();
    let hinted = problems.into_iter().map(|problem| {
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

    #[test]
    fn of_many_problems_of_one_document_the_first_is_told_and_of_notes_one() {
        let problem = |severity, path: &str, line| {
            Problem::new("phantom", severity, "m").at(path, Some(line))
        };
        let mut problems: Vec<Problem> =
            (1..=4).map(|line| problem(Severity::Warning, "a.md", line)).collect();
        problems.extend((1..=3).map(|line| problem(Severity::Warning, "b.md", line)));
        problems.extend((1..=5).map(|n| problem(Severity::Note, &format!("c{n}.md"), 1)));
        problems.extend((1..=5).map(|_| Problem::new("malformed-tag", Severity::Warning, "m")));
        let told = folded(&problems).into_iter();
        let told: Vec<_> = told.map(|(p, more)| (p.path.as_deref().unwrap_or("-"), more)).collect();
        let mut expected = vec![("a.md", 3), ("b.md", 0), ("b.md", 0), ("b.md", 0), ("c1.md", 4)];
        expected.extend([("-", 0); 5]);
        assert_eq!(told, expected);
    }

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
