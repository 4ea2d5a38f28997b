//! The id at the start of a task's text.

use std::ops::Range;

use crate::task::TaskId;

/// What stands before an id everywhere, in lower case.
const WORDS: &[&str] = &["subtask", "sub-task", "task", "work package"];

/// Finds the id a task's text begins with, and the span it takes.
///
/// After the word `Task` or `Subtask` anything with a digit is an id. Without
/// it an id must look like one: dotted numbers (`1.1`), a number or a letter
/// with a number that a dot, colon, dash, bracket or the end of the bold text
/// closes (`1.`, `A1:`, `**A1** …`), a letter with dotted numbers (`B1.1`, but
/// `V` is a version's), or `T` with at least two digits (`T001`, `T-001`). A hyphen in it asks for closing (`AC-1:`). Pictograms may stand
/// before it (`✅ 1.1`). So `2 tests`, `S3 bucket` and `2026-01-15` begin with
/// none. `words` are more words like `Task`, in lower case.
pub fn leading_id(text: &str, words: &[&str]) -> Option<(TaskId, Range<usize>)> {
    let span = leading_token(text, words)?;
    Some((TaskId::parse(&text[span.clone()])?, span))
}

/// The span alone.
pub(super) fn leading_span(text: &str, words: &[&str]) -> Option<Range<usize>> {
    leading_token(text, words).filter(|span| TaskId::is_id(&text[span.clone()]))
}

/// The span of what stands where an id would.
fn leading_token(text: &str, words: &[&str]) -> Option<Range<usize>> {
    let bare = text.trim_start_matches(|c: char| is_pictogram(c) || c == ' ');
    let opened = text.len() - bare.trim_start_matches(['*', '_', '~', '[']).len();
    let after_word = skip_word(&text[opened..], words).map(|skipped| opened + skipped);
    let start = after_word.unwrap_or(opened);
    let token = token(&text[start..])?;
    let span = start..start + token.len();
    let rest = &text[span.end..];
    let named = after_word.is_some() && !rest.starts_with(|c: char| c.is_alphanumeric());
    let emphasised = text[..opened].ends_with(['*', '_', '~', '[']);
    (named || stands_alone(token, rest, emphasised)).then_some(span)
}

/// The id of a task: the one that its text begins with, else the one in a
/// comment, `<!-- id: 34 -->`.
pub fn own_id(text: &str, words: &[&str]) -> Option<TaskId> {
    let leading = leading_id(text, words).map(|(id, _)| id);
    leading.or_else(|| {
        let comments = text.match_indices("<!--").map(|(at, mark)| &text[at + mark.len()..]);
        let mut stated = comments.filter_map(|comment| {
            let (name, id) = comment.split_once("-->")?.0.split_once(':')?;
            name.trim().eq_ignore_ascii_case("id").then(|| TaskId::parse(id.trim()))?
        });
        stated.next()
    })
}

/// A text without a word and colon that only say that it is a task: `Task: …`.
pub fn without_word(text: &str) -> &str {
    let rest = WORDS.iter().find_map(|word| {
        let start = text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word));
        start.and_then(|_| text[word.len()..].strip_prefix(": "))
    });
    rest.unwrap_or(text)
}

/// Whether a character is a picture before the text: `✅ 1.1 …`.
fn is_pictogram(c: char) -> bool {
    c >= '\u{2300}' && !c.is_alphanumeric()
}

/// Skips `Task `, `Subtask #` and the like. A sign such as `#` needs no blank
/// behind it.
fn skip_word(text: &str, words: &[&str]) -> Option<usize> {
    let mut words = WORDS.iter().chain(words);
    let word = words.find(|word| {
        text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    })?;
    let rest = &text[word.len()..];
    let gap = rest.len() - rest.trim_start_matches([' ', '\t', '-', '#']).len();
    (gap > 0 || !word.ends_with(char::is_alphanumeric)).then_some(word.len() + gap)
}

/// The longest run of id characters, closing punctuation left off.
fn token(text: &str) -> Option<&str> {
    let len = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'))
        .unwrap_or(text.len());
    let token = text[..len].trim_end_matches(['.', '-']);
    (!token.is_empty()).then_some(token)
}

fn stands_alone(token: &str, rest: &str, emphasised: bool) -> bool {
    let open = rest.is_empty() || rest.starts_with([' ', '\t']);
    let closed = rest.starts_with([':', ')', ']'])
        || (emphasised && rest.starts_with(['*', '_']))
        || rest
            .strip_prefix('.')
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '*']))
        || rest
            .trim_start_matches(' ')
            .strip_prefix(['-', '–', '—'])
            .is_some_and(|rest| rest.starts_with(' '));
    match shape(token) {
        Shape::Dotted => open || closed,
        Shape::Numbered | Shape::Lettered | Shape::Hyphened => closed,
        Shape::Serial => open || closed,
        Shape::None => false,
    }
}

enum Shape {
    /// `1.1`, `1.2.3a`, `B1.1`
    Dotted,
    /// `1`, `12a`
    Numbered,
    /// `A1`, `UT2`, `UT1.2`
    Lettered,
    /// `T001`, `T-001`
    Serial,
    /// `AC-1`, `AF-F5`
    Hyphened,
    None,
}

fn shape(token: &str) -> Shape {
    if let Some((letter, number)) = token.split_once('-') {
        let is_serial = number.len() >= 2 && number.bytes().all(|b| b.is_ascii_digit());
        let is_upper = (1..=4).contains(&letter.len())
            && token.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
            && letter.starts_with(|c: char| c.is_ascii_uppercase())
            && number.ends_with(|c: char| c.is_ascii_digit());
        return match (letter, is_serial) {
            ("T", true) => Shape::Serial,
            _ if is_upper => Shape::Hyphened,
            _ => Shape::None,
        };
    }
    let letters = token.bytes().take_while(u8::is_ascii_alphabetic).count();
    let upper = token.bytes().take(letters).all(|b| b.is_ascii_uppercase());
    let numbers = token[letters..].trim_end_matches(|c: char| c.is_ascii_lowercase());
    let is_number = !numbers.is_empty()
        && token.len() - letters - numbers.len() <= 1
        && numbers
            .split('.')
            .all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    match (is_number, letters, numbers.contains('.')) {
        (false, ..) => Shape::None,
        (_, 0, true) => Shape::Dotted,
        (_, 1, true) if upper && !token.starts_with('V') => Shape::Dotted,
        (_, 0, false) if numbers.len() <= 3 => Shape::Numbered,
        (_, 1, false) if token.starts_with('T') && numbers.len() >= 2 => Shape::Serial,
        (_, 1..=4, _) if upper => Shape::Lettered,
        _ => Shape::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<String> {
        leading_id(text, &[]).map(|(id, span)| {
            assert_eq!(&text[span], id.as_str());
            id.to_string()
        })
    }

    #[test]
    fn ids_as_people_write_them_are_found() {
        for (text, expected) in [
            ("Task 1.1: Create schema", "1.1"),
            ("Subtask 1.4.2", "1.4.2"),
            ("**Task 2.1**: x", "2.1"),
            ("TASK-003 Write", "003"),
            ("1.1 Create entry", "1.1"),
            ("1. Set up", "1"),
            ("2.3a Migrate", "2.3a"),
            ("B1.1 Parse it", "B1.1"),
            ("T001 [P] Setup", "T001"),
            ("**T014** [US1] x", "T014"),
            ("A1: Implement", "A1"),
            ("**A1** Implement", "A1"),
            ("**UT2: Test it**", "UT2"),
            ("R1 - Research", "R1"),
            ("[T001] x", "T001"),
            ("T-001 Set up", "T-001"),
            ("1.2- glued", "1.2"),
            ("1.2– glued", "1.2"),
            ("3 — Set up", "3"),
            ("✅ 1.1 done", "1.1"),
            ("AC-1: it holds", "AC-1"),
            ("AF-F5. Config", "AF-F5"),
            ("Work Package WP01: Audit", "WP01"),
            ("⚠️ **Task 1.2**: x", "1.2"),
        ] {
            assert_eq!(id(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn an_id_has_one_of_the_shapes_that_are_known() {
        for (token, expected) in [
            ("1.1", true),
            ("1..1", false),
            ("1.2ab", false),
            ("B1.1b", true),
            ("123", true),
            ("1234", false),
            ("AB12", true),
            ("ABCD1", true),
            ("ABCDE1", false),
            ("Ab1", false),
            ("T1", true),
            ("T-1", true),
            ("ABCD-1", true),
            ("ABCDE-1", false),
            ("Ab-1", false),
            ("1-1", false),
            ("A-B", false),
            ("-1", false),
        ] {
            assert_eq!(id(&format!("{token}: x")).is_some(), expected, "{token}");
        }
        // These need no colon.
        for (token, expected) in [
            ("T01", true),
            ("T1", false),
            ("T-01", true),
            ("T-1", false),
            ("B1.1", true),
            ("BC1.1", false),
        ] {
            assert_eq!(id(&format!("{token} x")).is_some(), expected, "{token}");
        }
    }

    #[test]
    fn a_comment_may_hold_the_id() {
        let id = |text: &str| own_id(text, &[]).map(|id| id.to_string());
        assert_eq!(id("Store it <!-- id: 34 -->").as_deref(), Some("34"));
        assert_eq!(id("Store <!-- x --> it <!--ID:T-2-->").as_deref(), Some("T-2"));
        assert_eq!(id("1.2 Store it <!-- id: 34 -->").as_deref(), Some("1.2"));
        for text in ["Store <!-- id: -->", "Store <!-- id: 34", "Store <!-- idea: 34 -->"] {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn a_dialect_has_words_of_its_own() {
        let id = |text: &str, words: &[&str]| leading_id(text, words).map(|(id, _)| id.to_string());
        assert_eq!(id("#3 It works", &["#"]).as_deref(), Some("3"));
        assert_eq!(id("Phase 09.1: Local", &["phase"]).as_deref(), Some("09.1"));
        assert_eq!(id("#3 It works", &[]), None);
        assert_eq!(id("phased 2: x", &["phase"]), None);
    }

    #[test]
    fn what_only_looks_like_an_id_is_text() {
        for text in [
            "2 tests added",
            "S3 bucket",
            "2026-01-15 release",
            "H2 database",
            "Add User model",
            "Tasks are done",
            "Task list",
            "HTTP404 page",
            "`1.1` in code",
            "",
            "task",
            "v1.2 shipped",
            "V1.2 shipped",
            "TLS1.2 only",
            "b1.1 beta",
            "100% coverage",
            "3D view",
            "RFC2119 words",
            "FR-001 holds",
            "1.2–1.4 hours",
            "→ 1.1 first",
            "⭐ 4 stars",
            "⭐ S3 bucket",
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }
}
