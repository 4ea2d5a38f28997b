//! A recovery file as a view of its tasks and commits.
//!
//! It follows the rules of every other record: what a commit adds is added
//! when the commit is new, and all that can be worked out from the tasks is
//! worked out again. A line is ours by what it names, exactly as we would
//! write it; every other line is a person's and stays.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::header;
use super::listing;
use super::targets::{Ask, targets};
use super::telling::cancelled;
use super::{Key, Said, Settings};
use crate::commit::Oid;
use crate::config::Tick;
use crate::doc::id::leading_id;
use crate::doc::recovery::{GrowingList, ListItem, is_placeholder};
use crate::doc::{Document, Lookup};
use crate::patch::Patch;
use crate::tag::{self, Tag};
use crate::task::FeatureId;

/// The most files of one commit that are named: a commit that touches more is
/// a sweep and says nothing of where work stands.
const MAX_FILES: usize = 50;

/// The most files that one line names.
const MAX_NAMED: usize = 3;

/// What stands where no task is left.
const NONE: &str = "None";

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
pub type Paths = HashMap<Oid, Vec<String>>;

/// What a recovery file is a view of.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The tasks as they are once the commits are recorded.
    pub tasks: &'a Document,
    /// The feature's commits since the file is there, those that it is to show
    /// marked as new; of the others at least those that are newer.
    pub history: &'a [Said],
    /// What they changed.
    pub paths: &'a Paths,
}

/// Works out what a recovery file lacks.
pub fn recovery(document: &Document, source: Source<'_>, settings: Settings) -> Patch {
    let mut patch = Patch::default();
    let mut history: Vec<&Said> = source.history.iter().collect();
    history.sort_by_key(|said| said.commit.key());
    history.dedup_by_key(|said| said.commit.oid);
    let any_new = history.iter().any(|said| is_fresh(said));
    if !any_new && !settings.recount {
        return patch;
    }
    let view = View { document, source, history, tick: settings.tick };
    if any_new {
        header::refresh_stamp(document, &view.history, &mut patch);
        view.complete(&mut patch);
        view.list_files(&mut patch);
        view.refresh_last_action(&mut patch);
    }
    view.refresh_steps(&mut patch);
    view.refresh_phase(&mut patch);
    patch
}

fn is_fresh(said: &Said) -> bool {
    said.new || !said.formers.is_empty()
}

struct View<'a> {
    document: &'a Document,
    source: Source<'a>,
    history: Vec<&'a Said>,
    tick: Tick,
}

impl View<'_> {
    /// *Completed*: the tasks that these commits finished, in the order of
    /// their newest links; a task that was opened again goes.
    fn complete(&self, patch: &mut Patch) {
        let Some(list) = self.document.completed() else { return };
        let finished = self.finished();
        let restored = self.restored();
        let tasks = self.source.tasks;
        let is_done = |task: usize| tasks.tasks()[task].state.is_done();
        // A task of which these commits say something has a place.
        let place_of = |task: usize| {
            let at = finished[task]?;
            (self.history[at].new || restored.contains(&task)).then(|| (self.key(at), task))
        };
        let own: HashMap<usize, usize> = list
            .items
            .iter()
            .filter_map(|item| Some((item.span.start, self.task_exactly(&item.text)?)))
            .collect();
        let place = |item: &ListItem| {
            own.get(&item.span.start).and_then(|&task| Some((self.key(finished[task]?), task)))
        };
        let stands_right = |item: &ListItem, spot: Spot| {
            let ours = list.items.iter().filter(|other| own.contains_key(&other.span.start));
            ours.filter(|other| *other != item).all(|other| {
                match other.span.start < item.span.start {
                    true => place(other).is_none_or(|at| at <= spot),
                    false => place(other).is_some_and(|at| at >= spot),
                }
            })
        };
        let goes = |item: &ListItem| {
            own.get(&item.span.start).is_some_and(|&task| {
                !is_done(task) || place_of(task).is_some_and(|spot| !stands_right(item, spot))
            })
        };
        let kept: Vec<&ListItem> = list.items.iter().filter(|item| !goes(item)).collect();
        let candidates = (0..finished.len()).filter(|&task| is_done(task) && self.is_named(task));
        let new = candidates.filter_map(|task| Some((place_of(task)?, task)));
        let is_missing =
            |(_, task): &(Spot, usize)| !kept.iter().any(|item| self.names(item, *task));
        let new = new.filter(is_missing).map(|(spot, task)| (spot, self.label(task)));
        let asks = |said: &&&Said| self.asked(&said.tags).iter().any(|(_, finishes)| *finishes);
        let any_asked = self.history.iter().filter(|said| is_fresh(said)).any(|said| asks(&said));
        Rewriting { document: self.document, list: &list, place: &place, gone: &goes }.write(
            new.collect(),
            any_asked,
            patch,
        );
    }

    /// The tasks that tags touch, and whether they ask to finish them.
    fn asked(&self, tags: &[Tag]) -> Vec<(usize, bool)> {
        let found = targets(self.source.tasks, tags, self.tick, |_| {});
        let finishes = |ask| matches!(ask, Ask::Tick | Ask::TickAll);
        found.into_iter().map(|(task, ask)| (task, finishes(ask))).collect()
    }

    /// For each task its newest link, as a place in the history, if it asks to
    /// finish it.
    fn finished(&self) -> Vec<Option<usize>> {
        let cancelled = cancelled(&self.history);
        let mut finished: Vec<Option<usize>> = vec![None; self.source.tasks.tasks().len()];
        for (at, said) in self.history.iter().enumerate() {
            if !cancelled.contains(&said.commit.oid) {
                for (task, finishes) in self.asked(&said.tags) {
                    finished[task] = finishes.then_some(at);
                }
            }
        }
        finished
    }

    /// The tasks that older commits speak for again, since something that was
    /// said of them later is taken back.
    fn restored(&self) -> HashSet<usize> {
        let fresh = self.history.iter().filter(|said| is_fresh(said));
        let gone = fresh.flat_map(|said| {
            let reverted = said.reverts.iter().map(|reverted| &reverted.tags);
            reverted.chain(said.formers.iter().map(|former| &former.tags))
        });
        gone.flat_map(|tags| self.asked(tags)).map(|(task, _)| task).collect()
    }

    /// Whether a line may speak of a task: of one with an id, or that is part
    /// of no other. Where parts have ids they speak for the whole.
    fn is_named(&self, task: usize) -> bool {
        let tasks = self.source.tasks;
        let item = &tasks.tasks()[task];
        let parts_speak = tasks.below(task).any(|part| tasks.tasks()[part].id.is_some());
        item.checklist.is_none() && (item.id.is_some() || item.parent.is_none()) && !parts_speak
    }

    /// *Files Modified*: each path once, with the subject of the commit that
    /// touched it last, the newest last; what a person wrote beside a path
    /// stays.
    fn list_files(&self, patch: &mut Patch) {
        let Some(list) = self.document.files_modified() else { return };
        let Some(feature) = self.document.feature() else { return };
        let mut last: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, said) in self.history.iter().enumerate() {
            last.extend(self.paths(&said.commit.oid).iter().map(|path| (path.as_str(), at)));
        }
        let path_of = |item: &ListItem| named_path(self.document.slice(&item.text));
        let last_of = |item: &ListItem| path_of(item).and_then(|path| last.get(path)).copied();
        let line = |path: &str, at: usize| format!("`{path}` - {}", self.subject(at));
        let is_outdated = |item: &ListItem| {
            let text = self.document.slice(&item.text);
            let described = text.split_once("` - ").map(|(_, described)| described);
            described.is_some_and(|described| names_feature(described, &feature))
                && last_of(item)
                    .zip(path_of(item))
                    .is_some_and(|(at, path)| is_fresh(self.history[at]) && text != line(path, at))
        };
        let kept = list.items.iter().filter(|item| !is_outdated(item));
        let listed: HashSet<&str> = kept.filter_map(path_of).collect();
        let outdated = list.items.iter().filter(|item| is_outdated(item)).filter_map(path_of);
        let new = self.history.iter().filter(|said| said.new);
        let new = new.flat_map(|said| self.paths(&said.commit.oid)).map(String::as_str);
        let wanted: BTreeSet<&str> = new.chain(outdated).filter(|p| !listed.contains(p)).collect();
        let spot = |path: &str| {
            let own = self.paths(&self.history[last[path]].commit.oid);
            (self.key(last[path]), own.iter().position(|other| other == path).unwrap_or(0))
        };
        let lines = wanted.into_iter().map(|path| (spot(path), line(path, last[path])));
        let any_new = self.history.iter().any(|said| said.new);
        let place =
            |item: &ListItem| path_of(item).filter(|path| last.contains_key(path)).map(spot);
        Rewriting { document: self.document, list: &list, place: &place, gone: &is_outdated }
            .write(lines.collect(), any_new, patch);
    }

    /// *Last action* and *File being modified*: what the newest commit says
    /// and touched.
    fn refresh_last_action(&self, patch: &mut Patch) {
        let Some(newest) = self.history.last().filter(|said| is_fresh(said)) else { return };
        let Some(feature) = self.document.feature() else { return };
        let action = self.document.labelled_value(&["last action"]);
        let subject = self.subject(self.history.len() - 1);
        self.set(action, |value| names_feature(value, &feature), &subject, patch);
        let paths = self.paths(&newest.commit.oid);
        if !paths.is_empty() {
            let file =
                self.document.labelled_value(&["file being modified", "files being modified"]);
            self.set(file, is_list_of_paths, &list_of_paths(paths), patch);
        }
    }

    /// What is to be done next: *Current focus*, *Next action* and the lines
    /// of *Next Steps* that name a task or wait for one.
    fn refresh_steps(&self, patch: &mut Patch) {
        let open = self.open_steps();
        let label = |at: usize| open.get(at).map_or(NONE.to_owned(), |&task| self.label(task));
        let names_task = |value: &str| value == NONE || self.task_called(value).is_some();
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

    /// The tasks to do next, each as the nearest one that a line may speak of.
    fn open_steps(&self) -> Vec<usize> {
        let tasks = self.source.tasks;
        let mut steps: Vec<usize> = Vec::new();
        for task in tasks.open_tasks() {
            let mut upward = std::iter::once(task).chain(tasks.ancestors(task));
            let step = upward.find(|&at| self.is_named(at)).unwrap_or(task);
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
        steps
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
        let now = self.document.slice(&span);
        if now != next && (now.is_empty() || is_placeholder(now) || is_ours(now)) {
            let gap = if now.is_empty() { " " } else { "" };
            patch.replace(span, format!("{gap}{next}"));
        }
    }

    fn key(&self, at: usize) -> Key {
        self.history[at].commit.key()
    }

    /// A commit's subject with a tag of the feature, by which it is known
    /// again: one that takes others back names what they said.
    fn subject(&self, at: usize) -> String {
        let said = self.history[at];
        let taken_back = said.reverts.iter().flat_map(|reverted| &reverted.tags);
        let taken_back = taken_back.map(|tag| Tag { in_subject: false, ..tag.clone() });
        let tags: Vec<Tag> = said.tags.iter().cloned().chain(taken_back).collect();
        listing::text(&said.commit, &tags, false)
    }

    /// What a commit changed, unless it is a sweep.
    fn paths(&self, oid: &Oid) -> &[String] {
        let paths = self.source.paths.get(oid).map_or(&[][..], Vec::as_slice);
        if paths.len() > MAX_FILES { &[] } else { paths }
    }

    /// A task as a line names it: `A1: Title`.
    fn label(&self, task: usize) -> String {
        let title = self.source.tasks.task_title(task);
        match &self.source.tasks.tasks()[task].id {
            Some(id) if title.is_empty() => id.to_string(),
            Some(id) => format!("{id}: {title}"),
            None => title.to_owned(),
        }
    }

    /// The task that a value names in exactly our words.
    fn task_called(&self, value: &str) -> Option<usize> {
        let tasks = self.source.tasks;
        let by_id = leading_id(value).map(|(id, _)| tasks.find(&id));
        let task = match by_id {
            Some(Lookup::One(task)) => Some(task),
            _ => (0..tasks.tasks().len())
                .find(|&task| tasks.tasks()[task].id.is_none() && tasks.task_title(task) == value),
        };
        task.filter(|&task| self.label(task) == value)
    }

    fn task_exactly(&self, text: &Range<usize>) -> Option<usize> {
        self.task_called(self.document.slice(text).trim_start_matches(['✅', '✓', '✔', '☑', ' ']))
    }

    /// Whether a line speaks of a task, in whatever words.
    fn names(&self, item: &ListItem, task: usize) -> bool {
        let text = self.document.slice(&item.text).trim_start_matches(['✅', '✓', '✔', '☑', ' ']);
        match &self.source.tasks.tasks()[task].id {
            Some(own) => leading_id(text).is_some_and(|(id, _)| id == *own),
            None => text == self.source.tasks.task_title(task),
        }
    }
}

/// A list that gets new lines in history order.
struct Rewriting<'a> {
    document: &'a Document,
    list: &'a GrowingList,
    /// The place in history of a line, where it is known.
    place: &'a dyn Fn(&ListItem) -> Option<Spot>,
    /// Whether a line goes.
    gone: &'a dyn Fn(&ListItem) -> bool,
}

impl Rewriting<'_> {
    /// Writes the new lines; with `fills` what only waited for them goes.
    fn write(&self, mut new: Vec<(Spot, String)>, fills: bool, patch: &mut Patch) {
        new.sort_by_key(|(spot, _)| *spot);
        let waits = |item: &ListItem| {
            let text = self.document.slice(&item.text);
            is_placeholder(text) || names_a_placeholder(text)
        };
        let goes = |item: &&ListItem| (self.gone)(item) || (fills && waits(item));
        for item in self.list.items.iter().filter(goes) {
            patch.replace(item.span.clone(), "");
        }
        let kept: Vec<&ListItem> = self.list.items.iter().filter(|item| !goes(item)).collect();
        for (spot, text) in new {
            let later = kept.iter().position(|item| (self.place)(item).is_some_and(|at| at > spot));
            let at = match later {
                Some(at) => kept[at].span.start,
                None => kept.last().map_or(self.list.start, |last| last.span.end),
            };
            patch.insert(at, format!("{}{}{text}", self.document.line_ending(at), self.list.lead));
        }
    }
}

/// The path that a line begins with, in backticks.
fn named_path(text: &str) -> Option<&str> {
    let (path, _) = text.strip_prefix('`')?.split_once('`')?;
    (!path.is_empty()).then_some(path)
}

/// The template's line for a file that is not known yet: `` `src/[file].py` - [What] ``.
fn names_a_placeholder(text: &str) -> bool {
    let described = text.split_once("` - ").map(|(_, described)| described);
    named_path(text).is_some_and(|path| path.contains('[')) || described.is_some_and(is_placeholder)
}

/// Whether a text is a commit's subject as we write it: with a tag of the
/// feature, which in a revert's is quoted.
fn names_feature(text: &str, feature: &FeatureId) -> bool {
    let quoted = text.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"'));
    let of_feature = |text: &str| tag::read(text).tags.iter().any(|tag| tag.feature == *feature);
    of_feature(text) || quoted.is_some_and(|(quoted, _)| names_feature(quoted, feature))
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
