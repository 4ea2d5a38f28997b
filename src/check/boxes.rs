//! Lines that were surely meant as boxes and are none.
//!
//! Precision comes first: a line counts only if the brackets hold nothing or
//! a tick and what follows reads as a task. Code, comments, tables and links
//! are left alone.

use super::{MAX_QUOTE, shorten};
use crate::doc::Document;
use crate::problem::{Problem, Severity};

/// Finds them, in the order of the text.
pub(super) fn lost(document: &Document) -> Vec<Problem> {
    let text = document.text();
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
    let marks = document.tasks().iter().filter_map(|task| task.mark.as_ref());
    // In the order of the text, so they are sorted.
    let boxed: Vec<usize> = marks.map(|mark| line_start(mark.start)).collect();
    let mut problems = Vec::new();
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let meant = boxed.binary_search(&start).is_err().then(|| Meant::read(line)).flatten();
        let is_item = || begins_item(document, start, line);
        let meant = meant.filter(|meant| !(meant.is_swallowed && is_item()));
        if let Some(meant) = meant.filter(|_| !is_elsewhere(document, start, line)) {
            problems.push(meant.problem(line).at(document.path(), Some(at + 1)));
        }
        start += line.len();
    }
    problems
}

/// Whether markdown reads a line as the first of a list item.
fn begins_item(document: &Document, start: usize, line: &str) -> bool {
    let items = &document.outline().items;
    let next = items.partition_point(|item| item.span.start < start);
    items.get(next).is_some_and(|item| item.span.start < start + line.len())
}

/// Whether a line stands where no box can: code, HTML, front matter, a table.
fn is_elsewhere(document: &Document, start: usize, line: &str) -> bool {
    let outline = document.outline();
    let inner = start + line.len() - line.trim_start_matches([' ', '\t', '>']).len();
    let front = outline.front_matter.as_ref();
    outline.is_opaque(inner)
        || front.is_some_and(|block| block.contains(&start))
        || outline.row_on(&(start..start + line.len())).is_some()
}

/// What a line was meant to be.
#[derive(Debug, PartialEq, Eq)]
struct Meant {
    /// The line as it should read, without indentation.
    line: String,
    /// Whether it reads so already, and markdown takes it for something else.
    is_swallowed: bool,
}

impl Meant {
    fn read(line: &str) -> Option<Self> {
        let line = line.trim_matches(|c: char| c.is_whitespace() || c == '>');
        let (bullet, rest) = line.split_at(bullet_len(line)?);
        let boxed = rest.trim_start_matches([' ', '\t']);
        let is_apart = boxed.len() < rest.len();
        let (content, text) = boxed.strip_prefix('[')?.split_once(']')?;
        let mark = mark(content)?;
        let is_text = text.trim_start().starts_with(begins_task);
        let is_emphasis = bullet == "*" && !is_apart && text.contains('*');
        if !is_text || is_emphasis || content.is_empty() && is_slice_type(text) {
            return None;
        }
        let is_swallowed =
            is_apart && content.chars().count() == 1 && text.starts_with([' ', '\t']);
        Some(Self { line: format!("{bullet} [{mark}] {}", text.trim_start()), is_swallowed })
    }

    fn problem(self, line: &str) -> Problem {
        let found = shorten(line, MAX_QUOTE);
        let (why, hint) = if self.is_swallowed {
            ("is read as part of the text above it", "put a blank line above the list".to_owned())
        } else {
            ("is no box", format!("write `{}`", shorten(&self.line, MAX_QUOTE)))
        };
        let said = format!("`{found}` {why}, expected a list item that begins with `[ ]` or `[x]`");
        Problem::new("lost-box", Severity::Warning, said).hint(hint)
    }
}

/// The length of a bullet or number at the start of a line.
fn bullet_len(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mark = line.as_bytes().get(digits)?;
    let is_bullet = match digits {
        0 => matches!(mark, b'-' | b'*' | b'+'),
        1..=9 => matches!(mark, b'.' | b')'),
        _ => false,
    };
    is_bullet.then_some(digits + 1)
}

/// The mark that was meant by what stands between the brackets.
fn mark(content: &str) -> Option<char> {
    match content.trim() {
        "" if content.chars().count() <= 3 => Some(' '),
        "x" | "✓" | "✔" | "✔\u{fe0f}" | "✅" => Some('x'),
        "X" => Some('X'),
        _ => None,
    }
}

/// Whether a task's text may begin so; `(`, `[` and `:` make a link.
fn begins_task(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '*' | '_' | '~' | '`' | '"' | '\'')
}

/// Whether `[]` and what follows is a type of the Go language.
fn is_slice_type(text: &str) -> bool {
    const TYPES: [&str; 12] = [
        "string",
        "byte",
        "int",
        "uint",
        "rune",
        "float",
        "bool",
        "error",
        "interface",
        "any",
        "struct",
        "map[",
    ];
    text.starts_with('*') || TYPES.iter().any(|name| text.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::dialect::FEATURE_FILE;

    fn found(text: &str) -> Vec<(usize, String)> {
        let document = Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE);
        let problems = lost(&document).into_iter();
        problems.map(|p| (p.line.expect("a line"), p.hint.expect("a hint"))).collect()
    }

    #[test]
    fn a_slip_of_the_pen_is_shown_as_it_should_read() {
        for (line, expected) in [
            ("- [x ] a", "- [x] a"),
            ("- [ x] a", "- [x] a"),
            ("- [ X ] a", "- [X] a"),
            ("- [  ] a", "- [ ] a"),
            ("- []a", "- [ ] a"),
            ("- [] 1.2 a", "- [ ] 1.2 a"),
            ("-[ ] a", "- [ ] a"),
            ("*[x] a", "* [x] a"),
            ("1.[ ] a", "1. [ ] a"),
            ("- [x]text", "- [x] text"),
            ("- [ ]**Task 1.1**", "- [ ] **Task 1.1**"),
            ("- [✔\u{fe0f}] a", "- [x] a"),
            ("> - [] a", "- [ ] a"),
        ] {
            let text = format!("# T\n\n{line}\r\n");
            assert_eq!(found(&text), [(3, format!("write `{expected}`"))], "{line}");
        }
    }

    #[test]
    fn what_markdown_does_not_read_as_a_list_is_a_lost_box_too() {
        let hint = "put a blank line above the list".to_owned();
        assert_eq!(found("# T\n\nSteps:\n2. [ ] a\n"), [(4, hint)]);
    }

    #[test]
    fn links_code_types_and_prose_are_no_boxes() {
        for text in [
            "- [ ] a\n- [x] b\n- [~] c\n- [ ]\n",
            "- [ ] a\n    - [ ] b\n - [ ] c\n",
            "- [x](https://x.invalid)\n- [x][ref]\n- [x]: y\n",
            "```\n- [x ] a\n```\n",
            "a\n\n    - []a\n",
            "<!--\n-[ ] a\n-->\n",
            "| a |\n|---|\n| - [] a |\n",
            "- []string\n- []*Node\n- [] → nothing\n",
            "*[x] marks what is done*\n",
            "[OK] a\n- [OK] b\n- [WIP] c\n[ ] d\n",
            "---\nkeys:\n- [] a\n---\n# T\n",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
