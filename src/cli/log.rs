//! `git spec-log log`

use std::ops::ControlFlow;

use serde::Serialize;

use super::Outcome;
use super::address::Shelf;
use super::boxes;
use super::views::Links;
use crate::commit::Commit;
use crate::doc::{Document, Lookup};
use crate::record::Place;
use crate::report::commits::CommitView;
use crate::report::{Exit, Failure, Ui};
use crate::tag::{self, Tag};
use crate::task::{FeatureId, TaskId};

/// List linked commits, newest first, with their tasks
///
/// A commit is shown with all that it says, whichever feature it was asked
/// for; the commits of a task are those of its subtasks too. With --json a
/// commit's author is one text, `Name <address>`, its times are RFC 3339 with
/// their own offset, and an effect is done, wip, reopen, ref or revert. What a
/// tag without a word does is as `tick` is set: done, wip where only `done`
/// ticks, ref where nothing does.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A feature, a task of it and a revision range, each optional, in this order
    #[arg(value_name = "FEATURE [TASK]] [RANGE", num_args = 0..=3)]
    pub what: Vec<String>,
    /// Show at most N commits
    #[arg(short = 'n', long = "max-count", value_name = "N")]
    pub count: Option<usize>,
    /// End each commit with NUL instead of a new line
    #[arg(short = 'z')]
    pub nul: bool,
}

#[derive(Serialize)]
struct Fields {
    commits: Vec<CommitView>,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let links = Links::new(&shelf);
    let wanted = Wanted::read(&args.what, &shelf, &links)?;
    let (mut commits, mut shown) = (Vec::new(), 0);
    wanted.visit(&shelf, &links, args.count.unwrap_or(usize::MAX), &mut |commit| {
        shown += 1;
        if ui.is_json() {
            commits.push(commit);
            return ControlFlow::Continue(());
        }
        if shown == 1 {
            ui.page();
        }
        ui.record(commit.line(), args.nul);
        // A pager that quit, or a pipe that closed, wants no more of them.
        if ui.is_lost() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    links.warn(ui);
    if let (0, Some(name)) = (shown, wanted.unknown(&shelf, &args.what)) {
        return Err(shelf.unknown(name));
    }
    if ui.is_json() {
        ui.json("log", &Fields { commits });
    } else if shown == 0 {
        ui.note("no linked commit");
    }
    Ok(Exit::Fine)
}

/// Which commits are wanted.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Those of a feature.
    pub(super) feature: Option<FeatureId>,
    /// Those of a task and its parts; of any where none is named.
    pub(super) tasks: Vec<TaskId>,
    /// Those too whose own words name the feature and mean a task of another.
    pub(super) by_name: bool,
    /// Those of a range; of HEAD where none is given.
    pub(super) range: Option<String>,
}

impl Wanted {
    /// Tells a feature, a task and a range apart; where a word may be more
    /// than one of them, in this order.
    fn read(words: &[String], shelf: &Shelf, links: &Links<'_>) -> Result<Self, Failure> {
        let Some((first, rest)) = words.split_first() else { return Ok(Self::default()) };
        let named = shelf.named(first);
        if let Some(place) = named.first() {
            return Self::named(place.feature.clone()).of_feature(rest, shelf, links);
        }
        if let Some(wanted) = Self::task_alone(first, shelf, links) {
            return Ok(wanted.in_range(rest));
        }
        if shelf.project.repo().range(first).is_ok() {
            return Ok(Self::default().in_range(words));
        }
        match FeatureId::parse(first) {
            // A numbered plan without a document may have commits all the same.
            Some(feature @ FeatureId::Prd(_)) => {
                Self::named(feature).of_feature(rest, shelf, links)
            }
            _ => {
                let mut unknown = shelf.unknown(first);
                unknown.message = format!("`{first}` is neither a feature nor a revision");
                Err(unknown)
            }
        }
    }

    fn named(feature: FeatureId) -> Self {
        Self { feature: Some(feature), by_name: true, ..Self::default() }
    }

    /// Reads the words after a feature.
    fn of_feature(
        self,
        words: &[String],
        shelf: &Shelf,
        links: &Links<'_>,
    ) -> Result<Self, Failure> {
        let Some((word, rest)) = words.split_first() else { return Ok(self) };
        let id = TaskId::parse(word);
        let mut places: Vec<&Place> =
            self.feature.iter().flat_map(|feature| shelf.catalog.of(feature)).collect();
        if let [place] = places.as_mut_slice() {
            *place = shelf.having(place, word)?;
        }
        let documents: Vec<_> = places.iter().filter_map(|place| links.document(place)).collect();
        let is_task = documents.iter().any(|document| document.find_named(word) != Lookup::None);
        // A revision goes before words that are no id, and before an unknown id.
        let is_range = shelf.project.repo().range(word).is_ok();
        let names_task = if is_range { is_task && id.is_some() } else { is_task || id.is_some() };
        if !names_task {
            return Ok(self.in_range(words));
        }
        let tasks = match documents.as_slice() {
            [document] => with_parts(document, boxes::task(document, word)?),
            _ => id.into_iter().collect(),
        };
        let feature = places.first().map(|place| place.feature.clone()).or(self.feature);
        Ok(Self { feature, tasks, ..Self::default() }.in_range(rest))
    }

    /// A task's id alone, where only one feature can be meant.
    pub(super) fn task_alone(word: &str, shelf: &Shelf, links: &Links<'_>) -> Option<Self> {
        let id = TaskId::parse(word)?;
        let place = shelf.only().ok()?;
        let document = links.document(place)?;
        let Lookup::One(task) = document.find(&id) else { return None };
        let feature = Some(place.feature.clone());
        Some(Self { feature, tasks: with_parts(document, task), ..Self::default() })
    }

    fn in_range(mut self, words: &[String]) -> Self {
        self.range = (!words.is_empty()).then(|| words.join(" "));
        self
    }

    /// The commits, newest first.
    pub(super) fn commits(
        &self,
        shelf: &Shelf,
        links: &Links<'_>,
        most: usize,
    ) -> Result<Vec<CommitView>, Failure> {
        let mut commits = Vec::new();
        self.visit(shelf, links, most, &mut |commit| {
            commits.push(commit);
            ControlFlow::Continue(())
        })?;
        Ok(commits)
    }

    /// Visits them until told to stop, without waiting for the last to be found.
    fn visit(
        &self,
        shelf: &Shelf,
        links: &Links<'_>,
        most: usize,
        visit: &mut dyn FnMut(CommitView) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let project = &shelf.project;
        let (include, exclude) = match &self.range {
            Some(range) => project.repo().range(range)?,
            None => (project.repo().head()?.into_iter().collect(), Vec::new()),
        };
        let mut left = most;
        let range = (include.as_slice(), exclude.as_slice());
        project.visit_tagged(range, self.feature.as_ref(), &mut |commit| {
            if left == 0 {
                return Ok(ControlFlow::Break(()));
            }
            let is_named = self.is_named_in(&commit);
            let wanted = |commit: &CommitView| is_named || self.wants(commit);
            let Some(commit) = links.commit(commit)?.filter(wanted) else {
                return Ok(ControlFlow::Continue(()));
            };
            left -= 1;
            Ok::<_, Failure>(visit(commit))
        })
    }

    /// The name of a feature that no document tracks.
    fn unknown<'w>(&self, shelf: &Shelf, words: &'w [String]) -> Option<&'w str> {
        let feature = self.feature.as_ref()?;
        let is_unknown = shelf.catalog.of(feature).is_empty();
        words.first().filter(|_| is_unknown).map(String::as_str)
    }

    /// Whether a commit is wanted by its own words, though its tasks may be
    /// those of a document that the feature's points at.
    fn is_named_in(&self, commit: &Commit) -> bool {
        let is_it = |tag: &Tag| self.feature.as_ref() == Some(&tag.feature);
        self.by_name && tag::read(&commit.message).tags.iter().any(is_it)
    }

    fn wants(&self, commit: &CommitView) -> bool {
        let feature = self.feature.as_ref().map(ToString::to_string);
        commit.links.iter().any(|link| {
            let task = || link.task.as_deref().and_then(TaskId::parse);
            feature.as_ref().is_none_or(|feature| link.feature == *feature)
                && (self.tasks.is_empty() || task().is_some_and(|task| self.tasks.contains(&task)))
        })
    }
}

/// The ids or handles of a task and of all its parts: work on a part is work on it.
pub(super) fn with_parts(document: &Document, task: usize) -> Vec<TaskId> {
    let all = std::iter::once(task).chain(document.below(task));
    all.filter_map(|task| document.address(task)).collect()
}

impl From<crate::repo::Error> for Failure {
    fn from(error: crate::repo::Error) -> Self {
        crate::record::Error::from(error).into()
    }
}
