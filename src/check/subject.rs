//! The subject as it should read.

use std::ops::Range;

use crate::commit;
use crate::tag::{self, Tag};

/// Text to write in place of a span of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fix {
    pub(super) span: Range<usize>,
    pub(super) text: String,
}

/// The length of the message up to the end of its first paragraph.
pub(super) fn len(message: &str) -> usize {
    let lines = message.split_inclusive('\n');
    let mut is_begun = false;
    lines
        .take_while(|line| {
            let is_blank = line.trim().is_empty();
            is_begun |= !is_blank;
            !(is_blank && is_begun)
        })
        .map(str::len)
        .sum()
}

/// The subject on one line with these fixes made, and with the tags that stand
/// at its start, if `is_tag` holds for the first, at its end.
pub(super) fn corrected(message: &str, fixes: &[Fix], is_tag: impl Fn(&Tag) -> bool) -> String {
    let len = len(message);
    let mut inside: Vec<&Fix> = fixes.iter().filter(|fix| fix.span.end <= len).collect();
    inside.sort_by_key(|fix| fix.span.start);
    let mut text = String::new();
    let mut copied = 0;
    for fix in inside {
        // Several faults of one tag share a fix.
        if let Some(kept) = message.get(copied..fix.span.start) {
            // What is left out takes the blank before it along.
            text.push_str(if fix.text.is_empty() { kept.trim_end() } else { kept });
            text.push_str(&fix.text);
            copied = fix.span.end;
        }
    }
    text.push_str(&message[copied..len]);
    tags_last(&commit::subject(&text), is_tag)
}

fn tags_last(subject: &str, is_tag: impl Fn(&Tag) -> bool) -> String {
    let tags = tag::read(subject).tags;
    let mut end = 0;
    let leading = tags.iter().take_while(|tag| {
        let is_next = subject[end..tag.span.start].trim().is_empty();
        end = if is_next { tag.span.end } else { end };
        is_next
    });
    let leading: Vec<&Tag> = leading.collect();
    let rest = subject[end..].trim_start_matches([' ', ':', '-', '–', '—', ',']);
    match leading.first() {
        Some(first) if is_tag(first) && !rest.is_empty() => {
            let tags: Vec<&str> = leading.iter().map(|tag| &subject[tag.span.clone()]).collect();
            format!("{rest} {}", tags.join(" "))
        }
        _ => subject.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_tags_go_to_the_end() {
        for (subject, expected) in [
            ("[PRD-07 Task 1.2] feat: x", "feat: x [PRD-07 Task 1.2]"),
            ("[PRD-07 Task 1.2][PRD-08]: x", "x [PRD-07 Task 1.2] [PRD-08]"),
            ("[PRD-07] x [PRD-08]", "x [PRD-08] [PRD-07]"),
            ("x [PRD-08]", "x [PRD-08]"),
            ("[PRD-07 Task 1.2]", "[PRD-07 Task 1.2]"),
        ] {
            assert_eq!(tags_last(subject, |_| true), expected, "{subject}");
        }
        assert_eq!(tags_last("[fix Task 1] x", |_| false), "[fix Task 1] x");
    }

    #[test]
    fn the_subject_is_the_first_paragraph() {
        for (message, expected) in [("", ""), ("a\nb\n\nc", "a\nb\n"), ("\n\na\n\nb", "\n\na\n")] {
            assert_eq!(&message[..len(message)], expected);
        }
    }
}
