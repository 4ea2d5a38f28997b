//! The tasks of a document: check boxes, nested as they stand, and headings
//! that name a task over boxes of their own.

use std::ops::Range;

use super::dialect::Dialect;
use super::id::{leading_id, own_id};
use super::lines::find;
use super::outline::{Item, Outline};
use crate::task::TaskId;

/// What a task's box says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// `[ ]`
    Open,
    /// `[x]` or `[X]`
    Done,
    /// Any other mark; counts as open and is kept.
    Other(char),
}

impl State {
    /// Reads the character between the brackets.
    pub fn of(mark: char) -> Self {
        match mark {
            ' ' | '\u{a0}' => Self::Open,
            'x' | 'X' => Self::Done,
            other => Self::Other(other),
        }
    }

    /// Whether the work counts as done.
    pub fn is_done(self) -> bool {
        self == Self::Done
    }
}

/// One task, or one line of a check list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskItem {
    /// Its id, where its text begins with one.
    pub id: Option<TaskId>,
    /// What its box says; for a heading, what the boxes below it say.
    pub state: State,
    /// The character between the brackets; `None` for a heading.
    pub mark: Option<Range<usize>>,
    /// Its text on its first line, id and suffixes included, blanks at the end
    /// left off.
    pub text: Range<usize>,
    /// Whether it says that it is worked on, by a suffix or by its box.
    pub begun: bool,
    /// ` (IN PROGRESS)` in that text, the blank before it included.
    pub in_progress: Option<Range<usize>>,
    /// ` ✓` at the end of that text, the blank before it included.
    pub tick: Option<Range<usize>>,
    /// The hash at the end of that text, the blank before it included, in
    /// dialects that have one there.
    pub hash: Option<Range<usize>>,
    /// The task it is part of.
    pub parent: Option<usize>,
    /// How many tasks it is part of.
    pub depth: usize,
    /// The heading it stands under.
    pub heading: Option<usize>,
    /// The check list it belongs to, such as *manual testing*: a box that can
    /// be set by hand but is no task.
    pub checklist: Option<&'static str>,
}

/// Reads all tasks, in the order of the text.
pub fn read(text: &str, outline: &Outline, dialect: &'static Dialect) -> Vec<TaskItem> {
    let tasks = Vec::with_capacity(outline.items.len());
    let mut reader = Reader { text, outline, dialect, headings: Vec::new(), label: None, tasks };
    reader.name_headings();
    let mut tasks = reader.read();
    settle_headings(&mut tasks);
    tasks
}

struct Reader<'a> {
    text: &'a str,
    outline: &'a Outline,
    dialect: &'static Dialect,
    /// The check list that each heading, or one above it, names.
    headings: Vec<Option<&'static str>>,
    /// The paragraph that was read last, and the check list that it labels.
    label: Option<(usize, Option<&'static str>)>,
    tasks: Vec<TaskItem>,
}

impl Reader<'_> {
    fn name_headings(&mut self) {
        for heading in &self.outline.headings {
            let own = self.named_checklist(&heading.text);
            let named = own.or_else(|| heading.parent.and_then(|above| self.headings[above]));
            self.headings.push(named);
        }
    }

    fn read(mut self) -> Vec<TaskItem> {
        let mut task_of_item: Vec<Option<usize>> = vec![None; self.outline.items.len()];
        let mut heading = None;
        let mut heading_task = None;
        let mut next_heading = 0;
        for (at, item) in self.outline.items.iter().enumerate() {
            while self.starts_before(next_heading, item.span.start) {
                heading = Some(next_heading);
                heading_task = self.heading_task(next_heading).or(match heading_task {
                    Some(task) if self.is_below(next_heading, task) => Some(task),
                    _ => None,
                });
                next_heading += 1;
            }
            let parent = std::iter::successors(item.parent, |&up| self.outline.items[up].parent)
                .find_map(|up| task_of_item[up])
                .or(heading_task);
            if let Some(task) = self.task(item, parent, heading) {
                task_of_item[at] = Some(self.tasks.len());
                self.tasks.push(task);
            }
        }
        self.tasks
    }

    fn starts_before(&self, heading: usize, offset: usize) -> bool {
        self.outline.headings.get(heading).is_some_and(|h| h.span.start < offset)
    }

    fn is_below(&self, heading: usize, task: usize) -> bool {
        let above = self.tasks[task].heading;
        std::iter::successors(Some(heading), |&at| self.outline.headings[at].parent)
            .any(|at| Some(at) == above)
    }

    /// A heading that names a task, kept only if boxes turn up below it.
    fn heading_task(&mut self, at: usize) -> Option<usize> {
        let heading = &self.outline.headings[at];
        let named = ["task", "work package"].iter().any(|word| heading.name.starts_with(word));
        let (id, _) = leading_id(&heading.text, &[])?;
        let lettered = id.as_str().starts_with(|c: char| c.is_ascii_alphabetic());
        if !(named || lettered || id.as_str().contains('.')) || heading.level < 2 {
            return None;
        }
        let start = heading.span.start
            + self.text[heading.span.clone()].find(&heading.text).unwrap_or_default();
        let text = start..start + heading.text.len();
        self.tasks.push(TaskItem {
            id: Some(id),
            state: State::Open,
            mark: None,
            begun: false,
            in_progress: None,
            tick: None,
            hash: None,
            parent: None,
            depth: 0,
            heading: Some(at),
            checklist: self.checklist_heading(Some(at)),
            text,
        });
        Some(self.tasks.len() - 1)
    }

    fn task(
        &mut self,
        item: &Item,
        parent: Option<usize>,
        heading: Option<usize>,
    ) -> Option<TaskItem> {
        let line_end = line_end(self.text, item.span.start).min(item.span.end);
        let (mark, start) = check_box(self.text, item.span.start..line_end)?;
        let source = &self.text[start..line_end];
        let indent = source.len() - source.trim_start().len();
        let text = start + indent..start + indent + source.trim().len();
        let checklist = match parent {
            Some(parent) => self.tasks[parent].checklist,
            None => self.checklist_heading(heading).or_else(|| self.checklist_label(item, heading)),
        };
        let hash = if self.dialect.signed { hash_suffix(self.text, &text) } else { None };
        let said = text.start..hash.as_ref().map_or(text.end, |hash| hash.start);
        let in_progress = in_progress_suffix(self.text, &said);
        let state = State::of(self.text[mark.clone()].chars().next()?);
        let is_marked = matches!(state, State::Other(mark) if Some(mark) == self.dialect.begun);
        Some(TaskItem {
            id: own_id(&self.text[text.clone()], self.dialect.id_words),
            state: if is_marked { State::Open } else { state },
            mark: Some(mark),
            begun: is_marked || in_progress.is_some(),
            in_progress,
            tick: tick_suffix(self.text, &said),
            hash,
            parent,
            depth: parent.map_or(0, |parent| self.tasks[parent].depth + 1),
            heading,
            checklist,
            text,
        })
    }

    fn checklist_heading(&self, heading: Option<usize>) -> Option<&'static str> {
        heading.and_then(|at| self.headings[at])
    }

    /// The check list that the paragraph or the list item above names: as a
    /// label, since prose may speak of one as well.
    fn checklist_label(&mut self, item: &Item, heading: Option<usize>) -> Option<&'static str> {
        let from = heading.map_or(0, |at| self.outline.headings[at].span.end);
        let above = self.outline.paragraphs.partition_point(|p| p.end <= item.span.start);
        let label = above.checked_sub(1).filter(|&at| self.outline.paragraphs[at].start >= from);
        label.and_then(|label| self.label(label)).or_else(|| {
            std::iter::successors(item.parent, |&up| self.outline.items[up].parent).find_map(|up| {
                let start = self.outline.items[up].span.start;
                let line = &self.text[start..line_end(self.text, start)];
                self.labelled_checklist(without_bullet(line))
            })
        })
    }

    /// The check list that a paragraph labels; a list asks for each of its
    /// items.
    fn label(&mut self, paragraph: usize) -> Option<&'static str> {
        match self.label {
            Some((at, label)) if at == paragraph => label,
            _ => {
                let lines = &self.text[self.outline.paragraphs[paragraph].clone()];
                let label = self.labelled_checklist(lines);
                self.label = Some((paragraph, label));
                label
            }
        }
    }

    /// The check list that one of these lines is the label of: the bold text it
    /// begins with, or all of it if it ends in a colon or is the name alone.
    fn labelled_checklist(&self, lines: &str) -> Option<&'static str> {
        lines.lines().map(str::trim).find_map(|line| {
            let bold = line.strip_prefix("**").and_then(|bold| bold.split_once("**"));
            let label = bold.map_or(line, |(label, _)| label);
            let name = self.named_checklist(label)?;
            let is_label = bold.is_some() || line.trim_end_matches(['*', '_']).ends_with(':');
            (is_label || line.eq_ignore_ascii_case(name)).then_some(name)
        })
    }

    /// The check list that a label names. A phase or a task that is called
    /// after one is work like any other.
    fn named_checklist(&self, label: &str) -> Option<&'static str> {
        let label = label.to_lowercase();
        let name = self.dialect.checklists.iter().copied().find(|name| label.contains(name))?;
        let start = label.trim_start_matches(['*', '_', ' ']);
        let is_work = ["phase ", "task ", "subtask "].iter().any(|word| start.starts_with(word));
        (!is_work).then_some(name)
    }
}

fn without_bullet(line: &str) -> &str {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.get(1..).unwrap_or_default().trim_start()
}

/// Drops headings without boxes and headings whose id a box carries as well,
/// and gives the others the state of their boxes.
fn settle_headings(tasks: &mut Vec<TaskItem>) {
    let mut kept: Vec<Option<usize>> = Vec::with_capacity(tasks.len());
    let mut next = 0;
    for at in 0..tasks.len() {
        let is_task = tasks[at].mark.is_some() || {
            let below = || tasks[at + 1..].iter().take_while(|task| task.depth > 0);
            below().next().is_some() && below().all(|task| task.id != tasks[at].id)
        };
        kept.push(is_task.then_some(next));
        next += usize::from(is_task);
    }
    if next != tasks.len() {
        let mut at = 0;
        tasks.retain(|_| {
            at += 1;
            kept[at - 1].is_some()
        });
        for at in 0..tasks.len() {
            tasks[at].parent = tasks[at].parent.and_then(|parent| kept[parent]);
            tasks[at].depth = tasks[at].parent.map_or(0, |parent| tasks[parent].depth + 1);
        }
    }
    for at in (0..tasks.len()).rev().filter(|&at| tasks[at].mark.is_none()).collect::<Vec<_>>() {
        let mut below = tasks[at + 1..].iter().take_while(|task| task.depth > 0);
        if below.all(|task| task.state.is_done()) {
            tasks[at].state = State::Done;
        }
    }
}

/// Finds `[ ]` after a bullet or number: the mark's span and where text begins.
fn check_box(text: &str, line: Range<usize>) -> Option<(Range<usize>, usize)> {
    let source = &text[line.clone()];
    let digits = source.bytes().take_while(u8::is_ascii_digit).count();
    let rest = source[digits..].strip_prefix(['-', '*', '+', '.', ')'])?;
    let rest = rest.trim_start_matches([' ', '\t']).strip_prefix('[')?;
    let mark = rest.chars().next()?;
    let after = rest[mark.len_utf8()..].strip_prefix(']')?;
    let starred = after.strip_prefix('*').filter(|rest| rest.starts_with(' ')).unwrap_or(after);
    let start = line.start + (source.len() - rest.len());
    (starred.is_empty() || starred.starts_with(char::is_whitespace))
        .then(|| (start..start + mark.len_utf8(), line.end - starred.len()))
}

/// The end of the line that holds `at`, its line ending left out.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    find(&text.as_bytes()[at..], b'\n').map_or(text.len(), |len| at + len)
}

const IN_PROGRESS: &str = "(IN PROGRESS)";

/// A text as far as its suffixes go: an HTML comment that ends it stands
/// behind them.
pub(super) fn before_comment(text: &str) -> &str {
    let comment = if text.ends_with("-->") { text.rfind("<!--") } else { None };
    comment.map_or(text, |comment| text[..comment].trim_end())
}

/// ` (IN PROGRESS)`: in any case at the end of a task's text, a ` ✓` behind it
/// or not, and as we write it also between blanks. Anywhere else the words are
/// a person's.
fn in_progress_suffix(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let source = &text[span.clone()];
    // Nearly every task ends here.
    find(source.as_bytes(), b'(')?;
    let bare = before_comment(source);
    let bare = bare.strip_suffix('✓').unwrap_or(bare).trim_end();
    let at_end = bare.len().checked_sub(IN_PROGRESS.len());
    let at_end = at_end
        .filter(|&at| bare.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(IN_PROGRESS)));
    let is_noted = |&(at, _): &(usize, &str)| {
        let after = source[at..].strip_prefix(IN_PROGRESS);
        source[..at].ends_with(' ') && after.is_some_and(|after| after.starts_with(' '))
    };
    let within = || source.rmatch_indices('(').find(is_noted).map(|(at, _)| at);
    let at = at_end.or_else(within)?;
    let start = source[..at].trim_end().len();
    Some(span.start + start..span.start + at + IN_PROGRESS.len())
}

/// ` ✓` at the end of a task's text; one that has more of them speaks of them.
fn tick_suffix(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let source = before_comment(&text[span.clone()]);
    let bare = source.strip_suffix('✓').filter(|bare| !bare.contains('✓'))?;
    Some(span.start + bare.trim_end().len()..span.start + source.len())
}

/// ` 40359d2` at the end of a task's text: seven digits or more, in hexadecimal
/// and in lower case.
fn hash_suffix(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let source = before_comment(&text[span.clone()]);
    let (before, hash) = source.rsplit_once(' ')?;
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_hash = (7..=64).contains(&hash.len()) && hash.bytes().all(is_digit);
    is_hash.then(|| span.start + before.trim_end().len()..span.start + source.len())
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::super::dialect::{BUILT_IN, FEATURE_FILE, by_name};

    fn document(text: &str) -> Document {
        Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE)
    }

    fn ids(text: &str) -> Vec<String> {
        let found = document(text);
        let tasks = found.tasks().iter().filter(|task| task.checklist.is_none());
        tasks.filter_map(|task| Some(task.id.as_ref()?.to_string())).collect()
    }

    #[test]
    fn a_check_list_holds_no_tasks_however_it_is_labelled() {
        for label in [
            "## Manual Testing",
            "### Manual Testing Checklist",
            "**Manual Testing:**",
            "**Manual Testing:** by hand",
            "Before marking complete:",
            "Some prose.\n**Before Marking Complete:**",
            "- Manual testing",
            "3. **Manual Testing**",
        ] {
            let text = format!("# X (PRD 07)\n\n## Tasks\n\n{label}\n\n   - [ ] Task 1.1: a\n");
            assert!(ids(&text).is_empty(), "{label}");
        }
    }

    #[test]
    fn what_only_speaks_of_a_check_list_is_none() {
        for label in [
            "### Phase 2: Manual Testing",
            "### Task 3.2: Manual Testing (pending)",
            "Do manual testing after each of these.",
            "- The manual testing of these is Ann's",
        ] {
            let text = format!("# X (PRD 07)\n\n## Tasks\n\n{label}\n\n   - [ ] Task 1.1: a\n");
            assert!(ids(&text).contains(&"1.1".to_owned()), "{label}");
        }
    }

    #[test]
    fn the_words_in_progress_are_a_suffix_only_at_the_end() {
        for (line, expected) in [
            ("a (IN PROGRESS)", Some(" (IN PROGRESS)")),
            ("a (in progress)", Some(" (in progress)")),
            ("a (IN PROGRESS) ✓", Some(" (IN PROGRESS)")),
            ("a (IN PROGRESS) <!-- c -->", Some(" (IN PROGRESS)")),
            ("a (IN PROGRESS) since May", Some(" (IN PROGRESS)")),
            ("a \"(IN PROGRESS)\" badge", None),
            ("a (in progress) badge", None),
            ("é(IN PROGRESS", None),
        ] {
            let found = document(&format!("# X (PRD 07)\n\n- [ ] 1.1 {line}\n"));
            let suffix = found.tasks()[0].in_progress.as_ref().map(|span| found.slice(span));
            assert_eq!(suffix, expected, "{line}");
        }
    }

    #[test]
    fn a_tick_is_a_suffix_only_where_it_is_the_lines_only_one() {
        for (line, expected) in
            [("a ✓", Some(" ✓")), ("a ✓ <!-- c -->", Some(" ✓")), ("How-To ✓, Tutorial ✓", None)]
        {
            let found = document(&format!("# X (PRD 07)\n\n- [x] 1.1 {line}\n"));
            let suffix = found.tasks()[0].tick.as_ref().map(|span| found.slice(span));
            assert_eq!(suffix, expected, "{line}");
        }
    }

    #[test]
    fn a_hash_stands_behind_every_other_suffix() {
        for (line, tick, begun, hash) in [
            ("a ✓ 40359d2", Some(" ✓"), None, Some(" 40359d2")),
            ("a (IN PROGRESS) 40359d2", None, Some(" (IN PROGRESS)"), Some(" 40359d2")),
        ] {
            let text = format!("# Plan\n\n- [x] {line}\n");
            let conductor = by_name("conductor").expect("a built-in dialect");
            let found = Document::read("conductor/tracks/x/plan.md", text.into(), conductor);
            let task = &found.tasks()[0];
            let suffixes = [&task.tick, &task.in_progress, &task.hash];
            let suffixes = suffixes.map(|span| span.as_ref().map(|span| found.slice(span)));
            assert_eq!(suffixes, [tick, begun, hash], "{line}");
            assert_eq!(found.task_title(0), "a", "{line}");
        }
    }

    #[test]
    fn a_heading_is_a_task_where_it_says_so_and_has_boxes_of_its_own() {
        for (heading, expected) in [
            ("### Task 1: a", true),
            ("### Work Package 2: a", true),
            ("### T003: a", true),
            ("### 1.1: a", true),
            ("### 1: a", false),
            ("# 1.1: a", false),
            ("### A part", false),
        ] {
            let text = format!("# X (PRD 07)\n\n## Tasks\n\n{heading}\n\n- [ ] b\n");
            assert_eq!(document(&text).tasks().len() == 2, expected, "{heading}");
        }
        assert!(document("# X (PRD 07)\n\n### Task 1: a\n\n- b\n").tasks().is_empty());
        // A box that carries the same id is the task.
        assert_eq!(document("# X (PRD 07)\n\n### Task 1.1: a\n\n- [ ] 1.1 b\n").tasks().len(), 1);
    }

    #[test]
    fn a_heading_is_done_when_its_own_boxes_are() {
        let found = document(
            "# X (PRD 07)\n\n### Task 1.1: a\n\n- [x] b\n- [x] c\n\n### Task 1.2: d\n\n- e\n\n\
             ### Task 1.3: f\n\n- [x] g\n\n#### Notes\n\n- [ ] h\n  - [ ] i\n",
        );
        let shape = |at: usize| {
            let task = &found.tasks()[at];
            (found.task_title(at), task.state.is_done(), task.parent, task.depth)
        };
        let expected = [
            ("a", true, None, 0),
            ("b", true, Some(0), 1),
            ("c", true, Some(0), 1),
            ("f", false, None, 0),
            ("g", true, Some(3), 1),
            ("h", false, Some(3), 1),
            ("i", false, Some(5), 2),
        ];
        assert_eq!((0..found.tasks().len()).map(shape).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_hash_is_a_suffix_where_lines_are_signed() {
        for (line, expected) in [
            ("a 40359d2", Some(" 40359d2")),
            ("a  40359d2 <!-- c -->", Some("  40359d2")),
            ("a 40359d", None),
            ("a 40359DE", None),
            ("a 40359dz", None),
            ("40359d2", None),
        ] {
            let text = format!("# X\n\n- [x] {line}\n");
            let signed = BUILT_IN.iter().find(|dialect| dialect.signed).expect("a dialect");
            let found = Document::read("x.md", text.into(), signed);
            let suffix = found.tasks()[0].hash.as_ref().map(|span| found.slice(span));
            assert_eq!(suffix, expected, "{line}");
            let plain = document(found.text());
            assert_eq!(plain.tasks()[0].hash, None, "{line}");
        }
    }

    #[test]
    fn a_box_stands_behind_a_bullet_or_a_number_and_before_a_blank() {
        for (line, expected) in [
            ("- [ ] a", Some((" ", "a"))),
            ("* [x] a", Some(("x", "a"))),
            ("+ [é] a", Some(("é", "a"))),
            ("12. [ ] a", Some((" ", "a"))),
            ("1) [ ]\ta", Some((" ", "a"))),
            ("- [ ]", Some((" ", ""))),
            ("- [ ]* a", Some((" ", "a"))),
            ("- [ ]*a*", None),
            ("- [ ]a", None),
            ("- [x](y)", None),
            ("- []  a", None),
            ("- a [ ] b", None),
        ] {
            let found = document(&format!("# X (PRD 07)\n\n{line}\n"));
            let task = found.tasks().first();
            let read = task.map(|task| {
                let mark = task.mark.as_ref().expect("a mark");
                (found.slice(mark), found.slice(&task.text))
            });
            assert_eq!(read, expected, "{line}");
        }
    }
}
