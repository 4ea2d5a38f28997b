//! The session log: what a sitting began with, and where the next one goes.

use std::ops::Range;

use super::Document;
use super::outline::Heading;

const NAMES: &[&str] = &["session log", "session history", "sessions"];

/// The session log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLog {
    /// Its sessions, in the order of the text.
    pub sessions: Vec<Session>,
    /// Whether the newest one comes first.
    pub counts_down: bool,
    /// What stands below its heading, a closing rule and blank lines left out.
    pub body: Range<usize>,
}

/// A sitting, as the log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// All its lines, blank ones at its end left out.
    pub span: Range<usize>,
    /// Its first line.
    pub header: Range<usize>,
    /// The digits of its number.
    pub number: Range<usize>,
    /// Whether it is the template's.
    pub is_example: bool,
}

impl Document {
    /// The session log, if there is one. A session begins with
    /// `**Session 3 (2026-01-15 18:00 - 18:45):**` or `### Session 3`.
    pub fn session_log(&self) -> Option<SessionLog> {
        let heading = self.section(NAMES)?;
        let body = heading.body.start..content_end(self.text(), heading.body.clone());
        let mut sessions: Vec<Session> = Vec::new();
        let mut start = body.start;
        for line in self.slice(&body).split_inclusive('\n') {
            if let Some(number) = number(line).filter(|_| !self.outline().is_opaque(start)) {
                if let Some(last) = sessions.last_mut() {
                    last.span.end =
                        last.span.start + self.text()[last.span.start..start].trim_end().len();
                }
                let header = line.trim_end();
                sessions.push(Session {
                    span: start..body.end,
                    header: start..start + header.len(),
                    number: start + number.start..start + number.end,
                    is_example: header.contains("YYYY"),
                });
            }
            start += line.len();
        }
        let number = |session: &Session| self.slice(&session.number).parse::<u32>().ok();
        let mut real = sessions.iter().filter(|session| !session.is_example);
        let (first, last) = (real.next().and_then(number), real.next_back().and_then(number));
        let counts_down = last.is_some() && first > last;
        Some(SessionLog { sessions, counts_down, body })
    }

    /// The section under the first heading of one of these names (lower case).
    pub(crate) fn section(&self, names: &[&str]) -> Option<&Heading> {
        self.headings().iter().find(|heading| heading.level > 1 && heading.is_called(names))
    }
}

/// Where the content of a section ends: a closing rule and what is blank
/// belong to what comes after.
pub(crate) fn content_end(text: &str, body: Range<usize>) -> usize {
    let kept = text[body.clone()].trim_end();
    let last = kept.rsplit('\n').next().unwrap_or_default().trim();
    let is_rule = last.len() >= 3 && ["-", "*", "_"].iter().any(|c| last.replace(c, "").is_empty());
    let kept = if is_rule { kept[..kept.len() - last.len()].trim_end() } else { kept };
    body.start + kept.len()
}

/// The number in a line that begins a session.
fn number(line: &str) -> Option<Range<usize>> {
    let bare = line.trim_start_matches(['#', '*', '_', ' ']);
    let rest = bare.strip_prefix("Session ")?;
    let start = line.len() - rest.len();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let marked = line.starts_with(['#', '*', '_']);
    (marked && digits > 0 && digits < 7).then_some(start..start + digits)
}

#[cfg(test)]
mod tests {
    use super::super::dialect::FEATURE_FILE;
    use super::*;

    fn read(body: &str) -> Document {
        let text = format!("# X (PRD 07)\n\n## Session Log\n\n{body}");
        Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE)
    }

    #[test]
    fn a_session_begins_with_a_dressed_line_and_its_number() {
        for (line, expected) in [
            ("**Session 3 (2026-01-15):**", Some("3")),
            ("### Session 12", Some("12")),
            ("_Session 999999_", Some("999999")),
            ("### Session 1234567", None),
            ("Session 3 went well.", None),
            ("**Session three**", None),
            ("**Sessions 3**", None),
            ("```\n**Session 3**\n```", None),
        ] {
            let document = read(&format!("{line}\n- x\n"));
            let log = document.session_log().expect("a log");
            let number = log.sessions.first().map(|session| document.slice(&session.number));
            assert_eq!(number, expected, "{line}");
        }
    }

    #[test]
    fn a_session_reaches_to_the_next_and_the_log_to_the_rule_that_closes_it() {
        for rule in ["", "---\n", "***\n", "___\n\n"] {
            let one = "### Session 1 (YYYY-MM-DD)\n- a\n\n- b";
            let two = "### Session 2\n\n- c\n- --";
            let document = read(&format!("{one}\n\n{two}\n\n{rule}\n## Notes\n"));
            let log = document.session_log().expect("a log");
            let spans = log.sessions.iter().map(|session| document.slice(&session.span));
            assert_eq!(spans.collect::<Vec<_>>(), [one, two]);
            let header = document.slice(&log.sessions[0].header);
            assert_eq!(header, "### Session 1 (YYYY-MM-DD)");
            assert!(log.sessions[0].is_example && !log.sessions[1].is_example);
            assert!(document.slice(&log.body).ends_with(two), "{rule}");
        }
    }

    #[test]
    fn a_log_counts_down_where_its_first_session_is_the_later() {
        for (numbers, expected) in [
            (&[2, 1][..], true),
            (&[3, 1, 2], true),
            (&[1, 2], false),
            (&[2, 2], false),
            (&[2], false),
            (&[], false),
        ] {
            let lines = numbers.iter().map(|number| format!("### Session {number}\n\n"));
            let example = "### Session 9 (YYYY)\n\n";
            let document = read(&format!("{example}{}", lines.collect::<String>()));
            let log = document.session_log().expect("a log");
            assert_eq!(log.counts_down, expected, "{numbers:?}");
        }
    }
}
