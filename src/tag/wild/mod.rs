//! Tasks named in other ways than by our own tag: by scope, in parentheses,
//! at either end of the subject, in a trailer.
//!
//! What is found is a [`Mention`], not a link yet: which [`Form`]s count is the
//! repository's choice ([`Forms`]), which feature is meant depends on more than
//! the message ([`resolve`]), and a commit that only keeps books says so
//! ([`Says::Books`]). A wrong link is worse than a missing one: what can be
//! prose, a version or a reference to other work is not read.

mod books;
mod ends;
mod forms;
mod group;
mod ids;
mod line;
mod resolve;
mod trailer;

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::{MAX_TAGS, Selector, quote, revert, scan};

use ids::Ids;
use line::Line;

pub use forms::{Form, Forms};
pub use resolve::{Context, Evidence, Resolution, resolve};

/// What a mention says about the state of its tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Says {
    /// That the commit works on them, and no more.
    #[default]
    Nothing,
    /// That they are finished: `Task 1.2 Complete: …`, `Completes: T013`.
    Complete,
    /// That they are not: `(task 17 partial)`, `wip: …`.
    Wip,
    /// That somebody kept books: `chore(WP02): mark checkboxes`. No evidence
    /// of work.
    Books,
}

/// Where the name of a feature was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Beside the task itself, or in a trailer: this feature and no other.
    Tag,
    /// The scope of the subject, which may be a feature or only an area.
    Scope,
}

/// A word that may name a feature, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hint {
    /// The word: `004-events`, `PRD-12`, `05-03`, `ui`.
    pub word: String,
    /// Where it stands.
    pub source: Source,
}

impl Hint {
    fn new(word: &str, source: Source) -> Self {
        Self { word: word.to_owned(), source }
    }
}

/// A place of a message that names tasks, or a feature alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its place in the message.
    pub span: Range<usize>,
    /// How it is written.
    pub form: Form,
    /// Whether it stands in the subject, git's first paragraph.
    pub in_subject: bool,
    /// The feature that the message itself suggests.
    pub feature: Option<Hint>,
    /// The tasks; none names the feature alone.
    pub tasks: Vec<Selector>,
    /// What it says about them.
    pub says: Says,
}

/// What counts in a repository: a dialect's or a configuration's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grammar<'a> {
    /// The forms that are read.
    pub forms: Forms,
    /// What stands before hyphen and number in this repository's own ids
    /// (`BACK` in `BACK-12`); `TASK` always does. No other prefix makes an id,
    /// since requirements and audits number their findings so as well.
    pub prefixes: &'a [&'a str],
}

/// Whether [`read`] may find anything at all in a message, whatever the
/// grammar; `false` is certain.
pub fn may_hold_mention(message: &[u8]) -> bool {
    message.iter().any(u8::is_ascii_digit) || message.windows(2).any(|pair| pair == b"):")
}

/// The same, told by reading it: for one message, of which a repository's
/// grammar is not known yet.
pub fn may_mention(message: &[u8]) -> bool {
    let every = Grammar { forms: Forms::ALL, prefixes: &[] };
    may_hold_mention(message)
        && (may_hold_own_id(message) || !read(&String::from_utf8_lossy(message), every).is_empty())
}

/// Whether a repository's own prefixes may change what is read in a message:
/// they stand before hyphen and digit.
fn may_hold_own_id(message: &[u8]) -> bool {
    let is_start =
        |part: &[u8]| matches!(part, [a, b'-', b] if a.is_ascii_alphabetic() && b.is_ascii_digit());
    message.windows(3).any(is_start)
}

/// Reads the mentions that a grammar allows, in the order of the message.
///
/// Tags in the native form are left to [`read`](super::read), and so is what
/// `Revert "…"` quotes; code says nothing. Takes time in proportion to the
/// message's length, whatever it holds.
pub fn read(message: &str, grammar: Grammar<'_>) -> Vec<Mention> {
    if grammar.forms.is_empty() {
        return Vec::new();
    }
    let code = quote::quoted(message);
    let subject = scan::subject_len(message);
    let reverts = revert::read(message, subject, |at| scan::holds(&code, at).is_some());
    let is_hidden =
        |at: usize| scan::holds(&code, at).or_else(|| scan::holds(&reverts.foreign, at)).is_some();

    let ids = Ids { prefixes: grammar.prefixes };
    let mut found = Vec::new();
    let title = Line::subject(&message[..subject], ids);
    title.read(&mut found);
    let (feature, says) = (title.hint(), title.says());
    let trailers = subject + trailer::start(&message[subject..]);
    let mut start = subject;
    for text in message[subject..].split_inclusive('\n') {
        match start >= trailers {
            true => trailer::read(text, start, ids, &mut found),
            false => Line::of_body(text, start, ids).read(&mut found),
        }
        if found.len() > MAX_TAGS {
            break;
        }
        start += text.len();
    }

    found.retain(|mention| grammar.forms.contains(mention.form) && !is_hidden(mention.span.start));
    found.truncate(MAX_TAGS);
    found.sort_by_key(|mention| mention.span.start);
    let named = trailer::feature(&found).or(feature);
    for mention in &mut found {
        mention.feature = mention.feature.take().or_else(|| named.clone());
        if says == Says::Books || mention.says == Says::Nothing {
            mention.says = says;
        }
    }
    drop_doubles(&mut found);
    found
}

/// Takes out what names a feature alone where a task of it is named as well.
fn drop_doubles(found: &mut Vec<Mention>) {
    let with_task = found.iter().filter(|mention| !mention.tasks.is_empty());
    let features: Vec<_> = with_task.map(|mention| mention.feature.clone()).collect();
    let is_double =
        |mention: &Mention| mention.form == Form::Scope && features.contains(&mention.feature);
    found.retain(|mention| !(mention.tasks.is_empty() && is_double(mention)));
}
