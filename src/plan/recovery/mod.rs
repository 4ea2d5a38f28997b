//! A recovery file as a view of its tasks and commits.
//!
//! It follows the rules of every other record: what a commit adds is added
//! when the commit is new, and all that can be worked out from the tasks is
//! worked out again. A line is ours by what it names, exactly as we would
//! write it; every other line is a person's and stays.

mod lines;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use lines::Lines;

use super::header;
use super::listing;
use super::steps::Steps;
use super::targets::{Ask, targets};
use super::telling::{Telling, newest};
use super::{Former, Key, Known, Reverted, Said, Settings};
use crate::commit::{Commit, Oid};
use crate::config::Tick;
use crate::doc::edit::Wanted;
use crate::doc::id::leading_id;
use crate::doc::recovery::{ListItem, NONE, is_placeholder};
use crate::doc::{Document, Lookup};
use crate::patch::Patch;
use crate::tag::{self, Tag};

/// The most files of one commit that are named: a commit that touches more is
/// a sweep and says nothing of where work stands.
const MAX_FILES: usize = 50;

/// The most files that one line names.
const MAX_NAMED: usize = 3;

/// The phases of work, as recovery files name them, with the words by which a
/// heading says that it is one.
const PHASES: &[(&str, &[&str])] = &[
    ("Planning", &["planning", "plan", "setup"]),
    ("Research", &["research", "discovery", "investigation"]),
    ("Testing", &["testing", "tests", "test", "unit", "integration"]),
    ("Documentation", &["documentation", "docs"]),
    ("QA", &["qa", "quality", "review", "validation", "verification"]),
    ("Implementation", &[]),
];

/// Where a line stands in a list: a place in history, and one among the lines
/// of that commit.
type Spot = (Key, usize);

/// The paths that each commit changed, tracked documents left out.
///
/// Invariant: none holds a backtick or a control character, since a line names
/// it as code.
pub type Paths = HashMap<Oid, Vec<String>>;

/// What a recovery file is a view of.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The tasks as they are once the commits are recorded.
    pub tasks: &'a Document,
    /// The feature's commits since the file is there, those that it is to show
    /// marked as new; of the others at least those that are newer.
    pub history: &'a [Said],
    /// Those that it showed and that link no more.
    pub dropped: &'a [Former],
    /// What they changed.
    pub paths: &'a Paths,
}

/// Works out what a recovery file lacks.
pub fn recovery(document: &Document, source: Source<'_>, settings: Settings) -> Patch {
    let mut patch = Patch::default();
    let mut history: Vec<&Said> = source.history.iter().collect();
    history.sort_by_key(|said| said.commit.key());
    history.dedup_by_key(|said| said.commit.oid);
    let any_new = !source.dropped.is_empty() || history.iter().any(|said| is_fresh(said));
    if !any_new && !settings.recount {
        return patch;
    }
    let view = View { document, source, history, by_hand: &[], tick: settings.tick };
    if any_new {
        header::refresh_stamp(document, &view.history, &mut patch);
        view.list_files(&mut patch);
        view.refresh_last_action(&mut patch);
    }
    view.follow_tasks(&mut patch);
    patch
}

/// Works out what a recovery file lacks once a person has `set` the boxes of
/// these tasks: no commit says so, and so it is told of them when that is done.
/// The history holds all commits of the feature.
pub fn by_hand(document: &Document, source: Source<'_>, set: &[usize], tick: Tick) -> Patch {
    let mut patch = Patch::default();
    let mut history: Vec<&Said> = source.history.iter().collect();
    history.sort_by_key(|said| said.commit.key());
    View { document, source, history, by_hand: set, tick }.follow_tasks(&mut patch);
    patch
}

fn is_fresh(said: &Said) -> bool {
    said.new || !said.formers.is_empty()
}

struct View<'a> {
    document: &'a Document,
    source: Source<'a>,
    history: Vec<&'a Said>,
    /// The tasks whose boxes a person has set just now.
    by_hand: &'a [usize],
    tick: Tick,
}

impl View<'_> {
    /// What follows from the states of the tasks.
    fn follow_tasks(&self, patch: &mut Patch) {
        self.complete(patch);
        self.refresh_steps(patch);
        self.refresh_phase(patch);
    }

    /// *Completed*: the tasks that these commits or a person finished, in the
    /// order of their newest links, those that no commit names first: a record
    /// that looks no further back than it must takes what it does not know for
    /// older. A task that was opened again goes.
    fn complete(&self, patch: &mut Patch) {
        let Some(list) = self.document.completed() else { return };
        let newest = self.newest();
        let told = self.told();
        let is_done = |task: usize| self.source.tasks.tasks()[task].state.is_done();
        let mut lines = Lines::of(&list);
        for item in &list.items {
            match (self.steps().called(self.document.slice(&item.text)), self.task_named(item)) {
                (Some(task), _) => drop(lines.ours.insert(item.span.start, task)),
                (None, Some(task)) => drop(lines.theirs.insert(task)),
                (None, None) => {}
            }
        }
        for (task, link) in newest.into_iter().enumerate() {
            lines.spots.extend(link.map(|(at, _)| (task, (self.key(at), task))));
            let is_finished = link.is_some_and(|(_, ask)| ask.finishes());
            let is_told = is_finished && told.contains(&task) || self.by_hand.contains(&task);
            let is_named = self.steps().may_name(task) && self.steps().is_known_again(task);
            if is_told && is_done(task) && is_named {
                lines.wanted.insert(task, self.steps().label(task));
            }
        }
        lines.gone = lines.ours.values().copied().filter(|&task| !is_done(task)).collect();
        let asks = |said: &Said| self.asked(&said.tags).iter().any(|(_, finishes)| *finishes);
        let any_asked = self.history.iter().any(|said| is_fresh(said) && asks(said));
        lines.write(self.document, any_asked, patch);
    }

    /// The tasks that tags touch, and whether they ask to finish them.
    fn asked(&self, tags: &[Tag]) -> Vec<(usize, bool)> {
        let found = targets(self.source.tasks, tags, self.tick, |_| {});
        found.into_iter().map(|(task, ask)| (task, ask.finishes())).collect()
    }

    /// For each task its newest link: its place in the history, and what it
    /// asks.
    fn newest(&self) -> Vec<Option<(usize, Ask)>> {
        let history = Telling::now(Known { history: &self.history, dropped: &[] });
        let read = |tags: &[Tag]| targets(self.source.tasks, tags, self.tick, |_| {});
        newest(&history, self.source.tasks.tasks().len(), read)
    }

    /// The tasks of which these commits say something, or take back what was
    /// said, and those that they are part of, whose states follow.
    fn told(&self) -> HashSet<usize> {
        let fresh = self.history.iter().filter(|said| is_fresh(said));
        let tags = fresh.flat_map(|said| {
            let reverted = said.reverts.iter().map(|reverted| &reverted.tags);
            reverted.chain(said.formers.iter().map(|former| &former.tags)).chain([&said.tags])
        });
        let own = tags.flat_map(|tags| self.asked(tags)).map(|(task, _)| task);
        own.flat_map(|task| std::iter::once(task).chain(self.source.tasks.ancestors(task)))
            .collect()
    }

    /// *Files Modified*: each path once, with the subject of the commit that
    /// touched it last, the newest last; what a person wrote beside a path
    /// stays.
    fn list_files(&self, patch: &mut Patch) {
        let Some(list) = self.document.files_modified() else { return };
        let mut last: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        let path_of = |item: &ListItem| named_path(self.document.slice(&item.text));
        last.extend(list.items.iter().filter_map(path_of).map(|path| (path, None)));
        let mut new: HashSet<&str> = HashSet::new();
        for (at, said) in self.history.iter().enumerate() {
            let paths = || self.paths(&said.commit.oid).iter().map(String::as_str);
            last.extend(paths().map(|path| (path, Some(at))));
            new.extend(paths().filter(|_| said.new));
        }
        let names: HashMap<&str, usize> = last.keys().copied().zip(0..).collect();
        let mut lines = Lines::of(&list);
        for item in &list.items {
            let Some(&name) = path_of(item).and_then(|path| names.get(path)) else { continue };
            match self.describes_commit(item) {
                true => drop(lines.ours.insert(item.span.start, name)),
                false => drop(lines.theirs.insert(name)),
            }
            let described = self.document.slice(&item.text).split_once("` - ");
            let is_dropped = described.is_some_and(|(_, described)| self.is_dropped(described));
            lines.gone.extend(is_dropped.then_some(name));
        }
        for (name, (path, at)) in last.iter().enumerate() {
            let Some(at) = *at else { continue };
            lines.spots.insert(name, (self.key(at), name));
            let was_dropped = lines.gone.remove(&name);
            if was_dropped || new.contains(path) || is_fresh(self.history[at]) {
                lines.wanted.insert(name, format!("`{path}` - {}", self.subject(at)));
            }
        }
        let any_new = self.history.iter().any(|said| said.new);
        lines.write(self.document, any_new, patch);
    }

    /// Whether a file's line is ours: its text is a commit's subject, with a
    /// tag.
    fn describes_commit(&self, item: &ListItem) -> bool {
        let described = self.document.slice(&item.text).split_once("` - ");
        described.is_some_and(|(_, described)| is_linked(described))
    }

    /// *Last action* and *File being modified*: what the newest commit says
    /// and touched.
    fn refresh_last_action(&self, patch: &mut Patch) {
        let action = self.document.labelled_value(&["last action"]);
        let names_dropped = |span: &Range<usize>| self.is_dropped(self.document.slice(span));
        let is_told = self.history.last().is_some_and(|said| is_fresh(said));
        if !is_told && !action.as_ref().is_some_and(names_dropped) {
            return;
        }
        let newest = self.history.len().checked_sub(1);
        let subject = newest.map_or(NONE.to_owned(), |newest| self.subject(newest));
        self.set(action, is_linked, &subject, patch);
        let files = match newest.map(|newest| self.paths(&self.history[newest].commit.oid)) {
            Some([]) => return,
            Some(paths) => list_of_paths(paths),
            None => NONE.to_owned(),
        };
        let file = self.document.labelled_value(&["file being modified", "files being modified"]);
        self.set(file, is_list_of_paths, &files, patch);
    }

    /// Whether a text is what a commit said that links no more.
    fn is_dropped(&self, text: &str) -> bool {
        let subject = |former: &Former| {
            let commit = former.commit.as_ref()?;
            Some(subject(commit, &former.tags, &former.reverts))
        };
        self.source.dropped.iter().filter_map(subject).any(|subject| subject == text)
    }

    /// What is to be done next: *Current focus*, *Next action* and the lines
    /// of *Next Steps* that name a task or wait for one.
    fn refresh_steps(&self, patch: &mut Patch) {
        let tasks = self.source.tasks;
        let as_is: Vec<Wanted> = tasks.tasks().iter().map(Wanted::as_is).collect();
        let mut open = self.steps().next(&as_is);
        // What could not be known again, one of two of the same id, is not written.
        open.retain(|&task| self.steps().is_known_again(task));
        let label =
            |at: usize| open.get(at).map_or(NONE.to_owned(), |&task| self.steps().label(task));
        let names_task = |value: &str| self.steps().called(value).is_some();
        for labels in [["current focus", "current task"], ["next action", "immediate next action"]]
        {
            self.set(self.document.labelled_value(&labels), names_task, &label(0), patch);
        }
        let steps = self.document.next_steps().into_iter();
        let ours = steps.filter(|step| {
            let value = self.document.slice(step);
            is_placeholder(value) || names_task(value)
        });
        for (at, step) in ours.enumerate() {
            self.set(Some(step), |_| true, &label(at), patch);
        }
    }

    /// *Current Phase*, from the heading above the task that comes next, or
    /// above the last one where all are done.
    fn refresh_phase(&self, patch: &mut Patch) {
        let value = self.document.field(&["current phase"]).map(|field| field.value.clone());
        let tasks = self.source.tasks;
        let last = || tasks.top_level(None).last();
        let Some(task) = tasks.open_tasks().first().copied().or_else(last) else { return };
        let headings = tasks.headings();
        let above = std::iter::successors(tasks.phase_of(task), |&at| headings[at].parent);
        let mut sections = above.filter(|&at| headings[at].level > 1);
        let phase = sections.find_map(|at| phase_named(&headings[at].text));
        let ours = |value: &str| PHASES.iter().any(|(name, _)| value == *name);
        self.set(value, ours, phase.unwrap_or("Implementation"), patch);
    }

    /// Sets a value that waits to be filled in or is ours.
    fn set(
        &self,
        value: Option<Range<usize>>,
        is_ours: impl Fn(&str) -> bool,
        next: &str,
        patch: &mut Patch,
    ) {
        let Some(span) = value else { return };
        let is_cell = self.document.outline().rows.iter().any(|row| row.span.contains(&span.start));
        let next = if is_cell { next.replace('|', "\\|") } else { next.to_owned() };
        let now = self.document.slice(&span);
        if now != next && (now.is_empty() || is_placeholder(now) || is_ours(now)) {
            let gap = if now.is_empty() { " " } else { "" };
            patch.replace(span, format!("{gap}{next}"));
        }
    }

    fn steps(&self) -> Steps<'_> {
        Steps(self.source.tasks)
    }

    fn key(&self, at: usize) -> Key {
        self.history[at].commit.key()
    }

    fn subject(&self, at: usize) -> String {
        let said = self.history[at];
        subject(&said.commit, &said.tags, &said.reverts)
    }

    /// What a commit changed, unless it is a sweep.
    fn paths(&self, oid: &Oid) -> &[String] {
        let paths = self.source.paths.get(oid).map_or(&[][..], Vec::as_slice);
        if paths.len() > MAX_FILES { &[] } else { paths }
    }

    /// The task that a line speaks of, in whatever words.
    fn task_named(&self, item: &ListItem) -> Option<usize> {
        let tasks = self.source.tasks;
        let text = self.document.slice(&item.text);
        match leading_id(text, tasks.dialect().id_words).map(|(id, _)| tasks.find(&id)) {
            Some(Lookup::One(task)) => Some(task),
            _ => None,
        }
    }
}

/// A commit's subject with a tag of the feature, by which it is known again:
/// one that takes others back names what they said.
fn subject(commit: &Commit, tags: &[Tag], reverts: &[Reverted]) -> String {
    let taken_back = reverts.iter().flat_map(|reverted| &reverted.tags);
    let taken_back = taken_back.map(|tag| Tag { in_subject: false, ..tag.clone() });
    let tags: Vec<Tag> = tags.iter().cloned().chain(taken_back).collect();
    listing::text(commit, &tags, false)
}

/// The path that a line begins with, in backticks.
fn named_path(text: &str) -> Option<&str> {
    let (path, _) = text.strip_prefix('`')?.split_once('`')?;
    (!path.is_empty()).then_some(path)
}

/// Whether a text is a commit's subject as we write it: with a tag, which in a
/// revert's is quoted. The tag may be one of the document that points here.
fn is_linked(text: &str) -> bool {
    let quoted = text.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"'));
    !tag::read(text).tags.is_empty() || quoted.is_some_and(|(quoted, _)| is_linked(quoted))
}

/// `` `a.rs`, `b.rs` and 2 more ``
fn list_of_paths(paths: &[String]) -> String {
    let named: Vec<String> = paths.iter().take(MAX_NAMED).map(|path| format!("`{path}`")).collect();
    let more = match paths.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", named.join(", "))
}

fn is_list_of_paths(value: &str) -> bool {
    let listed = match value.strip_suffix(" more").and_then(|rest| rest.rsplit_once(" and ")) {
        Some((listed, count)) if count.bytes().all(|byte| byte.is_ascii_digit()) => listed,
        _ => value,
    };
    listed.split(", ").all(|part| {
        let inner = part.strip_prefix('`').and_then(|part| part.strip_suffix('`'));
        inner.is_some_and(|inner| !inner.is_empty() && !inner.contains('`'))
    })
}

/// The phase that a heading names.
fn phase_named(heading: &str) -> Option<&'static str> {
    let words: Vec<String> =
        heading.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    let says = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    PHASES.iter().find(|(_, known)| says(known)).map(|(name, _)| *name)
}
