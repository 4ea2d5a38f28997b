//! The end of a stretch of work: its entry in the session log, and what
//! follows from it in the document.
//!
//! A session is timed by the commits alone. It holds those that were authored
//! after the end of the one before, so that an amend or a rebase, which keep
//! the author's time, add no second entry for the same work.

use std::ops::Range;

use jiff::civil::Date;

use super::counts::{Count, count};
use super::header::{self, form};
use super::steps::{self, Steps};
use super::targets::targets;
use super::telling::{Telling, newest};
use super::{Known, Said};
use crate::commit::Commit;
use crate::config::Tick;
use crate::doc::edit::Wanted;
use crate::doc::recovery::{NONE, is_placeholder};
use crate::doc::{Document, Session, SessionLog, State};
use crate::patch::Patch;
use crate::tag::Tag;

/// The parts of an entry, each with the names it goes by; the first is the
/// template's.
const PARTS: [&[&str]; 4] = [
    &["Completed", "Tasks completed", "Done"],
    &["Issues encountered", "Issues", "Problems"],
    &["Decisions made", "Decisions"],
    &["Next", "Next steps"],
];

/// What a person says of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// What went wrong.
    pub issues: Option<String>,
    /// What was decided.
    pub decisions: Option<String>,
    /// What comes next; the next open task where nothing is said.
    pub next: Option<String>,
}

/// What a checkpoint changes, and what it has to tell.
#[derive(Clone, Debug, Default)]
pub struct Checkpoint {
    /// The change.
    pub patch: Patch,
    /// The session that gets an entry.
    pub session: Option<Sitting>,
    /// How far each phase was at the end of the session before, and is now.
    pub phases: Vec<Step>,
    /// The tasks of it that no commit finished: a person ticked them.
    pub by_hand: Vec<usize>,
    /// Why prose, or a session, has no place.
    pub left_out: Option<&'static str>,
}

/// Where the document has no section for sessions.
pub const NO_LOG: &str = "the document has no session log";

/// A session that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// Its number.
    pub number: usize,
    /// The wall-clock time of its first commit, `2026-01-15 18:00`.
    pub start: String,
    /// That of its last one.
    pub end: String,
    /// The tasks that its commits finished.
    pub completed: Vec<String>,
}

/// A phase, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its heading.
    pub title: String,
    /// How far it was.
    pub before: Count,
    /// How far it is.
    pub after: Count,
}

/// The commits of a stretch of work.
pub struct Stretch<'a> {
    history: Vec<&'a Said>,
    /// Those that no session has yet.
    fresh: Vec<&'a Said>,
    /// Whether the last session's own commits are known.
    follows: bool,
}

impl<'a> Stretch<'a> {
    /// The commits of a feature that were authored after its last session.
    pub fn of(document: &Document, history: &'a [Said]) -> Self {
        let mut history: Vec<&Said> = history.iter().collect();
        history.sort_by_key(|said| said.commit.key());
        let log = document.session_log();
        let since = Since::of(document, log.as_ref().and_then(last_session), &history);
        let fresh = history.iter().copied().filter(|said| since.holds(said)).collect();
        Self { history, fresh, follows: since.boundary.is_some() }
    }

    /// The newest commit of before, and the first one.
    pub fn edges(&self) -> (Option<&'a Commit>, Option<&'a Commit>) {
        let is_fresh =
            |said: &&Said| self.fresh.iter().any(|own| own.commit.oid == said.commit.oid);
        let before = self.history.iter().rev().find(|said| !is_fresh(said));
        (before.map(|said| &said.commit), self.fresh.first().map(|said| &said.commit))
    }
}

/// Works out what ends a stretch of work in a document that all its commits
/// are recorded in; `before` is the document as it was when that began.
pub fn checkpoint(
    document: &Document,
    before: Option<&Document>,
    stretch: &Stretch<'_>,
    prose: &Prose,
    tick: Tick,
) -> Checkpoint {
    let log = document.session_log();
    let last = log.as_ref().and_then(last_session);
    let mut finished = finished(document, stretch, tick);
    let by_hand = by_hand(document, before, log.as_ref(), &finished);
    finished.extend(&by_hand);
    finished.sort_unstable();
    let phases = phases(document, &finished);
    let mut checkpoint = Checkpoint { phases, by_hand, ..Default::default() };
    let as_is: Vec<Wanted> = document.tasks().iter().map(Wanted::as_is).collect();
    if !stretch.history.is_empty() {
        steps::fill(document, &as_is, &mut checkpoint.patch);
    }
    let is_any = prose.is_any() || !finished.is_empty();
    let entry = Entry { document, prose, finished, next: next(document, &as_is) };
    match (&log, stretch.fresh.is_empty()) {
        (Some(log), false) => entry.add(log, &stretch.fresh, &mut checkpoint),
        (Some(_), true) if is_any => match last.filter(|_| stretch.follows) {
            Some(last) => entry.complete(last, &mut checkpoint),
            None => checkpoint.left_out = Some("there is no new commit to time a session by"),
        },
        (None, is_old) if is_any || !is_old => checkpoint.left_out = Some(NO_LOG),
        _ => {}
    }
    checkpoint
}

impl Prose {
    /// Whether anything is said.
    pub fn is_any(&self) -> bool {
        self.issues.is_some() || self.decisions.is_some() || self.next.is_some()
    }
}

/// The newest session that is none of the template's: the last one, or the
/// first where the log counts down.
fn last_session(log: &SessionLog) -> Option<&Session> {
    let mut real = log.sessions.iter().filter(|session| !session.is_example);
    if log.counts_down { real.next() } else { real.next_back() }
}

/// The end of the last session.
struct Since {
    /// When it was, as the log says it.
    end: Option<String>,
    /// The moment at which its last commit was authored, if one was then.
    boundary: Option<i64>,
}

impl Since {
    fn of(document: &Document, last: Option<&Session>, history: &[&Said]) -> Self {
        let times = last.and_then(|last| times(document.slice(&last.header)));
        let end = times.map(|(_, end)| end);
        let is_then = |said: &&&Said| Some(form(said.commit.author_time, true)) == end;
        let then = history.iter().filter(is_then);
        let boundary = then.map(|said| said.commit.author_time.seconds).max();
        Self { end, boundary }
    }

    /// Whether a commit was authored after it.
    fn holds(&self, said: &Said) -> bool {
        let time = said.commit.author_time;
        match (self.boundary, &self.end) {
            (Some(boundary), _) => time.seconds > boundary,
            (None, Some(end)) => form(time, true) > *end,
            (None, None) => true,
        }
    }
}

/// The tasks that are done and whose newest link, a fresh commit's, says so.
fn finished(document: &Document, stretch: &Stretch<'_>, tick: Tick) -> Vec<usize> {
    let history = &stretch.history;
    let tellings = Telling::now(Known { history, dropped: &[] });
    let read = |tags: &[Tag]| targets(document, tags, tick, |_| {});
    let newest = newest(&tellings, document.tasks().len(), read);
    let is_fresh =
        |at: usize| stretch.fresh.iter().any(|said| said.commit.oid == history[at].commit.oid);
    let is_finished = |&task: &usize| {
        let link = newest[task].filter(|(at, ask)| ask.finishes() && is_fresh(*at));
        link.is_some() && document.tasks()[task].state.is_done()
    };
    (0..document.tasks().len()).filter(is_finished).collect()
}

/// The other tasks that are done now and were not before, and that no session
/// has named yet.
fn by_hand(
    document: &Document,
    before: Option<&Document>,
    log: Option<&SessionLog>,
    finished: &[usize],
) -> Vec<usize> {
    let Some(before) = before else { return Vec::new() };
    let steps = Steps(document);
    let was_done = |task: usize| {
        let then = Steps(before).called(&steps.label(task));
        then.is_none_or(|then| before.tasks()[then].state.is_done())
    };
    let named: Vec<&str> = log.map_or(Vec::new(), |log| completed(document, log));
    let is_new = |&task: &usize| {
        document.tasks()[task].state.is_done()
            && !finished.contains(&task)
            && steps.may_name(task)
            && !was_done(task)
            && !named.contains(&steps::name(document, task).as_str())
    };
    (0..document.tasks().len()).filter(is_new).collect()
}

/// What the sessions of a log name as completed.
fn completed<'d>(document: &'d Document, log: &SessionLog) -> Vec<&'d str> {
    let lines = log.sessions.iter().flat_map(|session| document.slice(&session.span).lines());
    let values =
        lines.filter_map(|line| lead(line, PARTS[0]).map(|lead| line[lead.len()..].trim()));
    values.flat_map(|value| value.split("; ")).collect()
}

/// Each phase as it was before these tasks were done, and as it is.
fn phases(document: &Document, finished: &[usize]) -> Vec<Step> {
    let after: Vec<Wanted> = document.tasks().iter().map(Wanted::as_is).collect();
    let mut before = after.clone();
    for &task in finished {
        for open in std::iter::once(task).chain(document.ancestors(task)) {
            before[open].state = State::Open;
        }
    }
    let step = |heading: usize| Step {
        title: document.headings()[heading].text.clone(),
        before: count(document, Some(heading), &before),
        after: count(document, Some(heading), &after),
    };
    document.phases().into_iter().map(step).collect()
}

/// The next open task, as a line names it.
fn next(document: &Document, states: &[Wanted]) -> String {
    let first = Steps(document).next(states).first().copied();
    first.map_or(NONE.to_owned(), |task| steps::name(document, task))
}

/// What an entry says.
struct Entry<'a> {
    document: &'a Document,
    prose: &'a Prose,
    finished: Vec<usize>,
    next: String,
}

impl Entry<'_> {
    /// Adds a session behind the last one, in the form of that one; the
    /// template's examples go.
    fn add(&self, log: &SessionLog, fresh: &[&Said], checkpoint: &mut Checkpoint) {
        let Some(place) = Place::of(self.document, log) else {
            checkpoint.left_out = Some("the session log has a form that is not known");
            return;
        };
        let real = || log.sessions.iter().filter(|session| !session.is_example);
        let number = |session: &Session| self.document.slice(&session.number).parse::<usize>().ok();
        let number = real().filter_map(number).max().unwrap_or(0) + 1;
        let session = self.sitting(number, fresh);
        let model = last_session(log).or(log.sessions.first());
        let text = self.text(&session, model, self.document.line_ending(log.body.start));
        place.write(self.document, log, &text, &mut checkpoint.patch);
        self.count_up(real().count() + 1, &mut checkpoint.patch);
        checkpoint.session = Some(session);
    }

    fn sitting(&self, number: usize, fresh: &[&Said]) -> Sitting {
        let mut times: Vec<_> = fresh.iter().map(|said| said.commit.author_time).collect();
        times.sort();
        let at = |time: Option<&crate::commit::Time>| {
            time.map_or(String::new(), |time| form(*time, true))
        };
        let is_whole =
            |task: &&usize| !self.document.ancestors(**task).any(|up| self.finished.contains(&up));
        let completed = self.finished.iter().filter(is_whole);
        Sitting {
            number,
            start: at(times.first()),
            end: at(times.last()),
            completed: completed.map(|&task| steps::name(self.document, task)).collect(),
        }
    }

    fn text(&self, session: &Sitting, model: Option<&Session>, eol: &str) -> String {
        let header = self.header(session, model);
        let leads = PARTS.map(|names| model.and_then(|model| self.lead(model, names)));
        let is_formed = leads.iter().any(Option::is_some);
        let said = self.values(session);
        let mut lines = vec![header];
        for ((lead, value), names) in leads.into_iter().zip(said).zip(PARTS) {
            let lead = match lead {
                None if is_formed && value.is_none() => continue,
                Some(lead) => lead.to_owned(),
                None => format!("- {}:", names[0]),
            };
            lines.push(format!("{lead} {}", value.as_deref().unwrap_or(NONE)));
        }
        lines.join(eol)
    }

    /// What each part says, `None` where there is nothing to say.
    fn values(&self, session: &Sitting) -> [Option<String>; 4] {
        let folded =
            |text: &Option<String>| text.as_deref().map(fold).filter(|text| !text.is_empty());
        let completed = Some(session.completed.join("; ")).filter(|text| !text.is_empty());
        let next = folded(&self.prose.next).or(Some(self.next.clone()));
        [completed, folded(&self.prose.issues), folded(&self.prose.decisions), next]
    }

    /// The first line, worded as the model's.
    fn header(&self, session: &Sitting, model: Option<&Session>) -> String {
        let Sitting { number, start, end, .. } = session;
        let is_one_day = start.get(..10) == end.get(..10);
        let end = if is_one_day { end.get(11..).unwrap_or(end) } else { end };
        let time = format!("{start} - {end}");
        let Some(model) = model else { return format!("**Session {number} ({time}):**") };
        let before = self.document.slice(&(model.span.start..model.number.start));
        let after = self.document.slice(&(model.number.end..model.header.end));
        let around = time_place(after).map(|place| (&after[..place.start], &after[place.end..]));
        let is_bare = |text: &str| !text.contains(char::is_alphanumeric);
        match around.filter(|(one, other)| is_bare(one) && is_bare(other)) {
            Some((one, other)) => format!("{before}{number}{one}{time}{other}"),
            None if before.starts_with('#') => format!("{before}{number} ({time})"),
            None => format!("**Session {number} ({time}):**"),
        }
    }

    /// What a part of a session begins with, its name and colon included.
    fn lead(&self, session: &Session, names: &[&str]) -> Option<&str> {
        let mut lines = self.document.slice(&session.span).lines().skip(1);
        lines.find_map(|line| lead(line, names))
    }

    /// Puts what is said into the last session where that one says nothing, or
    /// what we would say; what was finished behind what it names as completed.
    fn complete(&self, last: &Session, checkpoint: &mut Checkpoint) {
        let Prose { issues, decisions, next } = self.prose;
        let mut start = last.header.end + 1;
        let names: Vec<String> =
            self.finished.iter().map(|&task| steps::name(self.document, task)).collect();
        let completed = (!names.is_empty()).then(|| names.join("; "));
        let [issues, decisions, next] =
            [issues, decisions, next].map(|text| text.as_deref().map(fold));
        let mut waiting = [completed, issues, decisions, next];
        for line in
            self.document.text()[start.min(last.span.end)..last.span.end].split_inclusive('\n')
        {
            for (part, (text, names)) in waiting.iter_mut().zip(PARTS).enumerate() {
                let (Some(said), Some(lead)) = (&text, lead(line, names)) else { continue };
                let value = line[lead.len()..].trim();
                let end = start + line.trim_end().len();
                if value == NONE || value == self.next && part == 3 {
                    checkpoint.patch.replace(end - value.len()..end, said.as_str());
                } else if part == 0 && self.names_tasks(value) {
                    checkpoint.patch.insert(end, format!("; {said}"));
                } else if value != said {
                    continue;
                }
                *text = None;
            }
            start += line.len();
        }
        if waiting.iter().any(Option::is_some) {
            checkpoint.left_out = Some("no new commit, and the last session says something else");
        }
    }

    /// Whether a value names tasks as we do, and nothing else.
    fn names_tasks(&self, value: &str) -> bool {
        value.split("; ").all(|name| {
            let label = name.strip_prefix("Task ").unwrap_or(name);
            Steps(self.document).called(label).is_some()
        })
    }

    /// *Agent Sessions*, one more.
    fn count_up(&self, sessions: usize, patch: &mut Patch) {
        let Some(field) = self.document.field(&["agent sessions"]) else { return };
        let value = self.document.slice(&field.value);
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        match value[..digits].parse::<usize>() {
            Ok(number) if digits < 7 => {
                header::write(field, patch, digits, &(number + 1).to_string())
            }
            _ if value.is_empty() || is_placeholder(value) => {
                header::write(field, patch, field.value.len(), &sessions.to_string());
            }
            _ => {}
        }
    }
}

/// Where a new session goes.
enum Place {
    /// Behind this place, a blank line between.
    Behind(usize),
    /// Before this place.
    Before(usize),
    /// In place of this.
    Instead(Range<usize>),
}

impl Place {
    /// `None` where the log holds something that is no session.
    fn of(document: &Document, log: &SessionLog) -> Option<Self> {
        if let Some(last) = last_session(log) {
            return Some(match log.counts_down {
                true => Self::Before(last.span.start),
                false => Self::Behind(last.span.end),
            });
        }
        if let Some(example) = log.sessions.first() {
            return Some(Self::Instead(example.span.clone()));
        }
        let text = document.slice(&log.body);
        let content = log.body.end - text.trim_start().len()..log.body.end;
        let says = document.slice(&content);
        match says.is_empty() {
            true => Some(Self::Behind(log.body.start)),
            false if is_placeholder(says) || says.eq_ignore_ascii_case("none yet") => {
                Some(Self::Instead(content))
            }
            false => None,
        }
    }

    fn write(self, document: &Document, log: &SessionLog, text: &str, patch: &mut Patch) {
        let eol = document.line_ending(log.body.start);
        let mut kept = None;
        match self {
            Self::Before(at) => drop(patch.insert(at, format!("{text}{eol}{eol}"))),
            Self::Behind(at) => {
                let is_closed = document.text()[..at].ends_with('\n');
                let (gap, end) =
                    if is_closed { (eol.to_owned(), eol) } else { (eol.repeat(2), "") };
                patch.insert(at, format!("{gap}{text}{end}"));
            }
            Self::Instead(span) => {
                kept = Some(span.start);
                patch.replace(span, text);
            }
        }
        for (at, example) in log.sessions.iter().enumerate() {
            if !example.is_example || kept == Some(example.span.start) {
                continue;
            }
            let is_followed = log.sessions[at..].iter().any(|session| !session.is_example);
            let span = match (is_followed, at.checked_sub(1)) {
                (true, _) => example.span.start..log.sessions[at + 1].span.start,
                (false, Some(before)) => log.sessions[before].span.end..example.span.end,
                (false, None) => example.span.clone(),
            };
            patch.replace(span, "");
        }
    }
}

/// What a list item begins with, where it names one of these: up to the colon
/// and what closes the bold type behind it.
fn lead<'t>(line: &'t str, names: &[&str]) -> Option<&'t str> {
    line.trim_start().strip_prefix(['-', '*', '+'])?;
    let colon = line.find(':')?;
    let name = line[..colon].trim_matches(|c: char| !c.is_alphanumeric());
    names.iter().find(|known| name.eq_ignore_ascii_case(known))?;
    let bold = if line[colon + 1..].starts_with("**") { 2 } else { 0 };
    Some(&line[..colon + 1 + bold])
}

/// Where a session's time stands in its first line, the template's included.
fn time_place(text: &str) -> Option<Range<usize>> {
    const EXAMPLE: &str = "YYYY-MM-DD HH:MM - HH:MM";
    let example = || text.find(EXAMPLE).map(|at| at..at + EXAMPLE.len());
    times(text).map(|(place, _)| place).or_else(example)
}

/// A session's time, and when it ended in a form that compares: that day's
/// end, where no time of day is told.
fn times(text: &str) -> Option<(Range<usize>, String)> {
    let (at, _) = text.char_indices().find(|(at, _)| has_shape(&text[*at..], "0000-00-00"))?;
    let date = &text[at..at + 10];
    let rest = &text[at + 10..];
    if !has_shape(rest, " 00:00") {
        return Some((at..at + 10, format!("{date} 24:00")));
    }
    let (start, rest) = (&rest[1..6], &rest[6..]);
    let second = rest.trim_start_matches([' ', '-', '–', '—']);
    let is_joined = second.len() < rest.len();
    let end_of = |len: usize| text.len() - second.len() + len;
    if is_joined && has_shape(second, "0000-00-00 00:00") {
        return Some((at..end_of(16), second[..16].to_owned()));
    }
    if !is_joined || !has_shape(second, "00:00") {
        return Some((at..at + 16, format!("{date} {start}")));
    }
    let end = &second[..5];
    let day = if end < start { day_after(date) } else { date.to_owned() };
    Some((at..end_of(5), format!("{day} {end}")))
}

/// Whether a text begins like this, any digit for a `0`.
fn has_shape(text: &str, shape: &str) -> bool {
    let is_alike =
        |(byte, like): (u8, u8)| if like == b'0' { byte.is_ascii_digit() } else { byte == like };
    text.len() >= shape.len() && text.bytes().zip(shape.bytes()).all(is_alike)
}

fn day_after(date: &str) -> String {
    let next = date.parse::<Date>().ok().and_then(|date| date.tomorrow().ok());
    next.map_or(date.to_owned(), |date| date.to_string())
}

/// A person's text on one line.
fn fold(text: &str) -> String {
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}
