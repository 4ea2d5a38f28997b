//! A markdown document as located parts.
//!
//! The text is kept as bytes and never rendered again: every part is a span of
//! the original, and every change is an edit of such a span. What is
//! deliberately absent: files, git, and any opinion on what should change;
//! that is [`plan`](crate::plan)'s.

pub mod agenda;
pub mod brief;
pub mod dialect;
pub mod edit;
pub mod entries;
pub mod field;
mod handle;
pub mod id;
pub mod lines;
pub mod notes;
pub mod outline;
pub mod progress;
pub mod recovery;
pub mod sessions;
pub mod task_list;

use std::cell::OnceCell;
use std::ops::Range;

use crate::task::{FeatureId, TaskId};
use dialect::{Dialect, Naming};
pub use entries::Hashes;
use entries::{Entries, Entry};
use field::Field;
use handle::Handles;
use lines::Lines;
use outline::{Heading, Outline};
use progress::Figures;
pub use sessions::{Session, SessionLog};
pub use task_list::{State, TaskItem};

/// A task document, read.
#[derive(Clone, Debug)]
pub struct Document {
    path: String,
    text: String,
    /// Its bytes, where some are not UTF-8 and the text has others for them.
    raw: Option<Vec<u8>>,
    dialect: &'static Dialect,
    outline: Outline,
    fields: Vec<Field>,
    tasks: Vec<TaskItem>,
    figures: Vec<Figures>,
    entries: Option<Entries>,
    /// The tasks that have an id, sorted by it, once one was asked for.
    by_id: OnceCell<Vec<usize>>,
    /// The tasks by their words, once one was asked for.
    handles: OnceCell<Handles>,
    /// The entries sorted by their hash, once one was asked for.
    by_hash: OnceCell<Vec<usize>>,
    /// Where its lines begin, once that was asked for.
    lines: OnceCell<Lines>,
}

/// What looking for a task id gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The one task of that id.
    One(usize),
    /// Several tasks carry it.
    Many(Vec<usize>),
    /// None does.
    None,
}

impl Lookup {
    fn of(found: &[usize]) -> Self {
        match found {
            [] => Self::None,
            [task] => Self::One(*task),
            several => Self::Many(several.to_vec()),
        }
    }
}

impl Document {
    /// Reads a document; any bytes are one.
    ///
    /// `path` is relative to the work tree and `/`-separated; it names the
    /// document and, in some dialects, the feature.
    pub fn read(path: &str, bytes: Vec<u8>, dialect: &'static Dialect) -> Self {
        let (text, raw) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => (outline::same_length_text(error.as_bytes()), Some(error.into_bytes())),
        };
        let outline = outline::outline(&text);
        let fields = field::read(&text, &outline);
        let header = Header { text: &text, headings: &outline.headings, fields: &fields };
        let numbered = dialect.numbered.filter(|_| header.stated().is_some());
        let dialect = numbered.unwrap_or(dialect);
        let tasks = task_list::read(&text, &outline, dialect);
        let counted = tasks.iter().filter(|task| task.checklist.is_none());
        let starts: Vec<usize> = counted.map(|task| task.text.start).collect();
        let mut figures = progress::read(&text, &outline, &starts);
        let stated = fields.iter().filter(|field| field.key.ends_with("progress"));
        figures.extend(stated.filter_map(|field| progress::in_field(&text, field.value.clone())));
        let entries = dialect.entries.map(|section| entries::read(&text, &outline, &section));
        Self {
            path: path.to_owned(),
            text,
            raw,
            dialect,
            outline,
            fields,
            tasks,
            figures,
            entries,
            by_id: OnceCell::new(),
            handles: OnceCell::new(),
            by_hash: OnceCell::new(),
            lines: OnceCell::new(),
        }
    }

    /// Where it lies, relative to the work tree.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// Its text, each byte that is not UTF-8 replaced by one that is, so that
    /// spans are those of the bytes.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A span of its text.
    pub fn slice(&self, span: &Range<usize>) -> &str {
        &self.text[span.clone()]
    }

    /// How it says things.
    pub fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    /// Its headings.
    pub fn headings(&self) -> &[Heading] {
        &self.outline.headings
    }

    /// Its block structure.
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// Its tasks and the lines of its check lists, in the order of the text.
    pub fn tasks(&self) -> &[TaskItem] {
        &self.tasks
    }

    /// Its lines of figures.
    pub fn figures(&self) -> &[Figures] {
        &self.figures
    }

    /// Its commits; `None` where its dialect has no place for them.
    pub fn entries(&self) -> Option<&Entries> {
        self.entries.as_ref()
    }

    /// The first entry whose hash begins the full name of a commit, in lower
    /// case; the template's examples name none.
    pub fn entry_named(&self, full: &str) -> Option<&Entry> {
        let list = &self.entries()?.list;
        let hash = |at: &usize| self.slice(&list[*at].hash);
        let by_hash = self.by_hash.get_or_init(|| {
            let mut real: Vec<usize> =
                (0..list.len()).filter(|&at| !list[at].placeholder).collect();
            real.sort_by_key(hash);
            real
        });
        // What begins a name stands before it, behind nothing but its like.
        let end = by_hash.partition_point(|at| hash(at) <= full);
        let alike = by_hash[..end].iter().rev();
        let alike = alike.take_while(|at| full.starts_with(&hash(at)[..entries::MIN_HASH]));
        alike.filter(|at| full.starts_with(hash(at))).min().map(|&at| &list[at])
    }

    /// The hashes of its entries, for whoever keeps no more of it; `None` where
    /// its dialect has no place for them.
    pub fn hashes(&self) -> Option<Hashes> {
        let real = self.entries()?.list.iter().filter(|entry| !entry.placeholder);
        Some(Hashes::of(real.map(|entry| self.slice(&entry.hash))))
    }

    /// The header field of one of these names (lower case).
    pub fn field(&self, names: &[&str]) -> Option<&Field> {
        self.fields.iter().find(|field| names.contains(&field.key.as_str()))
    }

    /// Every header field of a name (lower case): a title such as `PRD: Login`
    /// reads as one as well.
    pub fn fields(&self, name: &str) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| field.key == name)
    }

    /// The value of that field.
    pub fn value(&self, names: &[&str]) -> Option<&str> {
        self.field(names).map(|field| self.slice(&field.value))
    }

    /// The line that holds a byte, counted from 1.
    pub fn line(&self, at: usize) -> usize {
        self.lines().at(at)
    }

    /// Where its lines begin.
    pub fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(self))
    }

    /// The line ending that the text uses at a place: that of the line before,
    /// else of the first line, else `\n`.
    pub fn line_ending(&self, at: usize) -> &'static str {
        let bytes = self.text.as_bytes();
        let before = &bytes[..at.min(bytes.len())];
        let end = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .or_else(|| bytes.iter().position(|&byte| byte == b'\n'));
        match end {
            Some(end) if end > 0 && bytes[end - 1] == b'\r' => "\r\n",
            _ => "\n",
        }
    }

    /// The title: the first heading, or that of the front matter where the
    /// text has none of its own, without the words that say what kind of
    /// document it is and without the number. Empty where nothing is left.
    pub fn title(&self) -> String {
        let heading = self.outline.headings.first();
        let stated = self.fields.iter().find(|field| field.key == "title");
        let text = match (heading, stated) {
            (Some(heading), None) => heading.text.as_str(),
            (Some(heading), Some(_)) if heading.level == 1 => heading.text.as_str(),
            (_, Some(field)) => self.slice(&field.value),
            (None, None) => return String::new(),
        };
        let text = dialect::bare_title(text);
        match text.rfind("(PRD").filter(|_| text.ends_with(')')) {
            Some(at) => text[..at].trim_end().to_owned(),
            None => text.to_owned(),
        }
    }

    /// The feature that this document tracks; `None` if it names none, as
    /// templates do.
    pub fn feature(&self) -> Option<FeatureId> {
        if dialect::is_template(&self.path) {
            return None;
        }
        match self.dialect.naming {
            Naming::Path => dialect::path_feature(&self.path),
            Naming::Numbered => self.header().number(&self.path).map(FeatureId::Prd),
        }
    }

    fn header(&self) -> Header<'_> {
        Header { text: &self.text, headings: &self.outline.headings, fields: &self.fields }
    }

    /// The feature whose number its *PRD* field holds.
    pub fn plan(&self) -> Option<FeatureId> {
        self.header().field().map(FeatureId::Prd)
    }

    /// Looks a task up by its id or its handle; check lists hold none.
    pub fn find(&self, id: &TaskId) -> Lookup {
        if let Some(words) = id.words() {
            return Lookup::of(&self.handles().find(words));
        }
        let id_of = |at: &usize| self.tasks[*at].id.as_ref();
        let by_id = self.by_id.get_or_init(|| {
            let is_task = |at: &usize| id_of(at).is_some() && self.tasks[*at].checklist.is_none();
            let mut by_id: Vec<usize> = (0..self.tasks.len()).filter(is_task).collect();
            by_id.sort_by_key(id_of);
            by_id
        });
        let start = by_id.partition_point(|at| id_of(at) < Some(id));
        let len = by_id[start..].iter().take_while(|at| id_of(at) == Some(id)).count();
        Lookup::of(&by_id[start..start + len])
    }

    fn handles(&self) -> &Handles {
        self.handles.get_or_init(|| Handles::read(self))
    }

    /// What a tag calls a task: its id, else its handle. `None` for a line of a
    /// check list, and for one whose words tell it from no other.
    pub fn address(&self, task: usize) -> Option<TaskId> {
        let item = &self.tasks[task];
        let handle = || self.handles().of(task, self.task_title(task));
        item.id.clone().or_else(handle).filter(|_| item.checklist.is_none())
    }

    /// The task that a person means by an id, or by the words that it begins
    /// with; fewer will do than in a tag.
    pub fn find_named(&self, text: &str) -> Lookup {
        let by_id = TaskId::parse(text).map_or(Lookup::None, |id| self.find(&id));
        if by_id != Lookup::None || !text.contains(char::is_alphabetic) {
            return by_id;
        }
        Lookup::of(&self.handles().find_begun(&handle::words(text)))
    }

    /// The tasks that are part of one, itself left out, in order.
    pub fn below(&self, task: usize) -> impl Iterator<Item = usize> + '_ {
        let depth = self.tasks[task].depth;
        (task + 1..self.tasks.len()).take_while(move |&at| self.tasks[at].depth > depth)
    }

    /// The tasks directly under one.
    pub fn children(&self, task: usize) -> impl Iterator<Item = usize> + '_ {
        self.below(task).filter(move |&at| self.tasks[at].parent == Some(task))
    }

    /// The tasks that one is part of, nearest first.
    pub fn ancestors(&self, task: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.tasks[task].parent, |&up| self.tasks[up].parent)
    }

    /// The tasks that are part of no other, in one heading's section or in the
    /// whole text: what progress counts.
    pub fn top_level(&self, heading: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        let before = |end: usize| self.tasks.partition_point(|task| task.text.start < end);
        let within = heading.map_or(0..self.tasks.len(), |at| {
            let body = &self.outline.headings[at].body;
            before(body.start)..before(body.end)
        });
        within.filter(move |&at| {
            let task = &self.tasks[at];
            task.parent.is_none() && task.checklist.is_none()
        })
    }

    /// A task's text without its id, its suffixes and a comment that ends it:
    /// what a person calls it.
    pub fn task_title(&self, task: usize) -> &str {
        let task = &self.tasks[task];
        let suffixes = [&task.in_progress, &task.tick, &task.hash];
        let end = suffixes
            .iter()
            .filter_map(|s| s.as_ref().map(|s| s.start))
            .fold(task.text.end, usize::min);
        let text = task_list::before_comment(&self.text[task.text.start..end.max(task.text.start)]);
        match &task.id {
            None => id::without_word(text).trim(),
            Some(_) => {
                let skipped = id::leading_span(text, self.dialect.id_words);
                text[skipped.map_or(0, |span| span.end)..]
                    .trim_start_matches([' ', ':', '.', ')', ']', '*', '-', '–', '—'])
                    .trim()
            }
        }
    }
}

/// What stands at the top of a document.
struct Header<'a> {
    text: &'a str,
    headings: &'a [Heading],
    fields: &'a [Field],
}

impl Header<'_> {
    /// The number in the title, in the *PRD* field or in the file's name.
    fn number(&self, path: &str) -> Option<u32> {
        self.stated().or_else(|| file_number(path))
    }

    /// The number in the title or in the *PRD* field.
    fn stated(&self) -> Option<u32> {
        let title = self.headings.first().and_then(|heading| prd_number(&heading.text));
        title.or_else(|| self.field())
    }

    /// The number that a *PRD* field holds: `07`, `PRD-07`, or a path such as
    /// `prd/07_login.md`.
    fn field(&self) -> Option<u32> {
        let values = self.fields.iter().filter(|field| field.key == "prd");
        let mut values = values.map(|field| &self.text[field.value.clone()]);
        values.find_map(|value| file_number(value).or_else(|| prd_number(value)))
    }
}

/// [`Document::feature`] and [`Document::dialect`] of a document of which no
/// more is wanted: its first bytes, as far as its header goes, are enough.
pub fn identity(
    path: &str,
    beginning: &[u8],
    dialect: &'static Dialect,
) -> Option<(FeatureId, &'static Dialect)> {
    if dialect::is_template(path) {
        return None;
    }
    let by_path = || Some((dialect::path_feature(path)?, dialect));
    if dialect.is_named_by_path() {
        return by_path();
    }
    let text = outline::same_length_text(header_of(beginning));
    let outline = outline::outline(&text);
    let fields = field::read(&text, &outline);
    let header = Header { text: &text, headings: &outline.headings, fields: &fields };
    match (dialect.naming, dialect.numbered) {
        (Naming::Numbered, _) => Some((FeatureId::Prd(header.number(path)?), dialect)),
        (Naming::Path, None) => by_path(),
        (Naming::Path, Some(numbered)) => match header.stated() {
            Some(number) => Some((FeatureId::Prd(number), numbered)),
            None => by_path(),
        },
    }
}

/// A text as far as its first `## ` heading, that line included, unless what
/// stands before it may be code, HTML or front matter, where it would be none.
pub fn header_of(text: &[u8]) -> &[u8] {
    let Some(at) = text.windows(4).position(|four| four == b"\n## ") else { return text };
    let before = &text[..at];
    let may_hide = [&b"```"[..], b"~~~", b"---", b"<"];
    if may_hide.iter().any(|mark| before.windows(mark.len()).any(|part| part == *mark)) {
        return text;
    }
    let line = text[at + 1..].iter().position(|&byte| byte == b'\n');
    line.map_or(text, |len| &text[..at + 1 + len])
}

/// Whether a document's path names a feature, by the number of its file or by
/// its own name.
pub fn is_called_after(path: &str, feature: &FeatureId) -> bool {
    match feature {
        FeatureId::Prd(number) => file_number(path) == Some(*number),
        FeatureId::Slug(_) => dialect::path_feature(path).as_ref() == Some(feature),
    }
}

/// The number after `PRD` in running text: `(PRD 07)`, `PRD-7: …`.
fn prd_number(text: &str) -> Option<u32> {
    let upper = text.to_ascii_uppercase();
    upper.match_indices("PRD").find_map(|(at, _)| {
        let starts = !upper[..at].ends_with(|c: char| c.is_alphanumeric());
        let rest = upper[at + 3..].trim_start_matches([' ', '-', '_', '#']);
        starts.then(|| leading_number(rest)).flatten()
    })
}

/// The number that a file's name begins with: `prd/07_Login.md`, `prd-07-x.md`.
fn file_number(path: &str) -> Option<u32> {
    let file = path.trim_matches(['`', '[', ']', '(', ')']).rsplit('/').next()?;
    let bare = match file.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("prd") => {
            file[3..].trim_start_matches(['-', '_', ' '])
        }
        _ => file,
    };
    leading_number(bare)
}

/// The digits that a text begins with, unless letters follow at once or they
/// are a date's year.
fn leading_number(text: &str) -> Option<u32> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let follows = text[digits..].starts_with(|c: char| c.is_alphanumeric());
    ((1..=5).contains(&digits) && !follows && !looks_like_date(text))
        .then(|| text[..digits].parse().ok())?
}

fn looks_like_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && matches!(bytes[4], b'-' | b'_')
        && bytes[5..7].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::dialect::{FEATURE_FILE, PLAN};
    use super::*;

    #[test]
    fn a_feature_is_numbered_by_its_title_its_field_or_its_file() {
        for (path, text, expected) in [
            ("x.md", "# A (PRD 07)\n\n**PRD:** 8\n", Some(7)),
            ("09_x.md", "# A\n\n**PRD:** prd/08_x.md\n", Some(8)),
            ("09_x.md", "# A\n\n**PRD:** PRD-8\n", Some(8)),
            ("09_x.md", "# A\n", Some(9)),
            ("prd-09-x.md", "# A\n", Some(9)),
            ("99999.md", "# A\n", Some(99999)),
            ("100000.md", "# A\n", None),
            ("09x.md", "# A\n", None),
            ("x_09.md", "# A\n", None),
            ("2026-01-15-x.md", "# A\n", None),
            ("2026_01.md", "# A\n", None),
            ("2026-1.md", "# A\n", Some(2026)),
            ("x.md", "# UPRD 07\n", None),
        ] {
            let document = Document::read(path, text.into(), &FEATURE_FILE);
            assert_eq!(document.feature(), expected.map(FeatureId::Prd), "{path} {text}");
        }
    }

    #[test]
    fn a_name_may_stand_in_several_fields() {
        let text = "# X\n\n**PRD:** 7\n**Status:** new\n**PRD:** a.md\n**Progress:** 1/2 tasks\n";
        let document = Document::read("x.md", text.into(), &FEATURE_FILE);
        let values: Vec<&str> =
            document.fields("prd").map(|field| document.slice(&field.value)).collect();
        assert_eq!(values, ["7", "a.md"]);
        assert_eq!(document.value(&["state", "status"]), Some("new"));
        let [figures] = document.figures() else { panic!("{:?}", document.figures()) };
        let numbers = [&figures.done, &figures.total]
            .map(|number| number.as_ref().map(|number| document.slice(number)));
        assert_eq!(numbers, [Some("1"), Some("2")]);
    }

    #[test]
    fn a_line_ends_as_the_one_before_it_does() {
        for (text, at, expected) in [
            ("a\r\nb\nc", 4, "\r\n"),
            ("a\r\nb\nc", 5, "\n"),
            ("a\nb\r\nc", 1, "\n"),
            ("a\nb\r\nc", 99, "\r\n"),
            ("a\r\nb", 0, "\r\n"),
            ("\nb\r\n", 1, "\n"),
            ("ab", 1, "\n"),
        ] {
            let document = Document::read("x.md", text.into(), &FEATURE_FILE);
            assert_eq!(document.line_ending(at), expected, "{text:?} {at}");
        }
    }

    #[test]
    fn the_beginning_of_a_document_names_its_feature_as_the_whole_does() {
        for text in [
            "# A (PRD 07)\n\n## B (PRD 08)\n",
            "## B (PRD 08)\n\n# A (PRD 07)\n",
            "# A\n\n**PRD:** prd/07_x.md\n\n## B\n**PRD:** 8\n",
            "# A\n\n## B\n\n**PRD:** 8\n",
            "\n## B\n# A (PRD 7)\n",
            "---\nprd: 07\n## no heading\n---\n# A\n",
            "```\n## no heading (PRD 08)\n```\n# A (PRD 07)\n",
            "~~~\n## no heading (PRD 08)\n~~~\n# A (PRD 07)\n",
            "<!--\n## no heading (PRD 08)\n-->\n# A (PRD 07)\n",
            "    ~\n## A (PRD 07)\r\n\r\nB (PRD 08)\r\n===\r\n",
            "A (PRD 07)\n## B (PRD 08)\n===\n",
            "- item\n## B (PRD 08)\n",
            "> # quoted (PRD 07)\n## B (PRD 08)\n",
            "\u{feff}# A\n## (PRD 07)\n",
        ] {
            for (path, dialect) in [
                ("prd/tasks/09_x.md", &FEATURE_FILE),
                ("prd/tasks/x.md", &FEATURE_FILE),
                ("docs/plans/x.md", &PLAN),
            ] {
                let whole = Document::read(path, text.into(), dialect);
                let beginning = identity(path, text.as_bytes(), dialect);
                let feature = beginning.as_ref().map(|(feature, _)| feature.clone());
                assert_eq!(feature, whole.feature(), "{text:?}");
                assert!(beginning.is_none_or(|(_, found)| found == whole.dialect()), "{text:?}");
            }
        }
    }

    #[test]
    fn a_header_ends_with_its_first_section_unless_that_may_be_hidden() {
        for (text, expected) in [
            ("# A\n\n## B\nmore\n## C\n", 9),
            ("# A\n\n## B", 9),
            ("## B\nmore\n", 10),
            ("# A\n", 4),
            ("<b>\n## B\nmore\n", 14),
            ("---\n## B\nmore\n", 14),
        ] {
            assert_eq!(header_of(text.as_bytes()).len(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_title_is_what_a_person_calls_the_feature() {
        for (text, expected) in [
            ("# Feature: Login (PRD 07)\n", "Login"),
            ("# Login (by mail)\n", "Login (by mail)"),
            ("---\ntitle: Mail\n---\n\n# Login\n", "Login"),
            ("---\ntitle: Mail\n---\n\n## Tasks\n", "Mail"),
            ("---\ntitle: Mail\n---\n", "Mail"),
            ("## Tasks of Ann\n", "Tasks of Ann"),
            ("text\n", ""),
        ] {
            let document = Document::read("x.md", text.into(), &FEATURE_FILE);
            assert_eq!(document.title(), expected, "{text}");
        }
    }

    #[test]
    fn an_entry_is_named_by_what_begins_a_full_name() {
        let text = "# A\n\n## Git Commits\n\n- `abcdef12` - x\n- `abcdef1` - y\n- `abcdef12` - z\n\
            - `abc1234` - example\n";
        let document = Document::read("07_x.md", text.into(), &FEATURE_FILE);
        let named = |full: &str| {
            let entry = document.entry_named(full)?;
            Some(document.line(entry.span.start))
        };
        for (full, expected) in [
            ("abcdef1234", Some(5)),
            ("abcdef1300", Some(6)),
            ("abcdef0000", None),
            ("abc1234000", None),
            ("ffffffffff", None),
            ("0000000000", None),
        ] {
            assert_eq!(named(full), expected, "{full}");
        }
    }
}
