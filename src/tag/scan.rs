//! The search for brackets through a whole message.

use std::ops::Range;

use super::near::{self, End};
use super::{MAX_TAGS, Miss, MissKind, Reading, Tag, native, quote, revert};

/// The most characters of a near miss that are repeated to the user.
const MAX_MISS_TEXT: usize = 100;

/// Whether [`read`] may find anything at all in a message; `false` is certain.
pub fn may_hold_tag(message: &[u8]) -> bool {
    let mut rest = message;
    while let Some(at) = rest.iter().position(|&byte| byte == b'[') {
        rest = &rest[at + 1..];
        let inner = rest.trim_ascii_start();
        let is_prd = inner.get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"prd"));
        // White space outside ASCII may stand before `PRD` as well.
        let is_other = inner.first().is_some_and(|byte| !byte.is_ascii());
        let len = inner.iter().position(|byte| matches!(byte, b'[' | b']')).unwrap_or(inner.len());
        let has_task = || inner[..len].windows(4).any(|word| word.eq_ignore_ascii_case(b"task"));
        if is_prd || is_other || has_task() {
            return true;
        }
        rest = &inner[len..];
    }
    revert::may_revert(message)
}

/// Whether a subject asks to be folded into another commit, whose links are
/// the ones that count.
pub fn is_autosquash(subject: &str) -> bool {
    ["fixup! ", "squash! ", "amend! "].iter().any(|prefix| subject.starts_with(prefix))
}

/// Reads a message that is already clean (see [`clean`](super::message::clean); one that
/// comes out of a commit is).
///
/// Takes time in proportion to the message's length, whatever it holds.
pub fn read(message: &str) -> Reading {
    let mut reading = Reading::default();
    if !may_hold_tag(message.as_bytes()) {
        return reading;
    }
    let code = quote::quoted(message);
    let subject = subject_len(message);
    let reverts = revert::read(message, subject, |at| holds(&code, at).is_some());
    reading.reverts = reverts.names;
    let mut at = 0;
    while let Some(skip) = message[at..].find('[') {
        let start = at + skip;
        if let Some(end) = holds(&code, start).or_else(|| holds(&reverts.foreign, start)) {
            at = end;
            continue;
        }
        let (len, end) = inside(&message[start + 1..]);
        at = start + 1 + len + usize::from(end == End::Closed);
        let is_escaped = message[..start].ends_with('\\');
        if !is_escaped && !reading.add(message, start..at, end, subject) {
            break;
        }
    }
    let first = message.len() - message.trim_start().len();
    reading.leading = reading.tags.first().is_some_and(|tag| tag.span.start == first);
    reading
}

impl Reading {
    /// Judges one bracket; answers whether to go on.
    fn add(&mut self, message: &str, span: Range<usize>, end: End, subject: usize) -> bool {
        let is_closed = end == End::Closed;
        let content = &message[span.start + 1..span.end - usize::from(is_closed)];
        let is_link = is_closed && message[span.end..].starts_with('(');
        if let Some(body) = native::parse(content).filter(|_| is_closed) {
            if self.tags.len() == MAX_TAGS || body.tasks.len() > MAX_TAGS {
                self.miss(message, span, (MissKind::TooMany, None));
                return self.tags.len() < MAX_TAGS;
            }
            // `[PRD-07](prd/tasks/…)` leads a reader to the document. With a
            // task it is a tag that someone made clickable.
            if !(is_link && body.tasks.is_empty()) {
                let in_subject = span.start < subject;
                let text = one_line(&message[span.clone()]);
                let native::Body { feature, tasks, word } = body;
                self.tags.push(Tag { span, in_subject, feature, tasks, word, text });
            }
        } else if !is_link {
            // A tag may be folded; what is none ends with its line.
            let len = content.find('\n').unwrap_or(content.len());
            let (line, end) =
                if len < content.len() { (&content[..len], End::Line) } else { (content, end) };
            let span = if len < content.len() { span.start..span.start + 1 + len } else { span };
            if let Some(diagnosis) = near::diagnose(line, end) {
                self.miss(message, span, diagnosis);
            }
        }
        self.misses.len() < MAX_TAGS
    }

    fn miss(&mut self, message: &str, span: Range<usize>, (kind, suggestion): near::Diagnosis) {
        let text = one_line(&message[span.clone()]);
        let text = match text.char_indices().nth(MAX_MISS_TEXT) {
            Some((at, _)) => format!("{}…", &text[..at]),
            None => text,
        };
        self.misses.push(Miss { span, kind, text, suggestion });
    }
}

/// How far the text after an opening bracket goes, and how it ends. A tag may
/// be folded over lines, as git folds a subject, but not over a blank one.
fn inside(text: &str) -> (usize, End) {
    let mut at = 0;
    while let Some(skip) = text[at..].find(['[', ']', '\n']) {
        at += skip;
        match text.as_bytes()[at] {
            b']' => return (at, End::Closed),
            b'[' => return (at, End::Opened),
            _ => {
                let next = text[at + 1..].split('\n').next().unwrap_or("");
                if next.trim().is_empty() {
                    return (at, End::Line);
                }
                at += 1;
            }
        }
    }
    (text.len(), End::Line)
}

/// The end of the range that holds a place, if one does; ranges are sorted.
pub(super) fn holds(ranges: &[Range<usize>], at: usize) -> Option<usize> {
    let range = ranges.get(ranges.partition_point(|range| range.end <= at))?;
    (range.start <= at).then_some(range.end)
}

/// The length of the message up to the end of its first paragraph.
pub(super) fn subject_len(message: &str) -> usize {
    let mut len = 0;
    let mut is_begun = false;
    for line in message.split_inclusive('\n') {
        let is_blank = line.trim().is_empty();
        if is_blank && is_begun {
            break;
        }
        is_begun |= !is_blank;
        len += line.len();
    }
    len
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
