//! History from before the tool: what its messages say in any form that is
//! known, on what evidence, and how sure that is.
//!
//! What `sync` would record by itself is always taken in, so that the two
//! never contradict each other. The rest is taken in where the message names
//! the feature or the commit touches its document alone; a match that nothing
//! but its being the only one speaks for is left out unless asked for.

use std::collections::HashMap;
use std::fmt;

use super::mentions::Meant;
use super::prepare::{Extent, Prepared, Scope};
use super::{Caught, Error, Linked, Project, Rewrites};
use crate::commit::{Commit, Oid};
use crate::plan::Note;
use crate::repo::{self, Moment, Visited};
use crate::tag::wild::{Evidence, Forms, Resolution, Says};
use crate::tag::{self, Reading, Tag};
use crate::task::FeatureId;

/// How sure it is that a commit is one of a feature's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// No other feature has such a task.
    Low,
    /// The message names the feature, or the commit touches its document
    /// alone, or the documents here read this form.
    High,
    /// It has our own tag.
    Certain,
}

impl Confidence {
    /// Its name in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
            Self::Certain => "certain",
        }
    }
}

/// What a link rests on, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// No other feature has such a task.
    Unique,
    /// The commit touches the feature's document.
    Document,
    /// The scope of the subject names the feature.
    Scope,
    /// The feature is named beside the task.
    Named,
    /// It takes back a commit that is linked.
    Revert,
    /// Our own tag.
    Tag,
}

impl Basis {
    /// Its name in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unique => "unique",
            Self::Document => "document",
            Self::Scope => "scope",
            Self::Named => "named",
            Self::Revert => "revert",
            Self::Tag => "tag",
        }
    }

    fn of(evidence: Evidence) -> Self {
        match evidence {
            Evidence::Tag => Self::Named,
            Evidence::Scope => Self::Scope,
            Evidence::Document => Self::Document,
            Evidence::Branch | Evidence::Active | Evidence::Unique => Self::Unique,
        }
    }
}

/// A commit that links, and why.
#[derive(Clone, Debug)]
pub struct Traced {
    /// What it says.
    pub linked: Linked,
    /// What that rests on, tag for tag.
    bases: Vec<(Basis, Confidence)>,
}

impl Traced {
    /// What its links to a feature rest on: the weakest of them counts.
    pub fn basis(&self, feature: &FeatureId) -> (Basis, Confidence) {
        let tags = self.linked.tags.iter().zip(&self.bases);
        let own = tags.filter(|(tag, _)| tag.feature == *feature).map(|(_, basis)| *basis);
        own.min_by_key(|(basis, sure)| (*sure, *basis)).unwrap_or((Basis::Revert, Confidence::High))
    }
}

/// Why a mention makes no link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The message says that somebody kept books.
    Books,
    /// The commit changes nothing but task documents.
    DocumentsAlone,
    /// Several features have such a task, and nothing says which is meant.
    Ambiguous(Vec<FeatureId>),
    /// No feature that can be meant had such a task.
    NoSuchTask,
    /// Only this feature has such a task, which is not much to go by.
    OnlyMatch(FeatureId),
    /// A tag that is not well formed.
    Malformed(String),
    /// What the commit changed is not in this clone.
    Absent(String),
    /// It is linked, and its document cannot take it.
    NoPlace(String),
}

impl Reason {
    /// What such reasons have in common, for counting them.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Books => "keeps books only",
            Self::DocumentsAlone => "changes task documents alone",
            Self::Ambiguous(_) => "ambiguous between several features",
            Self::NoSuchTask => "no such task in a document that can be meant",
            Self::OnlyMatch(_) => "nothing but a unique match speaks for it",
            Self::Malformed(_) => "malformed tag",
            Self::Absent(_) => "what it changed is not in this clone",
            Self::NoPlace(_) => "finds no place in its document",
        }
    }

    /// Whether it may be about a feature.
    fn may_be_about(&self, feature: &FeatureId) -> bool {
        match self {
            Self::Ambiguous(features) => features.contains(feature),
            Self::OnlyMatch(only) => only == feature,
            _ => true,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous(features) => {
                let names: Vec<_> =
                    features.iter().take(MAX_NAMED).map(ToString::to_string).collect();
                write!(f, "ambiguous between {}", names.join(" and "))?;
                match features.len() - names.len() {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Self::OnlyMatch(feature) => write!(f, "only {feature} has such a task (--uncertain)"),
            Self::Malformed(meant) if meant.is_empty() => f.write_str("malformed tag"),
            Self::Malformed(meant) => write!(f, "malformed tag: {meant} may be meant"),
            Self::Absent(why) | Self::NoPlace(why) => f.write_str(why),
            _ => f.write_str(self.kind()),
        }
    }
}

/// How many features a reason names.
const MAX_NAMED: usize = 3;

/// A commit that names tasks and is not linked to them.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// Which.
    pub oid: Oid,
    /// Its subject.
    pub summary: String,
    /// Why.
    pub reason: Reason,
}

/// What history says.
#[derive(Debug, Default)]
pub struct Past {
    /// The commits that link, oldest first.
    pub commits: Vec<Traced>,
    /// Those that name tasks and do not.
    pub left_out: Vec<LeftOut>,
}

/// What one message says.
#[derive(Default)]
struct Found {
    reading: Reading,
    bases: Vec<(Basis, Confidence)>,
    left_out: Vec<Reason>,
}

impl Found {
    fn add(&mut self, tag: Tag, basis: Basis, sure: Confidence) {
        let is_there = |other: &Tag| other.feature == tag.feature && other.tasks == tag.tasks;
        if !self.reading.tags.iter().any(is_there) {
            self.reading.tags.push(tag);
            self.bases.push((basis, sure));
        }
    }
}

impl Project {
    /// Reads all of HEAD's history in every form that is known. `uncertain`
    /// takes in what nothing but a unique match speaks for; with `only` no
    /// other feature is looked for. `progress` is told of commits read, and
    /// how many there are to read.
    pub fn past(
        &self,
        only: Option<&FeatureId>,
        uncertain: bool,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Past, Error> {
        let mut past = Past::default();
        let Some(head) = self.repo().head()? else { return Ok(past) };
        let candidates = self.tagged_in_any_form(head)?;
        let count = candidates.len();
        for (at, oid) in candidates.into_iter().enumerate() {
            progress(at, count);
            let Some(commit) = self.repo().commit(oid)? else { continue };
            if commit.is_merge() || tag::is_autosquash(&commit.subject()) {
                continue;
            }
            let summary = commit.subject();
            let (traced, reasons) = match self.trace(commit, uncertain) {
                Err(Error::Repo(error @ repo::Error::Object { .. })) => {
                    (None, vec![Reason::Absent(error.to_string())])
                }
                traced => traced?,
            };
            let is_asked = |reason: &Reason| only.is_none_or(|only| reason.may_be_about(only));
            let left_out = reasons.into_iter().filter(is_asked);
            past.left_out.extend(left_out.map(|reason| LeftOut {
                oid,
                summary: summary.clone(),
                reason,
            }));
            past.commits.extend(traced);
        }
        if let Some(only) = only {
            past.commits.retain(|traced| traced.linked.features().contains(&only));
        }
        past.commits.sort_by_key(|traced| traced.linked.commit.key());
        Ok(past)
    }

    /// The links of one commit, and why it lacks others.
    fn trace(
        &self,
        commit: Commit,
        uncertain: bool,
    ) -> Result<(Option<Traced>, Vec<Reason>), Error> {
        let (oid, Found { reading, bases, mut left_out }) =
            (commit.oid, self.find(&commit, uncertain)?);
        let read = |commit: &Commit| match commit.oid == oid {
            true => Ok(reading.clone()),
            false => Ok(self.find(commit, uncertain)?.reading),
        };
        let linked = self.links_by(commit, &read)?;
        if linked.features().is_empty() {
            return Ok((None, left_out));
        }
        if self.is_bookkeeping(&linked.commit)? {
            left_out = vec![Reason::DocumentsAlone];
            return Ok((None, left_out));
        }
        Ok((Some(Traced { linked, bases }), left_out))
    }

    /// What a message says: by its tags where it has any, else by what `sync`
    /// reads in it, and by all other forms.
    fn find(&self, commit: &Commit, uncertain: bool) -> Result<Found, Error> {
        let mut found = Found { reading: self.read_message(&commit.message)?, ..Found::default() };
        if !found.reading.tags.is_empty() {
            found.bases = vec![(Basis::Tag, Confidence::Certain); found.reading.tags.len()];
            return Ok(found);
        }
        if found.reading.misses.is_empty() {
            for meant in self.mentions_that_count(&commit.message, Some(commit.oid))? {
                if let Some((tag, evidence)) = meant.tag() {
                    found.add(tag, Basis::of(evidence), Confidence::High);
                }
            }
        }
        for meant in self.mentions(&commit.message, Some(commit.oid), Forms::ALL, false)? {
            found.take(&meant, uncertain);
        }
        if found.reading.tags.is_empty() {
            let meant = found.reading.misses.iter().map(|miss| miss.suggestion.clone());
            let malformed = meant.map(|meant| Reason::Malformed(meant.unwrap_or_default()));
            found.left_out.extend(malformed.take(1));
        }
        Ok(found)
    }

    fn tagged_in_any_form(&self, head: Oid) -> Result<Vec<Oid>, Error> {
        let sought = self.sought()?;
        let mut found = Vec::new();
        let look = &|visited: &Visited<'_>| {
            sought.may_link_in(visited.message, Forms::ALL).then_some(visited.oid)
        };
        self.repo().walk(&[head], &[], look, &mut |_, oid| found.extend(oid))?;
        Ok(found)
    }

    /// What recording these commits would change.
    pub fn rehearse_past(&self, past: &Past) -> Result<Prepared, Error> {
        self.look_at_versions(past)?;
        self.prepare(&past.linked(), &self.past_scope()?)
    }

    /// Records these commits, as `sync` records those that it knows of. The
    /// records that `sync` cannot rebuild are a person's from here on.
    pub fn record_past(&self, past: &Past) -> Result<Caught, Error> {
        if self.repo().is_busy(Moment::Other) {
            return Err(Error::Busy);
        }
        let _lock = self.lock()?;
        let mut caught = Caught::default();
        let mut rewritten = self.state().rewritten()?;
        caught.followed = self.follow_rewritten(self.seen()?, &mut rewritten)?;
        self.look_at_versions(past)?;
        caught.outcome = self.record(&past.linked(), &self.past_scope()?)?;
        let known = self.linked_of_head(None)?;
        self.add_pending_of(&caught.outcome, &known)?;
        Ok(caught)
    }

    fn past_scope(&self) -> Result<Scope, Error> {
        let map = self.state().rewritten()?;
        let rewrites = Rewrites { map, by_evidence: true, prune: false };
        Ok(Scope { extent: Extent::Past, rewrites, tip: None })
    }

    /// Looks all documents up in history at once.
    fn look_at_versions(&self, past: &Past) -> Result<(), Error> {
        let Some(head) = self.repo().head()?.filter(|_| self.versions.get().is_none()) else {
            return Ok(());
        };
        let oids: Vec<Oid> = past.commits.iter().map(|traced| traced.linked.commit.oid).collect();
        let lookups = self.lookups()?;
        let versions =
            self.repo().versions_since(&oids, head, &|folder| lookups.may_hold(folder))?;
        self.versions.get_or_init(|| versions);
        Ok(())
    }
}

impl Past {
    /// What the commits say.
    fn linked(&self) -> Vec<Linked> {
        self.commits.iter().map(|traced| traced.linked.clone()).collect()
    }

    /// Adds what finds no place in the documents.
    pub fn leave_out(&mut self, prepared: &Prepared) {
        let unplaced = prepared.unplaced.iter().chain(&prepared.ambiguous);
        let unplaced = unplaced.map(|unplaced| (unplaced.oid, unplaced.reason.clone()));
        let notes = prepared.changes.iter().flat_map(|change| &change.plan.notes);
        for (oid, reason) in unplaced.chain(notes.filter_map(fault)) {
            let own = self.commits.iter().map(|traced| &traced.linked.commit);
            let summary = own.filter(|commit| commit.oid == oid).map(Commit::subject).next();
            let (summary, reason) = (summary.unwrap_or_default(), Reason::NoPlace(reason));
            self.left_out.push(LeftOut { oid, summary, reason });
        }
    }

    /// How many commits are left out for the same reason, the commonest first,
    /// each with one of them.
    pub fn reasons(&self) -> Vec<(usize, &LeftOut)> {
        let mut kinds: HashMap<&str, (usize, &LeftOut)> = HashMap::new();
        for left_out in &self.left_out {
            kinds.entry(left_out.reason.kind()).or_insert((0, left_out)).0 += 1;
        }
        let mut kinds: Vec<(usize, &LeftOut)> = kinds.into_values().collect();
        kinds.sort_by_key(|(count, left_out)| (std::cmp::Reverse(*count), left_out.reason.kind()));
        kinds
    }
}

/// What a tag names that the document does not have once.
fn fault(note: &Note) -> Option<(Oid, String)> {
    match note {
        Note::OpenSubtasks { .. } => None,
        Note::UnknownTask { oid, task } => Some((*oid, format!("there is no task {task} in it"))),
        Note::DuplicateTask { oid, task, lines } => {
            let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
            Some((*oid, format!("task {task} stands on lines {}", lines.join(" and "))))
        }
    }
}

impl Found {
    /// Takes a mention in, or says why not.
    fn take(&mut self, meant: &Meant, uncertain: bool) {
        if self.reading.tags.iter().any(|tag| tag.span == meant.mention.span) {
            return;
        }
        let names_tasks = !meant.mention.tasks.is_empty();
        let reason = match (&meant.resolution, meant.tag()) {
            (_, Some((tag, evidence))) => {
                let is_sure = match evidence {
                    Evidence::Tag | Evidence::Scope => true,
                    Evidence::Document => meant.touches_one,
                    _ => false,
                };
                let sure = if is_sure { Confidence::High } else { Confidence::Low };
                if is_sure || uncertain {
                    self.add(tag, Basis::of(evidence), sure);
                    return;
                }
                Reason::OnlyMatch(tag.feature)
            }
            _ if meant.mention.says == Says::Books => Reason::Books,
            (Resolution::Ambiguous(features), None) => Reason::Ambiguous(features.clone()),
            (_, None) => Reason::NoSuchTask,
        };
        let is_new = names_tasks && !self.left_out.contains(&reason);
        self.left_out.extend(is_new.then_some(reason));
    }
}
