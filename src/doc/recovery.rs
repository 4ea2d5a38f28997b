//! Where a recovery file keeps what follows from tasks and commits: lists that
//! grow, steps that come next, and values behind a label.
//!
//! Real files share few headings, so they are matched loosely, and what has no
//! place in a file is not found rather than made.

use std::ops::Range;

use super::Document;
use super::notes::has_box;
use super::outline::{Item, called, unnumbered};
use super::task_list::line_end;

const COMPLETED: &[&str] = &[
    "completed",
    "completed tasks",
    "completed work",
    "completed so far",
    "completed items",
    "tasks completed",
    "work completed",
    "done",
    "done so far",
    "whats done",
    "whats been done",
    "what has been done",
];
const FILES: &[&str] = &[
    "files modified",
    "files modified so far",
    "modified files",
    "files changed",
    "files changed so far",
    "changed files",
    "files touched",
    "files created/modified",
    "files modified/created",
    "files created or modified",
    "files created and modified",
];
const NEXT_STEPS: &[&str] = &["next steps", "immediate next steps", "next actions", "whats next"];

/// Boxes, and what stands in their place.
const MARKS: &[&str] = &["[ ] ", "[x] ", "[X] ", "✅ ", "✓ ", "✔ ", "☑ "];

/// A list that grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrowingList {
    /// Its items that are in no other, in order.
    pub items: Vec<ListItem>,
    /// The end of the line behind which the first item goes.
    pub start: usize,
    /// What a new item begins with: bullet, and box or tick.
    pub lead: String,
}

/// An item of such a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListItem {
    /// From the end of the line before to the end of its own last line.
    pub span: Range<usize>,
    /// Its text on its first line, bullet and box left out.
    pub text: Range<usize>,
}

impl Document {
    /// The list of what is done.
    pub fn completed(&self) -> Option<GrowingList> {
        self.growing(COMPLETED, "- [x] ")
    }

    /// The list of files that were worked on.
    pub fn files_modified(&self) -> Option<GrowingList> {
        self.growing(FILES, "- ")
    }

    /// What stands in the numbered or bulleted lines of the next steps, behind
    /// their labels; lines with a box are a person's.
    pub fn next_steps(&self) -> Vec<Range<usize>> {
        let Some(body) = self.direct_body(NEXT_STEPS) else { return Vec::new() };
        let texts = self.items_in(&body).map(|item| self.item_text(item.span.start));
        let unboxed = texts.filter(|text| !has_box(self.slice(text)));
        unboxed.map(|text| self.labelled(&text).map_or(text, |(_, value)| value)).collect()
    }

    /// The value behind the first of these labels (lower case) that is found,
    /// in a list item or in a row of a table with two columns.
    pub fn labelled_value(&self, labels: &[&str]) -> Option<Range<usize>> {
        // What is done may be called anything.
        let done = self.completed().map_or(Vec::new(), |list| list.items);
        let is_done = |item: &Item| done.iter().any(|done| done.span.contains(&item.span.start));
        let items = self.outline().items.iter().filter(|item| !is_done(item));
        let texts = items.map(|item| self.without_box(self.item_text(item.span.start)));
        let in_items = texts.filter_map(|text| self.labelled(&text));
        let rows = self.outline().rows.iter().filter(|row| row.cells.len() == 2);
        let in_rows = rows.map(|row| (plain(self.slice(&row.cells[0])), row.cells[1].clone()));
        in_items.chain(in_rows).find(|(label, _)| labels.contains(&label.as_str())).map(|(_, v)| v)
    }

    fn growing(&self, names: &[&str], lead: &str) -> Option<GrowingList> {
        let body = self.direct_body(names)?;
        let items: Vec<ListItem> = self.items_in(&body).map(|item| self.list_item(item)).collect();
        let lead = match items.last() {
            Some(last) => self.lead_of(last)?,
            None if self.slice(&body).trim().is_empty() && !self.is_divided(&body) => {
                lead.to_owned()
            }
            None => return None,
        };
        let start = items.first().map_or(body.start, |first| first.span.start);
        Some(GrowingList { items, start, lead })
    }

    /// Whether what stands below a heading is parted by headings of its own:
    /// then the part above them is no place for a list.
    fn is_divided(&self, body: &Range<usize>) -> bool {
        let headings = self.headings();
        let own = headings.iter().find(|heading| heading.span.end == body.start);
        let next = headings.iter().find(|heading| heading.span.start == body.end);
        own.zip(next).is_some_and(|(own, next)| next.level > own.level)
    }

    /// What stands right below the first heading of one of these names, or
    /// below such a label in bold type: up to the next heading or label.
    fn direct_body(&self, names: &[&str]) -> Option<Range<usize>> {
        let is_named = |text: &str| names.contains(&plain(text).as_str());
        let headings = self.headings();
        let paragraphs = &self.outline().paragraphs;
        let next_heading = |from: usize| {
            let next = headings.partition_point(|heading| heading.span.start < from);
            headings.get(next).map_or(self.text().len(), |heading| heading.span.start)
        };
        if let Some(heading) = headings.iter().skip(1).find(|heading| is_named(&heading.text)) {
            return Some(heading.span.end..next_heading(heading.span.end));
        }
        let is_label = |span: &&Range<usize>| {
            let text = self.slice(span).trim();
            text.starts_with("**") && !text.contains('\n') && is_named(text)
        };
        let label = paragraphs.iter().find(is_label)?;
        let end = label.start + self.slice(label).trim_end().len();
        let next = paragraphs.partition_point(|paragraph| paragraph.start < end);
        let next = paragraphs.get(next).map_or(self.text().len(), |paragraph| paragraph.start);
        Some(end..next.min(next_heading(end)))
    }

    fn items_in<'a>(
        &'a self,
        body: &'a Range<usize>,
    ) -> impl Iterator<Item = &'a super::outline::Item> {
        let items = self.outline().items.iter();
        items.filter(|item| item.parent.is_none() && body.contains(&item.span.start))
    }

    fn list_item(&self, item: &super::outline::Item) -> ListItem {
        let line = self.text()[..item.span.start].rfind('\n').unwrap_or(0);
        let before = self.content_end(line);
        let last = item.span.start + self.slice(&item.span).trim_end().len();
        let end = self.content_end(last);
        ListItem { span: before..end, text: self.without_box(self.item_text(item.span.start)) }
    }

    /// What stands before an item's text; `None` where it is numbered, since a
    /// number cannot be repeated.
    fn lead_of(&self, item: &ListItem) -> Option<String> {
        let source = self.slice(&item.span).trim_start_matches(['\r', '\n']);
        source.trim_start().starts_with(['-', '*', '+']).then_some(())?;
        let start = item.span.end - source.len();
        source.get(..item.text.start.checked_sub(start)?).map(str::to_owned)
    }

    /// The end of the line that holds a place, its line ending left out.
    fn content_end(&self, at: usize) -> usize {
        let end = line_end(self.text(), at);
        self.text()[..end].strip_suffix('\r').map_or(end, str::len)
    }

    pub(super) fn without_box(&self, text: Range<usize>) -> Range<usize> {
        let source = self.slice(&text);
        let rest = MARKS.iter().find_map(|mark| source.strip_prefix(*mark));
        let rest = rest.map_or(source, str::trim_start);
        text.end - rest.len()..text.end
    }

    /// `**Label**: value` or `**Label:** value`: the label in lower case, and
    /// the value without the blanks around it.
    pub(super) fn labelled(&self, text: &Range<usize>) -> Option<(String, Range<usize>)> {
        let source = self.slice(text);
        let rest = source.strip_prefix("**")?;
        let (label, value) = rest.split_once("**")?;
        let value = match label.strip_suffix(':') {
            Some(_) => value,
            None => value.trim_start().strip_prefix(':')?,
        };
        let value = value.trim();
        let start = text.start + source.trim_end().len() - value.len();
        Some((plain(label), start..start + value.len()))
    }
}

/// What a heading or label is called, without its number and apostrophes.
pub(super) fn plain(text: &str) -> String {
    unnumbered(&called(text)).replace(['\'', '’'], "")
}

/// What stands where there is nothing to name.
pub const NONE: &str = "None";

/// Whether a text waits to be filled in: `[Description]`, `{Date}`, `None`.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim().trim_matches('`');
    let wrapped = |open, close| text.starts_with(open) && text.ends_with(close);
    let only = |close| text.matches(close).count() == 1;
    let held = (wrapped('[', ']') && only(']')) || (wrapped('{', '}') && only('}'));
    held || text.eq_ignore_ascii_case(NONE)
}

#[cfg(test)]
mod tests {
    use super::super::dialect::RECOVERY;
    use super::*;

    fn read(text: &str) -> Document {
        Document::read("specs/active/x/recovery.md", text.into(), &RECOVERY)
    }

    #[test]
    fn a_list_grows_as_it_begins() {
        for (section, expected) in [
            ("## Completed\n", Some(("- [x] ", &[][..]))),
            ("### 3. What's been done\n\n* ✅ a\n* ✅ b\n", Some(("* ✅ ", &["a", "b"]))),
            ("## Completed\n\n- [X] a\n  - b\n- c\n\nd\n", Some(("- ", &["a", "c"]))),
            ("## Completed\n\n  - [x]  a\n\n## Next\n- b\n", Some(("  - [x]  ", &["a"]))),
            ("**Completed:**\n\n+ a\n\n**Next:**\n\n- b\n", Some(("+ ", &["a"]))),
            ("**Completed:**\n- a\n\n## Next\n\n- b\n", Some(("- ", &["a"]))),
            ("## Completed\r\n\r\n- a\r\n", Some(("- ", &["a"]))),
            ("## Completed\n\n1. a\n", None),
            ("## Completed\n\nAll of it.\n", None),
            ("## Completed\n\n### Tests\n\n- a\n", None),
            ("## Done or so\n\n- a\n", None),
            ("Completed:\n\n- a\n", None),
        ] {
            let text = format!("# R\n\n{section}");
            let document = read(&text);
            let list = document.completed();
            let found = list.as_ref().map(|list| {
                let texts = list.items.iter().map(|item| document.slice(&item.text));
                (list.lead.as_str(), texts.collect::<Vec<_>>())
            });
            assert_eq!(found, expected.map(|(lead, texts)| (lead, texts.to_vec())), "{section}");
        }
    }

    #[test]
    fn an_item_reaches_from_the_end_of_the_line_before_to_its_own() {
        for (text, start, spans) in [
            ("# R\n\n## Files changed\n\n- a\n- b\n  c\n\n", 22, &["\n- a", "\n- b\n  c"][..]),
            ("# R\r\n\r\n## Files changed\r\n\r\n- a\r\n", 25, &["\r\n- a"]),
            ("# R\n\n## Files changed\n\n", 21, &[]),
        ] {
            let document = read(text);
            let list = document.files_modified().expect("a list");
            let found: Vec<&str> =
                list.items.iter().map(|item| document.slice(&item.span)).collect();
            assert_eq!((list.start, &found[..]), (start, spans), "{text:?}");
        }
    }

    #[test]
    fn a_value_stands_behind_its_label() {
        for (line, expected) in [
            ("- **Last action**: a b ", Some("a b")),
            ("- [ ] **Last action:** a", Some("a")),
            ("- **Last Action** : a", Some("a")),
            ("- **Last action**:", Some("")),
            ("| Last action | a |", Some("a")),
            ("- **Last action** a", None),
            ("- Last action: a", None),
            ("- **Last action: a", None),
            ("- **First action**: a", None),
            ("| Last action | a | b |", None),
        ] {
            let columns = line.matches('|').count().saturating_sub(1);
            let head = match columns {
                0 => String::new(),
                _ => format!("|{}\n|{}\n", " h |".repeat(columns), "---|".repeat(columns)),
            };
            let text =
                format!("# R\n\n## Completed\n\n- **Last action**: no\n\n## Now\n\n{head}{line}\n");
            let document = read(&text);
            let found = document.labelled_value(&["last action"]);
            assert_eq!(found.map(|value| document.slice(&value)), expected, "{line}");
        }
    }

    #[test]
    fn the_next_steps_are_the_lines_without_a_box() {
        let text = "# R\n\n## Next Steps\n\n1. **Immediate**: a\n2. b\n- [ ] c\n- d\n  - e\n\n## Notes\n\n- f\n";
        let document = read(text);
        let steps = document.next_steps();
        let steps: Vec<&str> = steps.iter().map(|step| document.slice(step)).collect();
        assert_eq!(steps, ["a", "b", "d"]);
    }

    #[test]
    fn what_is_wrapped_whole_waits_to_be_filled_in() {
        for (text, expected) in [
            ("[What]", true),
            (" `[path]` ", true),
            ("{Date}", true),
            ("none", true),
            ("[a] and [b]", false),
            ("{a} {b}", false),
            ("[a", false),
            ("b]", false),
            ("[a}", false),
            ("", false),
        ] {
            assert_eq!(is_placeholder(text), expected, "{text}");
        }
    }
}
