//! What a person calls a box, and the nearest ones where none fits.

use crate::doc::{Document, Lookup};
use crate::report::{Failure, columns};
use crate::task::TaskId;

/// How many of the nearest are named.
const NEAREST: usize = 3;

/// What is meant by an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A task's id.
    Id(TaskId),
    /// `:24`, a line counted from 1.
    Line(usize),
    /// The text of an item, or how it begins.
    Text(String),
}

impl Address {
    /// Reads an argument: `:LINE`, an id, else text, in quotes of its own or
    /// not.
    pub(super) fn read(text: &str) -> Self {
        let number = text.strip_prefix(':').filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let quoted = || text.strip_prefix('"')?.strip_suffix('"');
        match (number.map(str::parse), quoted()) {
            (Some(Ok(line)), _) => Self::Line(line),
            (_, Some(quoted)) => Self::Text(folded(quoted)),
            _ => TaskId::parse(text).map_or_else(|| Self::Text(folded(text)), Self::Id),
        }
    }

    /// The boxes and headings that it fits.
    ///
    /// Text is compared without regard to case and blanks, with the id and
    /// without; where no item has that text whole, those that begin with it.
    pub(super) fn fits(&self, document: &Document) -> Vec<usize> {
        let all = 0..document.tasks().len();
        match self {
            Self::Id(id) => match document.find_named(id.as_str()) {
                Lookup::One(task) => vec![task],
                Lookup::Many(tasks) => tasks,
                Lookup::None => Self::Text(folded(id.as_str())).fits_whole(document),
            },
            Self::Line(line) => {
                let lines = document.lines();
                all.filter(|&task| lines.of_task(document, task) == *line).collect()
            }
            Self::Text(text) => {
                let whole = self.fits_whole(document);
                let begins = |task: &usize| names(document, *task).any(|n| n.starts_with(text));
                match whole.is_empty() && text.chars().count() >= 3 {
                    true => all.filter(begins).collect(),
                    false => whole,
                }
            }
        }
    }

    fn fits_whole(&self, document: &Document) -> Vec<usize> {
        let Self::Text(text) = self else { return Vec::new() };
        let is_it = |task: &usize| names(document, *task).any(|name| name == *text);
        (0..document.tasks().len()).filter(is_it).collect()
    }

    /// The nearest boxes of a document with how far off each is.
    pub(super) fn nearest(&self, document: &Document) -> Vec<(usize, usize)> {
        let lines = document.lines();
        let distance = |task: usize| match self {
            Self::Line(line) => lines.of_task(document, task).abs_diff(*line),
            Self::Id(id) => match document.address(task) {
                Some(own) => unlike(id.as_str(), own.as_str()),
                None => usize::MAX,
            },
            Self::Text(text) => names(document, task)
                .map(|name| if name.contains(text) { 0 } else { unlike(text, &name) })
                .min()
                .unwrap_or(usize::MAX),
        };
        let mut near: Vec<(usize, usize)> =
            (0..document.tasks().len()).map(|task| (distance(task), task)).collect();
        near.retain(|(distance, _)| *distance < usize::MAX);
        near.sort_unstable();
        near.truncate(NEAREST);
        near
    }
}

/// The one task of an id or a handle; a failure names the nearest.
pub(super) fn task(document: &Document, text: &str) -> Result<usize, Failure> {
    let path = document.path();
    let address = TaskId::parse(text).map(Address::Id);
    let address = address.unwrap_or_else(|| Address::Text(folded(text)));
    match document.find_named(text) {
        Lookup::One(task) => Ok(task),
        Lookup::None => {
            let near: Vec<usize> =
                address.nearest(document).into_iter().map(|(_, task)| task).collect();
            Err(Failure::usage(format!("`{path}` has no task `{text}`"))
                .hint(candidates(NEAREST_ARE, &[(document, near)])))
        }
        Lookup::Many(several) => {
            Err(Failure::usage(format!("`{path}` has several tasks `{text}`"))
                .hint(candidates("they are:", &[(document, several)])))
        }
    }
}

/// What stands over candidates that do not fit.
pub(super) const NEAREST_ARE: &str = "the nearest are:";

/// Lines that name boxes for a hint: `path:line: text`.
pub(super) fn candidates(label: &str, found: &[(&Document, Vec<usize>)]) -> String {
    let mut hint = vec![label.to_owned()];
    for (document, tasks) in found {
        let lines = document.lines();
        hint.extend(tasks.iter().map(|&task| {
            let place = format!("  {}:{}: ", document.path(), lines.of_task(document, task));
            let text = document.slice(&document.tasks()[task].text);
            columns::filled(&place, text)
        }));
    }
    match hint.len() {
        1 => "git spec-log show FEATURE lists what there is".to_owned(),
        _ => hint.join("\n"),
    }
}

/// What an item may be called: its text with and without the id.
fn names(document: &Document, task: usize) -> impl Iterator<Item = String> {
    let title = document.task_title(task);
    let whole = document.slice(&document.tasks()[task].text);
    let with_id = whole.find(title).map_or(whole, |at| &whole[..at + title.len()]);
    [folded(title), folded(whole), folded(with_id)].into_iter()
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// How unlike two texts are, in thousandths, and no number at all where they
/// have nothing in common; texts of absurd length are cut.
fn unlike(a: &str, b: &str) -> usize {
    let cut = |text: &str| text.chars().take(200).collect::<String>().to_lowercase();
    match strsim::jaro_winkler(&cut(a), &cut(b)) {
        likeness if likeness > 0.0 => ((1.0 - likeness) * 1000.0) as usize + 1,
        _ => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::dialect::FEATURE_FILE;

    fn document() -> Document {
        let text = "# X (PRD 07)\n\n- [ ] Task 1.1: Store one-time tokens\n- [ ] Task 1.2: Send\n\
                    - [x] Task 1.3: Send the mail ✓\n- [ ] 3D view\n";
        Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE)
    }

    #[test]
    fn an_address_is_a_line_an_id_or_text() {
        let document = document();
        for (address, fits) in [
            (":4", &[1][..]),
            ("1.2", &[1]),
            ("send", &[1]),
            ("Send the  mail", &[2]),
            ("Task 1.3: send the mail", &[2]),
            ("store", &[0]),
            ("\"1.1\"", &[]),
            ("se", &[]),
            ("task", &[0, 1, 2]),
            (":1", &[]),
            (":99999999999999999999999", &[]),
            ("", &[]),
        ] {
            assert_eq!(Address::read(address).fits(&document), fits, "{address}");
        }
    }

    #[test]
    fn the_nearest_come_first() {
        let document = document();
        let near = |text: &str| Address::read(text).nearest(&document)[0].1;
        assert_eq!((near("1.22"), near(":9"), near("one-time")), (1, 3, 0));
    }
}
