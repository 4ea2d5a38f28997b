//! What is wrong with a commit's message.

use super::subject::{self, Fix};
use super::{misses, nearest, unknown};
use crate::commit::{self, Oid};
use crate::config::{Require, Tick};
use crate::doc::Document;
use crate::problem::{Problem, Severity};
use crate::tag::{self, Reading, Tag};
use crate::task::FeatureId;

/// What the repository knows that a message can be judged by.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'a> {
    /// Every document of the work tree whose feature a tag names; two of one
    /// feature make its tags ambiguous.
    pub documents: &'a [Document],
    /// The same documents as the index and HEAD hold them: a task that one of
    /// these knows is known.
    pub older: &'a [Document],
    /// Every feature that has a document in the work tree. Read only where a
    /// tag names a feature without one, or where an example is needed; none
    /// means that there are no documents.
    pub features: &'a [FeatureId],
    /// Features without a document here, each with a local or remote-tracking
    /// branch that has one.
    pub elsewhere: &'a [(FeatureId, String)],
    /// The tag that a person most likely means, `[PRD-07 Task 1.2]`: the
    /// active task's, or that of the only open one.
    pub likely: Option<&'a str>,
    /// The commit that this one replaces, where that is known: what it
    /// finished is not finished already.
    pub replaced: Option<Oid>,
    /// Whether the message is that of a commit which was made long ago: what
    /// it finished is finished, and nobody can move its tags any more.
    pub is_past: bool,
    /// What a bare tag does.
    pub tick: Tick,
}

impl<'a> Knowledge<'a> {
    /// The documents of the work tree that track a feature.
    pub(super) fn here(&self, feature: &FeatureId) -> Vec<&'a Document> {
        tracking(self.documents, feature).collect()
    }

    /// The documents of the index and HEAD that track a feature.
    pub(super) fn before(&self, feature: &FeatureId) -> Vec<&'a Document> {
        tracking(self.older, feature).collect()
    }

    /// Whether a tag is one: a slug that nothing here is called is prose.
    fn is_tag(&self, tag: &Tag) -> bool {
        let feature = &tag.feature;
        matches!(feature, FeatureId::Prd(_))
            || self
                .documents
                .iter()
                .chain(self.older)
                .any(|d| d.feature().as_ref() == Some(feature))
    }

    /// A tag as it looks here, and whether it names a real task.
    pub(super) fn example(&self) -> (String, bool) {
        let open = self.documents.iter().find_map(|document| {
            let id = nearest::open_tasks(document).next()?.1;
            Some(format!("[{} Task {id}]", document.feature()?))
        });
        match (self.likely, open, self.features.first()) {
            (Some(likely), ..) => (likely.to_owned(), true),
            (_, Some(open), _) => (open, true),
            (_, _, Some(feature)) => (format!("[{feature} Task 1.2]"), false),
            _ => ("[PRD-07 Task 1.2]".to_owned(), false),
        }
    }
}

fn tracking<'a>(
    documents: &'a [Document],
    feature: &FeatureId,
) -> impl Iterator<Item = &'a Document> {
    documents.iter().filter(move |document| document.feature().as_ref() == Some(feature))
}

/// A problem of one place in the message.
pub(super) struct Fault {
    pub(super) problem: Problem,
    /// What to write in its place, where that is clear.
    pub(super) fix: Option<Fix>,
    /// More to say than the corrected line.
    pub(super) more: Option<String>,
}

/// Finds what is wrong with a message, in the order of its text.
///
/// `message` is clean, as [`tag::message::clean`] leaves it, and `reading` is
/// what [`tag::read`] found in it. The first line of a hint is the subject to
/// write, whole, where the fault stands in the subject, else the corrected
/// tag; several faults of one subject share one. A message that git will fold
/// into another commit is not judged.
pub fn message(message: &str, reading: &Reading, knowledge: &Knowledge<'_>) -> Vec<Problem> {
    if tag::is_autosquash(&commit::subject(message)) {
        return Vec::new();
    }
    let tags = reading.tags.iter().filter(|tag| knowledge.is_tag(tag));
    let places = reading.misses.iter().map(|miss| miss.span.start);
    let mut faults: Vec<(usize, Fault)> =
        places.zip(misses::faults(message, &reading.misses, knowledge)).collect();
    faults.extend(tags.flat_map(|tag| {
        unknown::faults(tag, knowledge).into_iter().map(|fault| (tag.span.start, fault))
    }));
    faults.sort_by_key(|(start, _)| *start);
    let faults: Vec<Fault> = faults.into_iter().map(|(_, fault)| fault).collect();
    let fixes: Vec<Fix> = faults
        .iter()
        .filter(|fault| fault.problem.severity == Severity::Error)
        .filter_map(|fault| fault.fix.clone())
        .collect();
    let writer = Writer { message, fixes, knowledge };
    let leading = if knowledge.is_past { None } else { leading(reading, &writer) };
    let problems = faults.into_iter().map(|fault| writer.hinted(fault));
    problems.chain(leading).collect()
}

/// The note on a tag at the start of the subject.
fn leading(reading: &Reading, writer: &Writer<'_>) -> Option<Problem> {
    let first =
        reading.tags.first().filter(|tag| reading.leading && writer.knowledge.is_tag(tag))?;
    let said =
        format!("`{}` leads the subject, expected it at the end: `git am` strips it", first.text);
    Some(Problem::new("leading-tag", Severity::Note, said).hint(writer.subject(None)))
}

/// Writes hints.
struct Writer<'a> {
    message: &'a str,
    /// Of all errors, so that one paste mends the whole subject.
    fixes: Vec<Fix>,
    knowledge: &'a Knowledge<'a>,
}

impl Writer<'_> {
    fn hinted(&self, fault: Fault) -> Problem {
        let corrected = fault.fix.as_ref().map(|fix| self.line(fix, fault.problem.severity));
        let corrected = corrected.filter(|line| !line.is_empty());
        let lines: Vec<String> = corrected.into_iter().chain(fault.more).collect();
        if lines.is_empty() { fault.problem } else { fault.problem.hint(lines.join("\n")) }
    }

    /// The corrected subject, or the corrected tag of the body.
    fn line(&self, fix: &Fix, severity: Severity) -> String {
        if fix.span.end > subject::len(self.message) {
            return fix.text.clone();
        }
        self.subject((severity != Severity::Error).then_some(fix))
    }

    fn subject(&self, also: Option<&Fix>) -> String {
        let fixes: Vec<Fix> = self.fixes.iter().chain(also).cloned().collect();
        subject::corrected(self.message, &fixes, |tag| self.knowledge.is_tag(tag))
    }
}

/// The problem of a message without a tag, where the team asks for one.
///
/// Which commits are exempt (merges, reverts, fixups, bookkeeping) is the
/// caller's to know. A message with a near miss has its fault already.
pub fn missing_tag(
    require: Require,
    message: &str,
    reading: &Reading,
    knowledge: &Knowledge<'_>,
) -> Option<Problem> {
    let severity = match require {
        Require::Off => return None,
        Require::Warn => Severity::Warning,
        Require::Error => Severity::Error,
    };
    if !reading.misses.is_empty() || reading.tags.iter().any(|tag| knowledge.is_tag(tag)) {
        return None;
    }
    let subject = commit::subject(message);
    let (example, is_real) = knowledge.example();
    let example = match knowledge.features.first() {
        // No task is open; the feature alone is a tag that is accepted.
        Some(feature @ FeatureId::Prd(_)) if !is_real => format!("[{feature}]"),
        _ => example,
    };
    let hint = format!("{subject} {example}");
    let hint = match knowledge.likely {
        Some(_) => hint,
        None => format!(
            "{hint}\nwith the task that this commit works on; git spec-log next shows the open ones"
        ),
    };
    let said = format!(
        "`{}` names no task, expected a tag at its end",
        super::shorten(&subject, super::MAX_QUOTE)
    );
    Some(Problem::new("missing-tag", severity, said).hint(hint.trim_start()))
}
