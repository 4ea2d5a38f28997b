//! Header fields: what stands before the first `##`, in every form people
//! write them.

use std::ops::Range;

use super::outline::{Heading, Outline};
use super::task_list::{before_comment, line_end};

/// A named value in a document's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in lower case, words joined with one blank.
    pub key: String,
    /// The value, surrounding blanks and quotes left out; empty where it is.
    pub value: Range<usize>,
}

/// Names that count as fields without bold type.
const PLAIN: &[&str] = &[
    "status",
    "started",
    "last updated",
    "updated",
    "prd",
    "workspace",
    "agent sessions",
    "current phase",
    "estimated completion",
    "progress",
];

/// Reads all header fields, in the order of the text.
///
/// Known forms: `**K:** v`, `**K**: v`, several on a line, each also behind a
/// bullet or in a quote; rows of a two-column table; front matter; and, for
/// the names this crate works with, plain `K: v`.
pub fn read(text: &str, outline: &Outline) -> Vec<Field> {
    // The title is the one heading that a header may hold.
    let is_title = |(at, heading): &(usize, &Heading)| *at == 0 && heading.level == 1;
    let mut sections = outline.headings.iter().enumerate().skip_while(is_title);
    let end = sections.next().map_or(text.len(), |(_, heading)| heading.span.start);
    let mut fields = Vec::new();
    let mut at = 0;
    if let Some(block) = &outline.front_matter {
        each_line(text, block.clone(), |line| fields.extend(yaml_field(text, line)));
        at = block.end;
    }
    each_line(text, at..end.max(at), |line| {
        if !outline.is_opaque(line.start) {
            read_line(text, outline, line, &mut fields);
        }
    });
    fields
}

fn each_line(text: &str, span: Range<usize>, mut visit: impl FnMut(Range<usize>)) {
    let mut start = span.start;
    while start < span.end {
        let end = line_end(text, start);
        visit(start..end);
        start = end + 1;
    }
}

fn read_line(text: &str, outline: &Outline, line: Range<usize>, fields: &mut Vec<Field>) {
    match outline.row_on(&line) {
        Some(row) if row.cells.len() == 2 => {
            let key = normal_key(&text[row.cells[0].clone()]);
            fields.push(Field { key, value: row.cells[1].clone() });
        }
        Some(_) => {}
        None if !bold_fields(text, line.clone(), fields) => fields.extend(plain_field(text, line)),
        None => {}
    }
}

/// Reads `**K:** v | **K**: v …`; answers whether there was one.
fn bold_fields(text: &str, line: Range<usize>, fields: &mut Vec<Field>) -> bool {
    let before = fields.len();
    let mut at = line.start;
    while let Some((key, after, open)) = next_bold(text, at..line.end) {
        if let Some(last) = fields[before..].last_mut() {
            last.value.end = open.max(last.value.start);
        }
        fields.push(Field { key, value: after..line.end });
        at = after;
    }
    for field in &mut fields[before..] {
        field.value = trimmed(text, field.value.clone(), &['|', '·', '•', ',']);
    }
    fields.len() > before
}

/// The next bold name with a colon: the name, where its value begins, and
/// where the bold type opened.
fn next_bold(text: &str, span: Range<usize>) -> Option<(String, usize, usize)> {
    let mut from = span.start;
    loop {
        let open = from + text[from..span.end].find("**")?;
        let close = open + 2 + text.get(open + 2..span.end)?.find("**")?;
        let (name, after) = (&text[open + 2..close], close + 2);
        let outside = text[after..span.end].trim_start().starts_with(':');
        let name_is_short = !name.is_empty() && name.len() <= 64;
        if name_is_short && name.ends_with(':') {
            return Some((normal_key(name), after, open));
        }
        if name_is_short && outside {
            let colon = after + text[after..span.end].find(':')?;
            return Some((normal_key(name), colon + 1, open));
        }
        from = after;
    }
}

fn plain_field(text: &str, line: Range<usize>) -> Option<Field> {
    let source = &text[line.clone()];
    let bare = source.trim_start_matches(['>', ' ', '-', '*', '+', '_']);
    let colon = bare.find(':')?;
    let key = normal_key(&bare[..colon]);
    let start = line.end - bare.len() + colon + 1;
    let closed = if source.trim_end().ends_with(['*', '_']) { &['*', '_'][..] } else { &[] };
    PLAIN
        .contains(&key.as_str())
        .then(|| Field { key, value: trimmed(text, start..line.end, closed) })
}

fn yaml_field(text: &str, line: Range<usize>) -> Option<Field> {
    let source = &text[line.clone()];
    let colon = source.find(':').filter(|_| source.starts_with(|c: char| c.is_alphabetic()))?;
    let comment = source.find(" #").map_or(line.end, |at| line.start + at);
    let value = trimmed(text, line.start + colon + 1..comment.max(line.start + colon + 1), &[]);
    let quoted = &text[value.clone()];
    let is_quoted = quoted.len() >= 2
        && (quoted.starts_with('"') && quoted.ends_with('"')
            || quoted.starts_with('\'') && quoted.ends_with('\''));
    let value = if is_quoted { value.start + 1..value.end - 1 } else { value };
    Some(Field { key: normal_key(&source[..colon]), value })
}

/// `**Last_Updated:**` → `last updated`.
fn normal_key(name: &str) -> String {
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    let spaced = name.replace(['_', '-'], " ").to_lowercase();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The span without blanks at both ends, without these closing characters and
/// without what dresses a value; where nothing is left, its beginning.
fn trimmed(text: &str, span: Range<usize>, closing: &[char]) -> Range<usize> {
    let source = &text[span.clone()];
    let kept = source.trim_end_matches(|c: char| c.is_whitespace() || closing.contains(&c));
    let value = undressed(kept.trim_start());
    if value.is_empty() {
        return span.start..span.start;
    }
    let start = span.start + source.find(value).unwrap_or_default();
    start..start + value.len()
}

/// A value without a comment and a hard line break behind it, and without code
/// or emphasis around it.
fn undressed(value: &str) -> &str {
    let value = before_comment(value);
    let breaks = ["\\", "<br>", "<br/>", "<br />"];
    let value = breaks.iter().find_map(|end| value.strip_suffix(end)).unwrap_or(value).trim_end();
    ["`", "**", "__", "*", "_"]
        .iter()
        .find_map(|mark| value.strip_prefix(mark)?.strip_suffix(mark))
        .filter(|inner| !inner.is_empty() && !inner.contains(['`', '*', '_']))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::*;

    fn fields(text: &str) -> Vec<(String, String)> {
        let found = read(text, &outline(text));
        found.into_iter().map(|f| (f.key, text[f.value].to_owned())).collect()
    }

    fn value(text: &str, key: &str) -> Option<String> {
        fields(text).into_iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    #[test]
    fn every_form_of_a_field_is_known() {
        for text in [
            "# T\n\n**Last Updated:** 2026-01-15  \n",
            "# T\n\n**Last Updated**: 2026-01-15\r\n",
            "# T\n- **Last Updated**: 2026-01-15\n",
            "# T\n> **Last Updated:** 2026-01-15\n",
            "# T\n\n| Field | Value |\n|---|---|\n| **Last Updated** | 2026-01-15 |\n",
            "---\nlast_updated: '2026-01-15'\n---\n# T\n",
            "# T\nLast Updated: 2026-01-15\n",
            "# T\n*Last Updated: 2026-01-15*\n",
            "# T\n**📅 Last Updated:** 2026-01-15\\\n",
            "# T\n**Last Updated:** `2026-01-15` <!-- kept by hand -->\n",
            "# T\n**Last Updated:** **2026-01-15**<br>\n",
            "---\nlast_updated: 2026-01-15 # day\n---\n# T\n",
            "# T\n**Status**: x | **Last Updated**: 2026-01-15 | **Owner**: me\n",
        ] {
            assert_eq!(value(text, "last updated").as_deref(), Some("2026-01-15"), "{text:?}");
        }
    }

    #[test]
    fn an_empty_value_begins_behind_its_colon() {
        for text in ["# T\n**Started:**  \n", "---\nstarted: \n---\n"] {
            let found = read(text, &outline(text));
            let colon = text.find(':').expect("a colon");
            let after = text[colon + 1..].trim_start_matches('*');
            assert_eq!(found[0].value, text.len() - after.len()..text.len() - after.len());
        }
    }

    #[test]
    fn the_header_ends_at_the_first_second_level_heading() {
        assert_eq!(fields("# T\n\n## S\n\n**Status:** x\n"), []);
        assert_eq!(fields("# T\n\n# S\n\n**Status:** x\n"), []);
        assert_eq!(fields("# T\n\n## Status: x\n"), []);
        assert_eq!(value("# T\n**Status:**\n", "status").as_deref(), Some(""));
        assert_eq!(fields("# T\n```\n**Status:** x\n```\n"), []);
    }

    #[test]
    fn a_value_is_what_stands_between_its_colon_and_what_closes_it() {
        for (line, key, expected) in [
            ("**A:** x · **B:** y", "a", Some("x")),
            ("**A:** x, **B**: y", "b", Some("y")),
            ("**A** is **B:** y", "b", Some("y")),
            ("**** **B:** y", "b", Some("y")),
            ("**B:**y", "b", Some("y")),
            ("**B** : y", "b", Some("y")),
            ("**B:** **y** and *z*", "b", Some("**y** and *z*")),
            ("**B:** _y_", "b", Some("y")),
            ("**B**:**", "b", Some("**")),
            ("**B:** ``", "b", Some("``")),
            ("**B** y", "b", None),
            ("**B: y", "b", None),
            ("Status: x", "status", Some("x")),
            ("_Status: x_", "status", Some("x")),
            ("Status: x_", "status", Some("x")),
            ("- Status: x", "status", Some("x")),
            ("Owner: x", "owner", None),
            ("Status x", "status", None),
            ("| Status | x | y |\n|---|---|---|", "status", None),
        ] {
            assert_eq!(value(&format!("# T\n\n{line}\n"), key).as_deref(), expected, "{line}");
        }
        let [fits, long] = [64, 65].map(|len| format!("# T\n\n**{}:** x\n", "a".repeat(len - 1)));
        assert_eq!((fields(&fits).len(), fields(&long).len()), (1, 0));
    }

    #[test]
    fn front_matter_holds_names_values_and_comments() {
        for (line, expected) in [
            ("a: x", Some("x")),
            ("a: \"x\"", Some("x")),
            ("a: 'x' # y", Some("x")),
            ("a: \"", Some("\"")),
            ("a: \"x'", Some("\"x'")),
            ("a: # y", Some("")),
            ("a: x#y", Some("x#y")),
            ("a:x", Some("x")),
            ("# a: x", None),
            ("  a: x", None),
            ("a", None),
        ] {
            let found = value(&format!("---\n{line}\nb: z\n---\n\n# T\n"), "a");
            assert_eq!(found.as_deref(), expected, "{line}");
        }
        // What goes on below it is read as well.
        assert_eq!(value("---\na: x\n---\n\n# T\n\n**B:** y\n", "b").as_deref(), Some("y"));
    }
}
