//! Which globs may say where documents are.

use globset::{Glob, GlobBuilder};

use super::Fault;

/// Refuses a glob that is no glob or that leads out of the work tree, or into
/// a `.git`.
pub(super) fn check(path: &str) -> Result<(), Fault> {
    match objection(path) {
        Some(why) => Err(Fault::BadPath { path: path.to_owned(), why }),
        None => Ok(()),
    }
}

fn objection(path: &str) -> Option<&'static str> {
    if path.trim().is_empty() {
        return Some("is empty");
    }
    if path.chars().any(char::is_control) {
        return Some("holds a control character");
    }
    if path.contains('\\') {
        return Some("holds a backslash; parts are separated by `/`");
    }
    let has_drive =
        path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if path.starts_with(['/', '~']) || has_drive {
        return Some("is not relative to the root of the work tree");
    }
    if has_split_group(path) {
        return Some("holds a `/` inside of `{}` or `[]`");
    }
    if Glob::new(path).is_err() {
        return Some("is not a valid glob");
    }
    path.split('/').find_map(|part| {
        if may_match(part, "..") {
            Some("leads out of the work tree")
        } else if may_be_git(part) {
            Some("leads into `.git`")
        } else {
            None
        }
    })
}

/// Whether a `/` stands in braces or brackets, where the parts of the path
/// could not be judged one by one.
fn has_split_group(path: &str) -> bool {
    let mut depth = 0_usize;
    path.chars().any(|c| {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '/' && depth > 0
    })
}

/// Whether a part of a path names git's own folder on some file system: in
/// any case, with characters that HFS+ ignores, as NTFS writes it short, or
/// with the dots and blanks at the end that NTFS drops.
fn may_be_git(part: &str) -> bool {
    let ascii: String = part.chars().filter(char::is_ascii).collect();
    let ascii = ascii.split(':').next().unwrap_or("").trim_end_matches([' ', '.']);
    let is_short = ascii.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("git~"));
    is_short || may_match(ascii, ".git")
}

/// Whether a part of a glob can stand for this very name. The wildcards that
/// stand for everything do not count: they are for whoever walks the folders.
fn may_match(part: &str, name: &str) -> bool {
    let is_glob_char = |c: char| matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | ',' | '!');
    let (Some(first), Some(last)) = (part.find(is_glob_char), part.rfind(is_glob_char)) else {
        return part.eq_ignore_ascii_case(name);
    };
    if part.chars().all(|c| c == '*') {
        return false;
    }
    let lower = part.to_ascii_lowercase();
    // Most parts are like `*.md`: told apart by their ends, without a matcher.
    if !name.starts_with(&lower[..first]) || !name.ends_with(&lower[last + 1..]) {
        return false;
    }
    let glob = GlobBuilder::new(&lower).build();
    glob.map_or(true, |glob| glob.compile_matcher().is_match(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_below_the_root_is_fine() {
        for path in [
            "prd/tasks/*.md",
            "docs/**/plan-*.md",
            "*/tasks.md",
            "**/*.md",
            "docs/{plans,specs}/*.md",
            "docs/[a-z]*.md",
            ".kiro/specs/*/tasks.md",
            ".github/*.md",
            "a..b/c.md",
            "Pläne/*.md",
            "x/??.md",
        ] {
            assert_eq!(objection(path), None, "{path}");
        }
    }

    #[test]
    fn a_glob_that_leads_elsewhere_is_refused() {
        for path in [
            "",
            "  ",
            "/etc/*.md",
            "~/x.md",
            "C:/x",
            "..",
            "../x.md",
            "a/../b.md",
            "a/..",
            "a\\..\\b",
            ".git",
            ".GIT/hooks/*",
            "a/.Git/x.md",
            ".g?t/*",
            ".[g]it/*",
            ".g*/x",
            "*git/x",
            ".git./x",
            ".git /x",
            ".gi\u{200c}t/x",
            "GIT~1/x",
            ".git::$INDEX_ALLOCATION/x",
            "{.git,a}/x",
            ".?/x",
            "{a/b,c}/x.md",
            "[",
            "a\0b",
            "a\nb",
            ".*/x",
            "{..,a}/x",
        ] {
            assert!(objection(path).is_some(), "{path:?}");
        }
    }
}
