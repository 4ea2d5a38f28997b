//! The files that a document calls key, and those that its header points at.

use std::ops::Range;

use crate::doc::Document;
use crate::problem::{Problem, Severity};

/// What people add to a file that need not be there.
const NOT_HERE: [&str; 6] =
    ["to be created", "to create", "planned", "deleted", "removed", "not yet"];

/// The paths in the *Key Files* section, each with its line, counted from 1,
/// for the caller to look which are gone.
///
/// A path stands in backticks at the start of a list item or a table row. Line
/// numbers behind it (`:12-40`) are left off. The template's placeholders
/// (`test_[feature].py`, `schema.prisma:XX`), globs, and files that the line
/// itself says are to be created or were removed, are none.
pub fn key_files(document: &Document) -> Vec<(String, usize)> {
    let headings = document.headings().iter();
    let section = headings.filter(|heading| heading.is_called(&["key files"]));
    let mut found = Vec::new();
    for body in section.map(|heading| heading.body.clone()) {
        let mut start = body.start;
        for line in document.slice(&body).split_inclusive('\n') {
            if let Some(listed) = listed_on(document, start..start + line.len()) {
                let number = document.line(start);
                found.extend(leading_spans(listed).filter_map(path).map(|path| (path, number)));
            }
            start += line.len();
        }
    }
    found
}

/// The problem of a path that [`key_files`] found and the work tree lacks.
pub fn gone_key_file(document: &Document, path: &str, line: usize) -> Problem {
    let said = format!("`{path}` is a key file of this document, expected it in the work tree");
    let hint =
        format!("name its new place on line {line} of `{}`, or take it out", document.path());
    Problem::new("gone-key-file", Severity::Warning, said)
        .hint(hint)
        .at(document.path(), Some(line))
}

/// The plan and the workspace that a document's header points at, each with
/// the name of its field and its line, for the caller to look which are not
/// there. What is no path, such as a number or a placeholder, is none.
pub fn pointers(document: &Document) -> Vec<(&'static str, String, usize)> {
    let pointed = |name: &'static str| {
        document.fields(name).find_map(|field| {
            let path = target(document.slice(&field.value))?;
            Some((name, path, document.line(field.value.start)))
        })
    };
    ["prd", "workspace"].into_iter().filter_map(pointed).collect()
}

/// The problem of a path that [`pointers`] found and the work tree lacks.
pub fn missing_pointer(document: &Document, name: &str, path: &str, line: usize) -> Problem {
    let (code, what) = match name {
        "prd" => ("missing-prd", "the plan"),
        _ => ("missing-workspace", "the workspace"),
    };
    let said = format!("`{path}` is {what} of this document, expected it in the work tree");
    let hint = format!("name its place on line {line} of `{}`, or take it out", document.path());
    Problem::new(code, Severity::Warning, said).hint(hint).at(document.path(), Some(line))
}

/// The path that a header field holds: bare, in backticks, or as a link.
fn target(value: &str) -> Option<String> {
    let link = value.strip_prefix('[').and_then(|rest| rest.split_once("]("));
    match link.and_then(|(_, rest)| rest.split_once(')')) {
        Some((path_of_link, _)) => path(path_of_link),
        None => leading_spans(value).next().map_or_else(|| path(value), path),
    }
}

/// What a list item or the first cell of a table row says.
fn listed_on(document: &Document, line: Range<usize>) -> Option<&str> {
    let source = document.slice(&line);
    let bare = source.trim_start();
    let lower = source.to_lowercase();
    if document.outline().is_opaque(line.end - bare.len())
        || NOT_HERE.iter().any(|words| lower.contains(words))
    {
        return None;
    }
    let digits = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = digits.strip_prefix(['-', '*', '+', '|', '.', ')'])?;
    Some(item.trim_start_matches([' ', '\t', '*', '_']))
}

/// The code spans that a text begins with, joined by `,`, `+`, `&` or `and`.
fn leading_spans(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (span, after) = rest.strip_prefix('`')?.split_once('`')?;
        let joint = after.trim_start().trim_start_matches([',', '+', '&', ' ']);
        rest = joint.strip_prefix("and ").unwrap_or(joint).trim_start();
        Some(span)
    })
}

/// The path in a code span, without line numbers or the name of a symbol.
fn path(span: &str) -> Option<String> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "[]<>{}()*?$=|\\\"'".contains(c);
    if span.contains(odd) || span.contains("://") || span.contains("XX") {
        return None;
    }
    let path = span.split([':', '#']).next()?;
    let path = path.strip_prefix("./").unwrap_or(path);
    let is_inside = !path.starts_with(['/', '~', '-', '@'])
        && !path.split('/').any(|part| part == ".." || part == "...");
    let (folder, name) =
        path.rsplit_once('/').map_or((None, path), |(dir, name)| (Some(dir), name));
    let named =
        folder.is_some() || name.trim_start_matches('.').contains('.') || name.starts_with('.');
    (is_inside && named && path.chars().any(char::is_alphanumeric)).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::dialect::FEATURE_FILE;

    fn found(section: &str) -> Vec<(String, usize)> {
        let text = format!("# T\n\n## Key Files\n\n{section}\n## Notes\n\n- `src/other.rs`\n");
        key_files(&Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE))
    }

    #[test]
    fn paths_are_read_without_their_line_numbers() {
        for (line, expected) in [
            ("- `src/a.rs` - parses", vec!["src/a.rs"]),
            ("- `src/a.rs:12-40` - calls `src/b.rs`", vec!["src/a.rs"]),
            ("- `src/a.rs:12, 40`", vec![]),
            ("* **`src/a.rs#L12`**: x", vec!["src/a.rs"]),
            ("1. `./a.rs::main`", vec!["a.rs"]),
            ("- `docs/x.md` + `docs/y.md` — both", vec!["docs/x.md", "docs/y.md"]),
            ("| `.env.example` | 12 | x |", vec![".env.example"]),
            ("- `src/templates/`\r", vec!["src/templates/"]),
        ] {
            let paths: Vec<_> = found(line).into_iter().map(|(path, _)| path).collect();
            assert_eq!(paths, expected, "{line}");
        }
        assert_eq!(found("- `a/b`\n\n**Tests:**\n- `c.rs`\n")[1], ("c.rs".to_owned(), 8));
    }

    #[test]
    fn placeholders_plans_and_what_is_no_path_are_left_out() {
        for line in [
            "- `src/api/[feature].py` - endpoints",
            "- `prisma/schema.prisma:XX` - schema",
            "- `src/api/auth.py` - endpoints (to be created)",
            "- `src/old.py` (removed)",
            "- `main()`",
            "- `login` - a word",
            "- `src/*/x.rs`",
            "- `../x.rs`, `/etc/x`, `~/x.rs`",
            "- `https://x.invalid/a.md`",
            "uses `src/a.rs`",
            "```\n- `src/a.rs`\n```",
        ] {
            assert_eq!(found(line), [], "{line}");
        }
    }

    #[test]
    fn a_header_points_at_paths_in_any_form() {
        for (value, expected) in [
            ("`prd/07_x.md`", Some("prd/07_x.md")),
            ("[prd.md](../prd.md)", None),
            ("[the plan](prd.md)", Some("prd.md")),
            ("prd/07_x.md", Some("prd/07_x.md")),
            ("07", None),
            ("`prd/[XX]_[Feature_Name].md`", None),
            ("[path of the plan, if there is one]", None),
            ("https://x.invalid/a.md", None),
        ] {
            let text = format!("# T (PRD 07)\n\n**PRD:** {value}\n");
            let found = pointers(&Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE));
            let paths: Vec<_> = found.iter().map(|(_, path, _)| path.as_str()).collect();
            assert_eq!(paths, expected.into_iter().collect::<Vec<_>>(), "{value}");
        }
    }

    #[test]
    fn a_file_that_is_gone_is_a_warning_at_its_line() {
        let document = Document::read("prd/tasks/07_x.md", Vec::new(), &FEATURE_FILE);
        let problem = gone_key_file(&document, "src/a.rs", 9);
        assert_eq!((problem.code, problem.line), ("gone-key-file", Some(9)));
    }
}
