//! What backfill finds: its JSON, and what people see of it.

use serde::Serialize;

use super::columns::{WIDTH, cut, fit, right, width, wrap};
use super::commits::{LinkView, said};
use super::{Ink, Line, Ui};

/// A feature, and the commits that would be linked to it.
#[derive(Clone, Debug, Serialize)]
pub struct FeatureView {
    /// The feature.
    pub feature: String,
    /// Its document.
    pub path: String,
    /// Its commits, oldest first.
    pub commits: Vec<CommitView>,
    /// Tasks that become done, by id or text.
    pub ticked: Vec<String>,
    /// How many tasks are done, and how many there are.
    #[serde(skip)]
    pub done: (usize, usize),
    /// The same as it would be; `None` where the document stays as it is.
    #[serde(skip)]
    pub would_be_done: Option<(usize, usize)>,
}

/// A commit that would be linked to a feature.
#[derive(Clone, Debug, Serialize)]
pub struct CommitView {
    /// Its name in full.
    pub oid: String,
    /// Its subject.
    pub summary: String,
    /// What it says of this feature's tasks.
    pub links: Vec<LinkView>,
    /// What that rests on: `tag`, `named`, `scope`, `document`, `revert` or
    /// `unique`.
    pub evidence: &'static str,
    /// How sure it is: `certain`, `high` or `low`.
    pub confidence: &'static str,
    /// Its name cut short.
    #[serde(skip)]
    pub hash: String,
    /// The day it was committed.
    #[serde(skip)]
    pub date: String,
}

/// A commit that names tasks and is not linked to them.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOutView {
    /// Its name in full.
    pub oid: String,
    /// Why.
    pub reason: String,
    /// Its name cut short.
    #[serde(skip)]
    pub hash: String,
    /// Its subject.
    #[serde(skip)]
    pub subject: String,
}

/// How many commits are left out for one reason, and the subject of one.
#[derive(Clone, Debug)]
pub struct ReasonView {
    /// How many.
    pub count: usize,
    /// The reason.
    pub kind: &'static str,
    /// An example.
    pub subject: String,
}

/// All of it, for people.
#[derive(Clone, Debug)]
pub struct PastView {
    /// The features that have commits.
    pub features: Vec<FeatureView>,
    /// What is left out.
    pub left_out: Vec<LeftOutView>,
    /// The same by reason.
    pub reasons: Vec<ReasonView>,
}

impl PastView {
    /// Shows it; what is left out commit by commit with `-v` alone.
    pub fn show(&self, ui: &mut Ui) {
        for feature in &self.features {
            feature.show(ui);
        }
        let commits: usize = self.features.iter().map(|feature| feature.commits.len()).sum();
        let ticked: usize = self.features.iter().map(|feature| feature.ticked.len()).sum();
        ui.line(format!(
            "{}, {}, {}",
            counted(self.features.len(), "feature"),
            counted(commits, "link"),
            counted(ticked, "task") + " to tick",
        ));
        if self.left_out.is_empty() {
            return;
        }
        let verbose = ui.is_verbose();
        let more = if verbose { "" } else { " (-v lists them)" };
        let count = self.left_out.len();
        ui.line(format!("left out: {}{more}", counted(count, "mention")));
        for reason in self.reasons.iter().filter(|_| !verbose) {
            ui.line(right(&reason.count.to_string(), DIGITS) + "  " + reason.kind);
            let example = cut(&format!("such as: {}", reason.subject), WIDTH - DIGITS - 2);
            ui.line(Line::new(Ink::Faint, &(" ".repeat(DIGITS + 2) + &example)));
        }
        for one in self.left_out.iter().filter(|_| verbose) {
            let subject = cut(&one.subject, WIDTH.saturating_sub(3 + width(&one.hash)));
            ui.line(Line::new(Ink::Hash, &format!("  {}", one.hash)).plain(" ").plain(&subject));
            ui.line(Line::new(Ink::Faint, &format!("    {}", cut(&one.reason, WIDTH - 4))));
        }
    }
}

/// The columns of a count.
const DIGITS: usize = 7;

/// The columns of what a link rests on: `high document`.
const EVIDENCE: usize = 13;

impl FeatureView {
    /// ```text
    /// 004-events  3 of 12 tasks done, would be 7  specs/004-events/tasks.md
    ///   3f2a1bc 2026-01-15 high scope    (T013 done) feat(004-events): queue
    ///   ticks T013, T014
    /// ```
    fn show(&self, ui: &mut Ui) {
        let (done, total) = self.done;
        let then = match self.would_be_done {
            Some((then, _)) if then != done => format!(", then {then}"),
            _ => String::new(),
        };
        let name = Line::new(Ink::Name, &cut(&self.feature, WIDTH));
        ui.line(name.plain(&format!("  {done} of {}{then}", counted(total, "task"))));
        ui.line(Line::new(Ink::Faint, &format!("  {}", self.path)));
        for commit in &self.commits {
            ui.line(commit.line());
        }
        if !self.ticked.is_empty() {
            let ticks = format!("ticks {}", self.ticked.join(", "));
            for line in wrap(&ticks, WIDTH - 2) {
                ui.line(Line::new(Ink::Good, &format!("  {line}")));
            }
        }
        ui.line("");
    }
}

impl CommitView {
    fn line(&self) -> Line {
        let evidence = fit(&format!("{} {}", self.confidence, self.evidence), EVIDENCE);
        let taken = 2 + width(&self.hash) + 1 + width(&self.date) + 1 + EVIDENCE + 1;
        let tasks = said(&self.links);
        let tasks = tasks.split_once(' ').map_or("", |(_, tasks)| tasks);
        let tasks = if tasks.is_empty() { String::new() } else { format!("({tasks}) ") };
        let rest = cut(&(tasks + &self.summary), WIDTH.saturating_sub(taken));
        let ink = if self.confidence == "low" { Ink::Warn } else { Ink::Plain };
        Line::new(Ink::Hash, &format!("  {}", self.hash))
            .plain(" ")
            .add(Ink::Faint, &self.date)
            .plain(" ")
            .add(ink, &evidence)
            .plain(" ")
            .plain(&rest)
    }
}

/// `1 task`, `2 tasks`
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
