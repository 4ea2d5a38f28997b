//! What a message says about a commit that it takes back.

use std::ops::Range;

/// More names than this in one message are not read.
const MAX_REVERTS: usize = 100;

/// What git's own words in a message say about other commits.
#[derive(Default)]
pub(super) struct Reverts {
    /// The names after `This reverts commit`, in lower case, each once.
    pub(super) names: Vec<String>,
    /// Where another commit's subject is quoted; its tags are not ours.
    pub(super) foreign: Vec<Range<usize>>,
}

/// Reads `Revert "…"`, `Reapply "…"` and `This reverts commit <sha>`.
///
/// `subject` is the length of the subject's paragraph. The line in the body
/// counts whatever the subject says: people reword it, and `git revert
/// --reference` leaves it to them. What no person adds, the subject that git
/// copied, is foreign in both forms, also where no commit is named (a forge's
/// revert): a wrong link is worse than a missing one.
pub(super) fn read(message: &str, subject: usize, is_code: impl Fn(usize) -> bool) -> Reverts {
    let mut reverts = Reverts::default();
    reverts.foreign.extend(quoted_subject(&message[..subject]));
    let mut start = 0;
    for line in message.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if start >= subject
            && let Some(quoted) = quoted_subject(without_bullet(line))
        {
            // A squash lists the reverts that went into it.
            let at = start + line.len() - without_bullet(line).len();
            reverts.foreign.push(at + quoted.start..at + quoted.end);
        }
        if let Some(rest) = after_phrase(&line[indent..])
            && !is_code(start + indent)
        {
            let rest_at = start + line.len() - rest.len();
            // The name may have been wrapped onto the next line.
            let names_end = names(&message[rest_at..], &mut reverts.names) + rest_at;
            reverts.foreign.extend(reference(message, names_end));
        }
        start += line.len();
    }
    reverts
}

/// Whether a message may hold what [`read`] looks for; `false` is certain.
pub(super) fn may_revert(message: &[u8]) -> bool {
    const PHRASE: &[u8] = b"reverts";
    message
        .windows(PHRASE.len())
        .any(|window| window[0].eq_ignore_ascii_case(&b'r') && window.eq_ignore_ascii_case(PHRASE))
}

/// The quoted subject in `Revert "…"`: up to the last quotation mark, since
/// the subject may hold some itself; all of it where none closes.
fn quoted_subject(subject: &str) -> Option<Range<usize>> {
    let start = subject.len() - subject.trim_start().len();
    let opening = ["Revert \"", "Reapply \""].into_iter().find(|o| subject[start..].starts_with(o));
    let from = start + opening?.len();
    let to = subject[from..].rfind('"').map_or(subject.len(), |at| from + at);
    Some(from..to)
}

/// A line without its indentation and the bullet that forges put before a
/// squashed subject.
fn without_bullet(line: &str) -> &str {
    let inner = line.trim_start();
    ["* ", "- "].iter().find_map(|bullet| inner.strip_prefix(bullet)).unwrap_or(inner)
}

/// What follows `This reverts commit` or `commits` at the start of a line.
fn after_phrase(line: &str) -> Option<&str> {
    const PHRASE: &str = "this reverts commit";
    let head = line.get(..PHRASE.len())?;
    let rest = &line[PHRASE.len()..];
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    let is_word = rest.starts_with(char::is_whitespace);
    (head.eq_ignore_ascii_case(PHRASE) && is_word).then_some(rest)
}

/// Takes the names at the start of `text`; answers where they end.
fn names(text: &str, found: &mut Vec<String>) -> usize {
    let mut end = 0;
    loop {
        let Some(rest) =
            (if end == 0 { Some(text.trim_start()) } else { after_joint(&text[end..]) })
        else {
            return end;
        };
        let len = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        let ends_word = !rest[len..].starts_with(|c: char| c.is_alphanumeric());
        if !(7..=64).contains(&len) || !ends_word || found.len() >= MAX_REVERTS {
            return end;
        }
        let name = rest[..len].to_ascii_lowercase();
        if !found.contains(&name) {
            found.push(name);
        }
        end = text.len() - rest.len() + len;
    }
}

/// What follows a comma, `&` or `and` between two names.
fn after_joint(text: &str) -> Option<&str> {
    let inner = text.trim_start();
    let rest = inner.trim_start_matches([',', '&']).trim_start();
    let rest = rest.strip_prefix("and ").unwrap_or(rest);
    (rest.len() < inner.len()).then_some(rest.trim_start())
}

/// The subject that `git revert --reference` puts behind the name:
/// `(subject, 2024-05-01)`, one line.
fn reference(message: &str, at: usize) -> Option<Range<usize>> {
    let line = message[at..].lines().next()?;
    let close = line.rfind(')')?;
    line.trim_start().starts_with('(').then_some(at..at + close)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(message: &str) -> Vec<String> {
        read(message, 0, |_| false).names
    }

    #[test]
    fn the_named_commits_are_found() {
        for (message, expected) in [
            ("This reverts commit ABCDEF1234.", vec!["abcdef1234"]),
            ("This reverts commit abcdef1, reversing\nchanges made to 1234567.", vec!["abcdef1"]),
            ("This reverts commit\nabcdef1.", vec!["abcdef1"]),
            ("    This reverts commit abcdef1.", vec!["abcdef1"]),
            ("This reverts commit abcdef1 and 1234567.", vec!["abcdef1", "1234567"]),
            ("This reverts commits abcdef1, 1234567.", vec!["abcdef1", "1234567"]),
            (
                "This reverts commit abcdef1.\nThis reverts commit 1234567.\nThis reverts commit abcdef1.",
                vec!["abcdef1", "1234567"],
            ),
            ("This reverts commit abcdef.", vec![]),
            ("This reverts commit abcdefghi.", vec![]),
            ("This reverts commit abcdef12xyz.", vec![]),
            ("It says: This reverts commit abcdef1.", vec![]),
            ("This reverts committing abcdef1.", vec![]),
        ] {
            assert_eq!(names_in(message), expected, "{message}");
        }
    }

    #[test]
    fn no_more_names_are_read_than_a_message_may_hold() {
        let names = (0..=MAX_REVERTS).map(|number| format!("{number:07}"));
        let message = format!("This reverts commits {}.", names.collect::<Vec<_>>().join(", "));
        assert_eq!(names_in(&message).len(), MAX_REVERTS);
    }

    #[test]
    fn a_quoted_subject_ends_with_the_last_quotation_mark() {
        for (subject, expected) in [
            ("Revert \"a\" b", Some("a")),
            ("Revert \"Reapply \"a\"\" b", Some("Reapply \"a\"")),
            ("Revert \"a", Some("a")),
            ("Reverts \"a\"", None),
        ] {
            assert_eq!(quoted_subject(subject).map(|range| &subject[range]), expected, "{subject}");
        }
    }

    #[test]
    fn the_reference_form_quotes_a_subject_too() {
        let message = "undo it\n\nThis reverts commit abcdef1 (feat: a (b), 2024-05-01).\nc";
        let foreign = read(message, 7, |_| false).foreign;
        assert_eq!(foreign.len(), 1);
        assert_eq!(&message[foreign[0].clone()], " (feat: a (b), 2024-05-01");
    }
}
