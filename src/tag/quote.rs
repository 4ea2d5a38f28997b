//! Which parts of a message are code, and so only talk *about* tags.
//!
//! Follows CommonMark (§4.5 fenced code blocks, §6.1 code spans) as far as a
//! commit message needs it. Two things differ on purpose: indentation quotes
//! nothing, because `git merge --squash` indents whole messages; and a fence
//! may be indented by any amount, for the same reason.

use std::collections::HashMap;
use std::ops::Range;

/// Answers the byte ranges that stand in code, sorted and disjoint.
pub(super) fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains(['`', '~']) {
        return found;
    }
    let mut fence: Option<(Fence, usize)> = None;
    let mut paragraph = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if let Some((open, from)) = &fence {
            if open.is_left_by(line) {
                // The block quote around the fence ended, and the fence with
                // it; the line itself is ordinary text.
                found.push(*from..start);
                (fence, paragraph) = (None, start);
            } else {
                if open.is_closed_by(line) {
                    found.push(*from..end);
                    (fence, paragraph) = (None, end);
                }
                start = end;
                continue;
            }
        }
        if let Some(open) = Fence::opened_by(line) {
            spans(text, paragraph..start, &mut found);
            fence = Some((open, start));
        } else if line.trim().is_empty() {
            spans(text, paragraph..start, &mut found);
            paragraph = end;
        } else if begins_block(line) {
            spans(text, paragraph..start, &mut found);
            paragraph = start;
        }
        start = end;
    }
    match fence {
        Some((_, from)) => found.push(from..text.len()),
        None => spans(text, paragraph..text.len(), &mut found),
    }
    found
}

/// The opening line of a fenced code block.
struct Fence {
    mark: char,
    len: usize,
    in_block_quote: bool,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let (quote, inner) = without_quote_marks(line);
        let inner = without_list_marker(inner);
        let mark = inner.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = inner.trim_start_matches(mark);
        let len = inner.len() - info.len();
        let is_fence = len >= 3 && !(mark == '`' && info.contains('`'));
        is_fence.then_some(Self { mark, len, in_block_quote: quote })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let (_, inner) = without_quote_marks(line);
        let rest = inner.trim_start_matches(self.mark);
        inner.len() - rest.len() >= self.len && rest.trim().is_empty()
    }

    fn is_left_by(&self, line: &str) -> bool {
        self.in_block_quote && !without_quote_marks(line).0
    }
}

/// Strips `>` marks and white space; says whether there was a mark.
fn without_quote_marks(line: &str) -> (bool, &str) {
    let inner = line.trim_start_matches(['>', ' ', '\t']);
    (line[..line.len() - inner.len()].contains('>'), inner)
}

fn without_list_marker(line: &str) -> &str {
    list_marker(line).map_or(line, |len| line[len..].trim_start_matches([' ', '\t']))
}

/// The length of the marker of a list item: `-`, `*`, `+` or a number.
fn list_marker(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mark = line.as_bytes().get(digits)?;
    let is_marker = match digits {
        0 => matches!(mark, b'-' | b'*' | b'+'),
        1..=9 => matches!(mark, b'.' | b')'),
        _ => false,
    };
    let is_spaced = matches!(line.as_bytes().get(digits + 1), Some(b' ' | b'\t'));
    (is_marker && is_spaced).then_some(digits + 1)
}

/// Whether a line starts a block of its own, so that no code span reaches
/// into it from the line above: a list item or an ATX heading. Of numbered
/// items only the first can (CommonMark §5.3), or wrapped prose would be cut.
fn begins_block(line: &str) -> bool {
    let inner = line.trim_start_matches([' ', '\t']);
    let is_item = list_marker(inner).is_some_and(|len| {
        !inner.starts_with(|c: char| c.is_ascii_digit()) || &inner[..len - 1] == "1"
    });
    let after_marks = inner.trim_start_matches('#');
    let level = inner.len() - after_marks.len();
    is_item || (1..=6).contains(&level) && after_marks.starts_with([' ', '\t'])
}

/// Adds the code spans of one paragraph: a run of backticks pairs with the
/// next run of the same length, unless a backslash escapes it.
fn spans(text: &str, within: Range<usize>, found: &mut Vec<Range<usize>>) {
    let bytes = &text.as_bytes()[..within.end];
    // The runs by length, so that a paragraph full of runs which find no
    // partner costs no more than one that has none.
    let mut runs: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut at = within.start;
    while let Some(skip) = text[at..within.end].find('`') {
        let len = run_len(bytes, at + skip);
        runs.entry(len).or_default().push(at + skip);
        at += skip + len;
    }
    if runs.is_empty() {
        return;
    }
    at = within.start;
    while at < bytes.len() {
        let next = bytes.get(at + 1);
        if bytes[at] == b'\\' && next.is_some_and(u8::is_ascii_punctuation) {
            at += 2;
        } else if bytes[at] == b'`' {
            let len = run_len(bytes, at);
            let partners = runs.get(&len).map_or(&[][..], Vec::as_slice);
            let partner = partners.get(partners.partition_point(|&start| start < at + len));
            if let Some(close) = partner {
                found.push(at..close + len);
                at = close + len;
            } else {
                at += len;
            }
        } else {
            at += 1;
        }
    }
}

fn run_len(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take_while(|&&byte| byte == b'`').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Vec<&str> {
        quoted(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn backticks_pair_by_length() {
        for (text, expected) in [
            ("a `b` c", vec!["`b`"]),
            ("``a ` b`` c `d`", vec!["``a ` b``", "`d`"]),
            ("`` a ` b", vec![]),
            ("a ` b\n\nc ` d", vec![]),
            ("a ` b\nc ` d", vec!["` b\nc `"]),
            (r"\`a` b `c", vec!["` b `"]),
            (r"\\`a`", vec!["`a`"]),
            (r"`a\` b", vec![r"`a\`"]),
            ("- a ` b\n- c ` d", vec![]),
            ("# a ` b\nc ` d", vec!["` b\nc `"]),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn fences_hold_what_is_between_them() {
        for (text, expected) in [
            ("a\n```\nb\n```\nc", vec!["```\nb\n```\n"]),
            ("~~~ sh\nb\n```\n~~~~\nc", vec!["~~~ sh\nb\n```\n~~~~\n"]),
            ("a\n```\nb\n\nc", vec!["```\nb\n\nc"]),
            ("    ```\n    b\n    ```\nc", vec!["    ```\n    b\n    ```\n"]),
            ("```a``` b", vec!["```a```"]),
            ("- ```\n  a\n  ```\nb", vec!["- ```\n  a\n  ```\n"]),
            ("> ```\n> a\nb", vec!["> ```\n> a\n"]),
            ("~~struck~~ a", vec![]),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn runs_without_a_partner_cost_no_more_than_their_length() {
        let text: String = (1..2400).map(|len| "`".repeat(len) + "a").collect();
        assert!(quoted(&text).is_empty());
    }
}
