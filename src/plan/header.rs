//! Stamps and states in a document's header.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Said;
use super::states::Outcome;
use crate::commit::Time;
use crate::doc::Document;
use crate::doc::field::Field;
use crate::patch::Patch;

/// The names of the stamp.
pub(crate) const LAST_UPDATED: &[&str] =
    &["last updated", "updated", "last update", "updated date"];
/// The states that templates offer.
const STATES: &[&str] = &["not started", "in progress", "blocked", "completed", "complete", "done"];
/// The names of the day on which work began.
pub(crate) const STARTED: &[&str] = &["started", "start date"];

/// Brings *Last Updated*, *Started* and *Status* up to the new links.
pub(super) fn refresh(
    document: &Document,
    history: &[&Said],
    outcome: &Outcome,
    patch: &mut Patch,
) {
    if document.entries().is_some() {
        refresh_stamp(document, history, patch);
    }
    refresh_start(document, history, patch);
    refresh_status(document, outcome, patch);
}

/// Whether *Started* may take the date of the oldest link of all: it waits for
/// a date, or holds the date of a new link.
pub(super) fn asks_for_oldest(document: &Document, new: &[Said]) -> bool {
    document.field(STARTED).is_some_and(|field| match Stamp::of(document, field) {
        Stamp::Placeholder { .. } => true,
        _ => new.iter().any(|said| date(said.commit.commit_time) == document.slice(&field.value)),
    })
}

/// The later of what the stamp says and the new commits' times on the wall:
/// all commits' where the document does not tell which are new.
pub(super) fn refresh_stamp(document: &Document, history: &[&Said], patch: &mut Patch) {
    let Some(field) = document.field(LAST_UPDATED) else { return };
    let lists_none = document.entries().is_none();
    let new = history.iter().filter(|said| said.new || lists_none);
    let new = new.map(|said| said.commit.commit_time);
    let Some(latest) = new.max_by_key(|time| time.wall_seconds()) else { return };
    match Stamp::of(document, field) {
        Stamp::Placeholder { time } => write(field, patch, field.value.len(), &form(latest, time)),
        Stamp::Date => write_if_later(document, field, date(latest), patch),
        Stamp::Minute(separator) => {
            let stamp = form(latest, true).replacen(' ', &separator.to_string(), 1);
            write_if_later(document, field, stamp, patch);
        }
        Stamp::Other => {}
    }
}

fn write_if_later(document: &Document, field: &Field, stamp: String, patch: &mut Patch) {
    let value = document.slice(&field.value);
    if value.get(..stamp.len()).is_some_and(|now| now < stamp.as_str()) {
        write(field, patch, stamp.len(), &stamp);
    }
}

/// The date of the oldest link, where a placeholder or the date of another
/// link stands.
fn refresh_start(document: &Document, history: &[&Said], patch: &mut Patch) {
    let (Some(field), Some(oldest)) = (document.field(STARTED), history.first()) else { return };
    let started = date(oldest.commit.commit_time);
    let value = document.slice(&field.value);
    let is_ours = || history.iter().any(|said| date(said.commit.commit_time) == value);
    match Stamp::of(document, field) {
        Stamp::Placeholder { .. } => write(field, patch, field.value.len(), &started),
        Stamp::Date if started != value && is_ours() => {
            write(field, patch, field.value.len(), &started);
        }
        _ => {}
    }
}

/// `Not Started` ends with the first link; `In Progress` and `Completed`
/// follow the boxes as a link acts; anything else is a person's.
pub(super) fn refresh_status(document: &Document, outcome: &Outcome, patch: &mut Patch) {
    let Some(field) = document.field(&["status"]) else { return };
    let value = document.slice(&field.value);
    let [open, begun, done] = document.dialect().states;
    let waiting = value.eq_ignore_ascii_case(open) || is_unchosen(value);
    let ours = [begun, done].iter().any(|known| value.eq_ignore_ascii_case(known));
    let follows = waiting || (ours && outcome.acted);
    if !follows {
        return;
    }
    let complete = outcome.acted && is_complete(document, outcome);
    let status = in_the_case_of(value, if complete { done } else { begun });
    if value != status {
        write(field, patch, field.value.len(), &status);
    }
}

/// A status in small letters, in capitals, or as it is, like the one before.
fn in_the_case_of(value: &str, status: &str) -> String {
    let letters = || value.chars().filter(|c| c.is_alphabetic());
    match value {
        _ if is_unchosen(value) => status.to_owned(),
        _ if letters().all(char::is_lowercase) => status.to_lowercase(),
        _ if letters().all(char::is_uppercase) => status.to_uppercase(),
        _ => status.to_owned(),
    }
}

fn is_complete(document: &Document, outcome: &Outcome) -> bool {
    let counted = |at: &usize| {
        let task = &document.tasks()[*at];
        task.checklist.is_none() || task.checklist == Some("before marking complete")
    };
    let mut all = (0..outcome.wanted.len()).filter(counted).peekable();
    all.peek().is_some() && all.all(|at| outcome.wanted[at].state.is_done())
}

fn is_placeholder(value: &str) -> bool {
    value.starts_with('[') && value.ends_with(']')
}

/// Whether a status is still the template's: `[…]`, or the words to choose
/// from, `Not Started | In Progress | …`.
fn is_unchosen(value: &str) -> bool {
    let mut words = value.split(['|', '/']).map(str::trim);
    let is_choice = words.clone().count() > 1
        && words.all(|word| STATES.iter().any(|state| word.eq_ignore_ascii_case(state)));
    is_placeholder(value) || is_choice
}

/// The forms of a date that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stamp {
    /// `YYYY-MM-DD HH:MM` or `[Date]`, to be filled in.
    Placeholder {
        /// Whether a time of day is asked for.
        time: bool,
    },
    /// `2026-01-15`
    Date,
    /// `2026-01-15 18:45`, or with `T` between.
    Minute(char),
    /// Anything else: left alone.
    Other,
}

impl Stamp {
    fn of(document: &Document, field: &Field) -> Self {
        let value = document.slice(&field.value);
        if value.is_empty() || value.starts_with("YYYY") || is_placeholder(value) {
            return Self::Placeholder { time: value.contains("HH") || value.contains("Time") };
        }
        let shape: String =
            value.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let rest_is_prose =
            |rest: &str| rest.is_empty() || rest.starts_with(" (") || rest.starts_with(" -");
        let minute = ["0000-00-00 00:00", "0000-00-00T00:00"]
            .iter()
            .find_map(|form| shape.strip_prefix(form));
        match (minute, shape.strip_prefix("0000-00-00")) {
            (Some(rest), _) if rest_is_prose(rest) => {
                Self::Minute(if shape.as_bytes()[10] == b'T' { 'T' } else { ' ' })
            }
            (None, Some(rest)) if rest_is_prose(rest) => Self::Date,
            _ => Self::Other,
        }
    }
}

/// Replaces the first `len` bytes of a value.
pub(crate) fn write(field: &Field, patch: &mut Patch, len: usize, value: &str) {
    let start = field.value.start;
    // An empty value stands right behind its colon.
    let gap = if field.value.is_empty() { " " } else { "" };
    patch.replace(start..start + len, format!("{gap}{value}"));
}

/// `2026-01-15`, as the committer's own calendar had it.
pub(super) fn date(time: Time) -> String {
    wall(time).strftime("%Y-%m-%d").to_string()
}

pub(crate) fn form(time: Time, with_time: bool) -> String {
    if with_time { wall(time).strftime("%Y-%m-%d %H:%M").to_string() } else { date(time) }
}

/// The date and time that the committer's own clock showed.
fn wall(time: Time) -> DateTime {
    let clamped = time.wall_seconds().clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let moment = Timestamp::from_second(clamped).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(TimeZone::UTC).datetime()
}
