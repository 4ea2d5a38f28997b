//! The block structure of a markdown text, in offsets of its bytes.
//!
//! The only place that knows the markdown parser. What comes out is plain
//! data: headings, list items, table rows and the spans that hold code or
//! HTML, each with its place in the original bytes, whatever those bytes are.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A heading of either style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without the marker, trimmed.
    pub text: String,
    /// What it is called, as [`called`] says.
    pub name: String,
    /// The heading itself, from its first byte to the end of its last line.
    pub span: Range<usize>,
    /// What it heads: from its end to the next heading of its level or above.
    pub body: Range<usize>,
    /// The nearest heading above it that it belongs to.
    pub parent: Option<usize>,
}

impl Heading {
    /// Whether it carries one of these names (lower case), numbered or not,
    /// with a remark in brackets or without: `9. Git Commits (PRD 07)`.
    pub fn is_called(&self, names: &[&str]) -> bool {
        let name = unnumbered(&self.name);
        let bare = name.strip_suffix(')').and_then(|open| open.rsplit_once(" ("));
        names.contains(&name) || bare.is_some_and(|(bare, _)| names.contains(&bare))
    }
}

/// What a heading or a label calls its part: in lower case, without markup,
/// without the symbols around it and without its closing colon.
pub fn called(text: &str) -> String {
    let plain = text.replace(['*', '_', '`'], "").to_lowercase();
    let is_symbol = |c: char| !c.is_ascii() && !c.is_alphanumeric();
    plain
        .trim_start_matches(|c: char| is_symbol(c) || c.is_whitespace())
        .trim_end_matches(|c: char| is_symbol(c) || c.is_whitespace() || c == ':')
        .to_owned()
}

/// A name without the number in front of it.
pub fn unnumbered(name: &str) -> &str {
    let bare = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = bare.trim_start_matches([')', ':', '-', '–', '—', ' ']);
    let is_numbered = bare.len() < name.len() && rest.starts_with(char::is_alphabetic);
    if is_numbered { rest } else { name }
}

/// A list item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// From the bullet or number to the end of everything in it.
    pub span: Range<usize>,
    /// The nearest list item around it.
    pub parent: Option<usize>,
}

/// A row of a table, the head included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which table of the text, counted from 0.
    pub table: usize,
    /// Whether it is the table's head.
    pub head: bool,
    /// The row without its line ending.
    pub span: Range<usize>,
    /// Its cells, trimmed.
    pub cells: Vec<Range<usize>>,
}

/// The blocks of a text, each list sorted by place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Its headings.
    pub headings: Vec<Heading>,
    /// Its list items, outer before inner.
    pub items: Vec<Item>,
    /// Its table rows.
    pub rows: Vec<Row>,
    /// Code blocks and HTML blocks: nothing in them is markdown.
    pub opaque: Vec<Range<usize>>,
    /// The YAML block at the top, fences included.
    pub front_matter: Option<Range<usize>>,
    /// Paragraphs outside list items: labels and prose.
    pub paragraphs: Vec<Range<usize>>,
}

impl Outline {
    /// Whether a byte stands in code or HTML.
    pub fn is_opaque(&self, at: usize) -> bool {
        let next = self.opaque.partition_point(|span| span.start <= at);
        next > 0 && at < self.opaque[next - 1].end
    }

    /// The headings that a place stands under, nearest first.
    pub fn above(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let next = self.headings.partition_point(|heading| heading.span.start <= at);
        std::iter::successors(next.checked_sub(1), |&at| self.headings[at].parent)
    }

    /// The table row on the line that begins at `line.start`.
    pub fn row_on(&self, line: &Range<usize>) -> Option<&Row> {
        let next = self.rows.partition_point(|row| row.span.start < line.start);
        self.rows.get(next).filter(|row| row.span.start < line.end)
    }
}

/// Reads the block structure of a text; a byte order mark counts as nothing.
pub fn outline(whole: &str) -> Outline {
    let start = whole.strip_prefix("\u{feff}").map_or(0, |text| whole.len() - text.len());
    let front_matter = front_matter(&whole[start..]).map(|len| start..start + len);
    let shift = front_matter.as_ref().map_or(start, |block| block.end);
    let text = &whole[shift..];
    let mut builder = Builder { shift, text, ..Builder::default() };
    builder.outline.front_matter = front_matter;
    for (event, span) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        builder.take(&event, span);
    }
    builder.finish(whole.len())
}

/// How long the front matter of a text is: from a first line `---`, with a line
/// below it that is neither blank nor the end, to the next one, or `...`. The
/// parser would take what stands between any two such lines for one, and the
/// tasks there with it.
fn front_matter(text: &str) -> Option<usize> {
    let mut lines = text.split_inclusive('\n').map(|line| (line.len(), line.trim_end()));
    let (first, _) = lines.next().filter(|(_, line)| *line == "---")?;
    let (second, _) = lines.next().filter(|(_, line)| !matches!(*line, "" | "---" | "..."))?;
    let mut len = first + second;
    for (more, line) in lines {
        len += more;
        if matches!(line, "---" | "...") {
            return Some(len);
        }
    }
    None
}

/// Decodes bytes so that each offset stays what it was: a byte that is not
/// UTF-8 becomes one unknown character.
pub fn same_length_text(bytes: &[u8]) -> String {
    if let Ok(text) = str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

#[derive(Default)]
struct Builder<'t> {
    shift: usize,
    text: &'t str,
    outline: Outline,
    open_items: Vec<usize>,
    tables: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: &Event<'_>, span: Range<usize>) {
        let place = span.start + self.shift..span.end + self.shift;
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(*level as u8, span),
            Event::Start(Tag::Item) => {
                // The parser counts what is left of the indentation in.
                let source = &self.text[span];
                let blank = source.len() - source.trim_start_matches([' ', '\t']).len();
                let parent = self.open_items.last().copied();
                self.open_items.push(self.outline.items.len());
                self.outline.items.push(Item { span: place.start + blank..place.end, parent });
            }
            Event::End(TagEnd::Item) => drop(self.open_items.pop()),
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => self.outline.opaque.push(place),
            Event::Start(Tag::Paragraph) if self.open_items.is_empty() => {
                self.outline.paragraphs.push(place);
            }
            Event::Start(Tag::Table(_)) => self.tables += 1,
            Event::Start(row @ (Tag::TableHead | Tag::TableRow)) => self.outline.rows.push(Row {
                table: self.tables - 1,
                head: *row == Tag::TableHead,
                span: trimmed(self.text, span, self.shift),
                cells: Vec::new(),
            }),
            Event::Start(Tag::TableCell) => {
                let cell = trimmed(self.text, span, self.shift);
                // The parser makes up what a row lacks, behind its end.
                let row = self.outline.rows.last_mut().filter(|row| cell.start < row.span.end);
                if let Some(row) = row {
                    row.cells.push(cell);
                }
            }
            _ => {}
        }
    }

    fn heading(&mut self, level: u8, span: Range<usize>) {
        let source = self.text[span.clone()].trim_end();
        let line = source.lines().next().unwrap_or_default();
        let text = line.trim().trim_start_matches('#').trim();
        // A blank stands before the closing sequence (CommonMark, ATX headings).
        let open = text.trim_end_matches('#');
        let is_closed = open.is_empty() || open.ends_with([' ', '\t']);
        let text = if is_closed { open.trim_end() } else { text };
        let end = span.start + source.len();
        self.outline.headings.push(Heading {
            level,
            text: text.to_owned(),
            name: called(text),
            span: span.start + self.shift..end + self.shift,
            body: 0..0,
            parent: None,
        });
    }

    fn finish(mut self, len: usize) -> Outline {
        let mut open: Vec<usize> = Vec::new();
        for at in 0..self.outline.headings.len() {
            let (level, start) = {
                let heading = &self.outline.headings[at];
                (heading.level, heading.span.start)
            };
            while let Some(&last) = open.last() {
                if self.outline.headings[last].level < level {
                    break;
                }
                self.outline.headings[last].body.end = start;
                open.pop();
            }
            let heading = &mut self.outline.headings[at];
            heading.parent = open.last().copied();
            heading.body = heading.span.end..len;
            open.push(at);
        }
        self.outline
    }
}

/// The span without surrounding white space and cell borders.
fn trimmed(text: &str, span: Range<usize>, shift: usize) -> Range<usize> {
    let source = &text[span.clone()];
    let start = span.start + (source.len() - source.trim_start().len());
    let end = start + source.trim().len();
    start + shift..end + shift
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &[u8], spans: impl IntoIterator<Item = Range<usize>>) -> Vec<&str> {
        spans.into_iter().map(|span| std::str::from_utf8(&text[span]).expect("UTF-8")).collect()
    }

    #[test]
    fn front_matter_stands_at_the_beginning_and_nowhere_else() {
        for (text, expected) in [
            ("---\na: b\n---\n# T\n", Some("---\na: b\n---\n")),
            ("\u{feff}---  \r\na: b\r\n...\r\n# T\r\n", Some("---  \r\na: b\r\n...\r\n")),
            ("---\n\n# T\n\n---\n", None),
            ("---\na: b\n# T\n", None),
            ("---\n# T\n", None),
            ("---\n---\n# T\n\n---\n", None),
            ("---\n...\n# T\n\n---\n", None),
            (" ---\na: b\n---\n# T\n", None),
            ("# T\n\n---\n## S\n- [ ] a\n\n---\n", None),
        ] {
            let found = outline(text);
            let block = found.front_matter.clone().map(|block| &text[block]);
            assert_eq!(block, expected, "{text:?}");
            assert!(found.headings.iter().any(|heading| heading.text == "T"), "{text:?}");
        }
        assert_eq!(outline("# T\n\n---\n## S\n- [ ] a\n\n---\n").items.len(), 1);
    }

    #[test]
    fn headings_know_what_they_head() {
        let text = b"# A\n\n## B\n\nb\n\n### C ##\nc\n\n## D#\n";
        let found = outline(&same_length_text(text));
        let names: Vec<_> = found.headings.iter().map(|h| (h.level, h.text.as_str())).collect();
        assert_eq!(names, [(1, "A"), (2, "B"), (3, "C"), (2, "D#")]);
        let bodies = texts(text, found.headings.iter().map(|h| h.body.clone()));
        assert_eq!(bodies[1], "\n\nb\n\n### C ##\nc\n\n");
        assert_eq!(found.headings[2].parent, Some(1));
    }

    #[test]
    fn a_name_is_what_is_left_without_ornament() {
        for (text, expected) in [
            ("## 📝 Git Commits", "git commits"),
            ("## 9. **Git Commits**:", "git commits"),
            ("## 2) Git Commits ✅", "git commits"),
            ("## 3 – Notes", "notes"),
            ("## 2.1", "2.1"),
            ("## 進度", "進度"),
            ("## 100%", "100%"),
        ] {
            assert_eq!(unnumbered(&outline(text).headings[0].name), expected, "{text}");
        }
    }

    #[test]
    fn offsets_are_those_of_the_original_with_a_bom_and_bad_bytes() {
        let text = b"\xef\xbb\xbf# T\xff\n\n- [ ] a\xc3\n  - [x] b\n";
        let found = outline(&same_length_text(text));
        assert_eq!(&text[found.headings[0].span.clone()], b"# T\xff");
        assert_eq!(found.items.len(), 2);
        assert!(text[found.items[0].span.clone()].starts_with(b"- [ ] a\xc3"));
        assert_eq!(found.items[1].parent, Some(0));
    }

    #[test]
    fn an_item_begins_at_its_bullet_however_far_it_is_indented() {
        let text = "- a\n    - b\n      - c\n\n 1. d\n";
        let starts = outline(text).items.into_iter().map(|item| &text[item.span.start..][..2]);
        assert_eq!(starts.collect::<Vec<_>>(), ["- ", "- ", "- ", "1."]);
    }

    #[test]
    fn an_unclosed_fence_runs_to_the_end() {
        let found = outline("- [ ] a\n\n```\n- [ ] b\n");
        assert_eq!(found.items.len(), 1);
        assert_eq!(found.opaque.len(), 1);
    }

    #[test]
    fn a_table_gives_its_cells() {
        let text = b"| Phase | Done |\n| --- | --- |\n| Phase 1 | 3/5 |\n";
        let found = outline(&same_length_text(text));
        assert_eq!(texts(text, found.rows[1].cells.clone()), ["Phase 1", "3/5"]);
        assert!(found.rows[0].head && !found.rows[1].head);
    }

    #[test]
    fn a_row_has_no_cells_that_are_not_written() {
        for (row, expected) in [
            ("| a |", &["a"][..]),
            ("a", &["a"]),
            ("| a | |", &["a", ""]),
            ("| a | b | c |", &["a", "b"]),
            ("| | b |", &["", "b"]),
        ] {
            let text = format!("| A | B |\n| --- | --- |\n{row}\nx | y |\n");
            let found = outline(&text);
            let cells = texts(text.as_bytes(), found.rows[1].cells.clone());
            assert_eq!(cells, expected, "{row}");
        }
    }

    #[test]
    fn a_place_is_opaque_within_code_alone() {
        let text = "a\n\n```\nb\n```\n\nc\n\n<div>\nd\n</div>\n";
        let found = outline(text);
        for span in &found.opaque {
            assert!(found.is_opaque(span.start) && found.is_opaque(span.end - 1));
            assert!(!found.is_opaque(span.start - 1) && !found.is_opaque(span.end));
        }
        assert_eq!(found.opaque.len(), 2);
    }

    #[test]
    fn a_place_stands_under_the_headings_before_it() {
        let text = "a\n\n# B\n\n## C\n\n# D\n\ne\n";
        let found = outline(text);
        let above = |c| found.above(text.find(c).expect("the text")).collect::<Vec<_>>();
        assert_eq!(["a", "# B", "## C", "e"].map(above), [vec![], vec![0], vec![1, 0], vec![2]]);
        let body = &found.headings[1].body;
        assert_eq!(&text[body.clone()], "\n\n");
    }
}
