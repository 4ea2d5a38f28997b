//! One line that may be the subject of a commit, or an item of its body.

use std::ops::Range;

use super::super::native;
use super::ends::{front, tail};
use super::group::{self, Group};
use super::ids::{self, Ids, Shape};
use super::resolve::{is_prd, is_telling};
use super::{Form, Hint, Mention, Says, Source, books};

/// The longest group between brackets or parentheses.
const MAX_GROUP: usize = 200;

/// A line, its type and scope set apart.
pub(super) struct Line<'a> {
    text: &'a str,
    /// The place of its end in the message.
    end: usize,
    in_subject: bool,
    /// Whether it begins with a parenthesis, which may be all there is.
    is_group: bool,
    header: Option<Header<'a>>,
    ids: Ids<'a>,
}

/// `feat(WP04)!:`
struct Header<'a> {
    kind: &'a str,
    scope: &'a str,
    description: &'a str,
}

impl<'a> Line<'a> {
    pub(super) fn subject(text: &'a str, ids: Ids<'a>) -> Self {
        let text = text.trim_end();
        Self::new(text, text.len(), true, ids)
    }

    /// A line of the body, which starts at a place of the message.
    pub(super) fn of_body(text: &'a str, start: usize, ids: Ids<'a>) -> Self {
        let text = text.trim_end();
        Self::new(text, start + text.len(), false, ids)
    }

    fn new(text: &'a str, end: usize, in_subject: bool, ids: Ids<'a>) -> Self {
        let text = text.trim_start();
        let item = ["* ", "- ", "+ "].iter().find_map(|bullet| text.strip_prefix(bullet));
        let text = item.filter(|_| !in_subject).unwrap_or(text).trim_start();
        // `Related: task-085` in a body is no subject of a squashed commit.
        let is_title = |header: &Header<'_>| in_subject || books::is_type(header.kind);
        let header = Header::of(text).filter(is_title);
        Self { text, end, in_subject, is_group: text.starts_with('('), header, ids }
    }

    pub(super) fn read(&self, found: &mut Vec<Mention>) {
        let before = found.len();
        self.read_brackets(found);
        let is_title = self.in_subject || self.header.is_some();
        if is_title || self.is_group {
            let text = self.read_groups(found);
            if is_title {
                self.read_title(text, found);
            }
        }
        let says = self.says();
        for mention in &mut found[before..] {
            if says == Says::Books || mention.says == Says::Nothing {
                mention.says = says;
            }
            mention.feature = mention.feature.take().or_else(|| self.hint());
        }
        self.read_feature(says, found);
    }

    /// The feature that the scope may name; of several, none.
    pub(super) fn hint(&self) -> Option<Hint> {
        let parts = || self.scope_parts().filter(|part| is_word(part, self.ids));
        let mut telling = parts().filter(|part| is_telling(part));
        let word = match (telling.next(), telling.next()) {
            (Some(_), Some(_)) => None,
            (Some(word), None) => Some(word),
            (None, _) => parts().next(),
        };
        Some(Hint::new(word?, Source::Scope))
    }

    /// What the whole line says about the work that it names.
    pub(super) fn says(&self) -> Says {
        let kind = self.header.as_ref().map_or("", |header| header.kind);
        let front = front(self.description(), self.header.is_some(), self.ids);
        let text = front.map_or(self.description(), |front| front.rest);
        let text = text.trim_start_matches([':', '-', '–', '—', ' ']);
        if books::are_kept(kind, text, self.ids) {
            Says::Books
        } else if books::is_wip(kind, self.description()) {
            Says::Wip
        } else {
            Says::Nothing
        }
    }

    fn description(&self) -> &'a str {
        self.header.as_ref().map_or(self.text, |header| header.description)
    }

    /// The place in the message of a part that lies between two ends of the
    /// line.
    fn span(&self, from: &str, rest: &str) -> Range<usize> {
        self.end - from.len()..self.end - rest.len()
    }

    fn add(&self, found: &mut Vec<Mention>, form: Form, span: Range<usize>, group: Group<'_>) {
        found.push(Mention {
            span,
            form,
            in_subject: self.in_subject,
            feature: group.hint(),
            tasks: group.list.tasks,
            says: group.says,
        });
    }

    /// Reads `[…]` wherever it stands, save where the native reader does.
    fn read_brackets(&self, found: &mut Vec<Mention>) {
        let mut text = self.text;
        while let Some(open) = text.find('[') {
            let is_escaped = text[..open].ends_with('\\');
            let from = &text[open..];
            text = &from[1..];
            let len = text.bytes().take(MAX_GROUP).position(|b| matches!(b, b'[' | b']'));
            let Some(len) = len.filter(|&len| text.as_bytes()[len] == b']') else { continue };
            let (content, rest) = (&text[..len], &text[len + 1..]);
            let is_title = self.in_subject || self.header.is_some();
            let is_apart = is_title || self.is_at_an_end(from, rest);
            if is_escaped || !is_apart || rest.starts_with('(') || native::parse(content).is_some()
            {
                continue;
            }
            if let Some(group) = group::parse(content, false, self.ids) {
                self.add(found, Form::Bracket, self.span(from, rest), group);
            }
        }
    }

    /// Whether a part stands at either end of the line; what a sentence holds
    /// is told by the way: `first WP01, then [WP02, WP03], then …`.
    fn is_at_an_end(&self, from: &str, rest: &str) -> bool {
        let before = &self.text[..self.text.len() - from.len()];
        let is_mark = |c: char| c.is_whitespace() || matches!(c, '.' | ';' | '!' | ']');
        before.trim().is_empty() || rest.trim_matches(is_mark).is_empty()
    }

    /// Reads the groups at the end, last first; answers what stands before
    /// them.
    fn read_groups(&self, found: &mut Vec<Mention>) -> &'a str {
        let mut text = self.text;
        loop {
            text =
                text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ';' | '!'));
            let open = match text.chars().next_back() {
                Some(')') => text.rfind('('),
                Some(']') => text.rfind('['),
                _ => None,
            };
            let Some(open) = open.filter(|open| text.len() - open <= MAX_GROUP) else {
                return text;
            };
            let content = &text[open + 1..text.len() - 1];
            if text.ends_with(')')
                && let Some(group) = group::parse(content, false, self.ids)
            {
                let start = self.end - self.text.len() + open;
                self.add(found, Form::Parenthesis, start..start + content.len() + 2, group);
            }
            text = &text[..open];
        }
    }

    /// Reads scope, front and tail; `text` ends where the last groups begin.
    fn read_title(&self, text: &'a str, found: &mut Vec<Mention>) {
        for part in self.scope_parts() {
            if let Some(group) = scope_tasks(part, self.ids) {
                let scope = self.header.as_ref().map_or("", |header| header.scope);
                let at = self.span(self.text, "").start + self.text.find(scope).unwrap_or(0);
                self.add(found, Form::Scope, at..at + scope.len(), group);
            }
        }
        let description = self.description();
        let mut rest = description;
        if let Some(front) = front(description, self.header.is_some(), self.ids) {
            rest = front.rest;
            self.add(found, front.form, self.span(front.from, rest), front.group);
        }
        // What the front did not take, up to the groups.
        let cut = self.text.len() - text.len();
        let rest = &rest[..rest.len().saturating_sub(cut)];
        if let Some((at, group)) = tail(rest, self.ids) {
            let start = self.end - cut - (rest.len() - at);
            self.add(found, Form::Tail, start..self.end - cut, group);
        }
    }

    /// Reads the scope once more, for the feature alone.
    fn read_feature(&self, says: Says, found: &mut Vec<Mention>) {
        let Some(hint) = self.hint().filter(Hint::is_telling) else { return };
        let at = self.end - self.text.len() + self.text.find(&hint.word).unwrap_or(0);
        found.push(Mention {
            span: at..at + hint.word.len(),
            form: Form::Scope,
            in_subject: self.in_subject,
            feature: Some(hint),
            tasks: Vec::new(),
            says,
        });
    }

    fn scope_parts(&self) -> impl Iterator<Item = &'a str> {
        let scope = self.header.as_ref().map_or("", |header| header.scope);
        scope.split(['/', ',']).map(str::trim).filter(|part| !part.is_empty())
    }
}

impl<'a> Header<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let is_kind = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '_' | '-');
        let (kind, rest) = text.split_at(text.find(|c| !is_kind(c))?);
        let (scope, rest) = match rest.strip_prefix('(') {
            Some(inner) => inner.split_once(')').filter(|(scope, _)| scope.len() <= MAX_GROUP)?,
            None => ("", rest),
        };
        let rest = rest.strip_prefix('!').unwrap_or(rest).strip_prefix(':')?;
        if !rest.starts_with([' ', '\t']) || !(1..=20).contains(&kind.len()) {
            return None;
        }
        let description = rest.trim_start();
        if kind.bytes().all(|b| b.is_ascii_digit()) && scope.is_empty() {
            // `013: …` says whose work it is, as a scope does.
            return Some(Self { kind: "", scope: kind, description });
        }
        let is_word = !kind.bytes().any(|b| b.is_ascii_digit());
        is_word.then_some(Self { kind, scope, description })
    }
}

/// What a part of a scope says of tasks: `WP04`, `T031-T034a`, `015 T036`;
/// a remark may follow an id, as in `WP08 cycle2`.
fn scope_tasks<'a>(part: &'a str, ids: Ids<'_>) -> Option<Group<'a>> {
    group::parse(part, false, ids).or_else(|| {
        let list = ids.list(part).filter(|list| list.shape == Shape::Code)?;
        let is_free = list.rest.starts_with(' ');
        is_free.then_some(Group { feature: None, list, says: Says::Nothing })
    })
}

/// Whether a part of a scope is a word that could name a feature.
fn is_word(part: &str, ids: Ids<'_>) -> bool {
    scope_tasks(part, ids).is_none() && !part.starts_with('#') && !ids::is_foreign(part)
        || is_prd(part)
}
