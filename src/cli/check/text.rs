//! Problems for people, one line each, the hint below; many of one kind are
//! told by their number.

use crate::problem::{Problem, Severity};
use crate::report::problems::{folded, hinted_once};
use crate::report::{Ink, Line, Ui};

pub(super) fn show(problems: &[Problem], ui: &mut Ui) {
    ui.page();
    let told = match ui.is_verbose() {
        true => problems.iter().map(|problem| (problem, 0)).collect(),
        false => folded(problems),
    };
    let hinted = hinted_once(told.iter().map(|(problem, _)| *problem));
    for ((problem, hints), (_, more)) in hinted.into_iter().zip(&told) {
        let (ink, word) = match problem.severity {
            Severity::Error => (Ink::Bad, "error: "),
            Severity::Warning => (Ink::Warn, "warning: "),
            Severity::Note => (Ink::Faint, "note: "),
        };
        ui.line(place(problem).add(ink, word).plain(&problem.message));
        hints.into_iter().for_each(|hint| ui.line(Line::new(Ink::Hint, "hint: ").plain(hint)));
        if *more > 0 {
            let rest = match problem.severity {
                Severity::Note => format!("  and {more} more {}", problem.code),
                _ => format!("  and {more} more {} in this document", problem.code),
            };
            ui.line(Line::new(Ink::Faint, &rest));
        }
    }
    ui.note(count(problems));
    if told.iter().any(|(_, more)| *more > 0) {
        ui.hint("git spec-log check -v tells each of them");
    }
}

/// `prd/tasks/07_login.md:12: ` or `abc1234: `; nothing for a message that is
/// no commit yet.
fn place(problem: &Problem) -> Line {
    let place = match (&problem.path, problem.line, problem.oid) {
        (Some(path), Some(line), _) => Line::new(Ink::Name, &format!("{path}:{line}")),
        (Some(path), None, _) => Line::new(Ink::Name, path),
        (None, _, Some(oid)) => Line::new(Ink::Hash, &oid.abbrev(7)),
        (None, _, None) => return Line::default(),
    };
    place.plain(": ")
}

/// `1 error, 2 warnings, 1 note`
fn count(problems: &[Problem]) -> String {
    const WORDS: [(Severity, &str); 3] =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counts = WORDS.map(|(severity, word)| {
        let count = problems.iter().filter(|problem| problem.severity == severity).count();
        (count, word)
    });
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts = counts.map(|(n, word)| format!("{n} {word}{}", if n == 1 { "" } else { "s" }));
    match counts.collect::<Vec<_>>() {
        none if none.is_empty() => "no problems found".to_owned(),
        counts => counts.join(", "),
    }
}
