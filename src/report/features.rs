//! How far features are: the JSON, and a line for each.

use serde::Serialize;

use super::columns::{WIDTH, cut, fit, right, width};
use super::tasks::{self, NextView};
use super::{Ink, Line};

/// The columns of a bar.
const BAR: usize = 8;

/// How far a feature is, as `status` gives it.
#[derive(Clone, Debug, Serialize)]
pub struct FeatureView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its document.
    pub path: String,
    /// The kind of document.
    pub dialect: &'static str,
    /// What the document calls its state.
    pub status: Option<String>,
    /// Tasks that are done; parts of tasks are not counted.
    pub done: usize,
    /// All tasks.
    pub total: usize,
    /// Whole per cent done, rounded down.
    pub percent: usize,
    /// The stamp as the document has it.
    pub last_updated: Option<String>,
    /// The task that this work tree works on.
    pub active_task: Option<String>,
    /// The first of the open tasks.
    pub next_task: Option<NextView>,
    /// How far each phase is.
    pub phases: Vec<PhaseView>,
    /// Linked commits reachable from HEAD that the document lacks.
    pub unrecorded: usize,
}

/// How far a phase is.
#[derive(Clone, Debug, Serialize)]
pub struct PhaseView {
    /// Its heading.
    pub title: String,
    /// Tasks that are done.
    pub done: usize,
    /// All tasks.
    pub total: usize,
    /// Whole per cent done, rounded down.
    pub percent: usize,
}

/// A line for each feature, at most 80 columns wide, their columns aligned.
pub fn lines(features: &[FeatureView]) -> Vec<Line> {
    let columns = Columns::of(features);
    features.iter().map(|feature| columns.line(feature)).collect()
}

/// A line for each phase of a feature, and what comes next.
pub fn details(feature: &FeatureView) -> Vec<Line> {
    let widest = feature.phases.iter().map(|phase| width(&phase.title)).max().unwrap_or(0).min(44);
    let phase = |phase: &PhaseView| {
        let count = right(&format!("{}/{}", phase.done, phase.total), 7);
        Line::from("  ")
            .plain(&fit(&phase.title, widest))
            .plain("  ")
            .join(bar(phase.done, phase.total))
            .plain(&format!("{count} {:>4}", format!("{}%", phase.percent)))
    };
    let mut lines = vec![Line::from("  ").plain(&cut(&feature.title, WIDTH - 2))];
    lines.push(Line::from("  ").add(Ink::Faint, &feature.path));
    lines.extend(feature.phases.iter().map(phase));
    if let Some(active) = &feature.active_task {
        lines.push(Line::from("  ").add(Ink::Faint, "active: ").plain(active));
    }
    if let Some(next) = &feature.next_task {
        let what = cut(&next.name(), WIDTH - 8);
        lines.push(Line::from("  ").add(Ink::Faint, "next: ").plain(&what));
    }
    lines
}

/// The widths of the columns.
struct Columns {
    id: usize,
    title: usize,
    count: usize,
    status: usize,
    stamp: usize,
    next: usize,
}

impl Columns {
    fn of(features: &[FeatureView]) -> Self {
        let widest = |text: &dyn Fn(&FeatureView) -> String, most: usize| {
            features.iter().map(|feature| width(&text(feature))).max().unwrap_or(0).min(most)
        };
        let id = widest(&|feature| feature.id.clone(), 20);
        let count = widest(&count, 9);
        let status = widest(&|feature| status(feature).to_owned(), 11);
        let stamp = widest(&|feature| stamp(feature).to_owned(), 10);
        let gaps = [id, BAR, count + 1 + 4, status, stamp];
        let taken: usize = gaps.iter().filter(|&&column| column > 0).map(|column| column + 2).sum();
        let room = WIDTH.saturating_sub(taken);
        let next_id =
            widest(&|feature| feature.next_task.as_ref().map_or(String::new(), short), 10);
        let next_gap = if next_id > 0 { next_id + 2 } else { 0 };
        let title = widest(&|feature| feature.title.clone(), room.saturating_sub(next_gap));
        let title = if title < 6 && room < 12 { 0 } else { title };
        let next = room.saturating_sub(title + if title > 0 { 2 } else { 0 });
        Self { id, title, count, status, stamp, next }
    }

    fn line(&self, feature: &FeatureView) -> Line {
        let mut line = Line::new(Ink::Name, &fit(&feature.id, self.id));
        if self.title > 0 {
            line = line.plain("  ").plain(&fit(&feature.title, self.title));
        }
        line = line.plain("  ").join(bar(feature.done, feature.total)).plain("  ");
        line = line.plain(&right(&count(feature), self.count));
        line = line.plain(&format!(" {:>4}", format!("{}%", feature.percent)));
        line = line.plain("  ").add(Ink::Faint, &fit(status(feature), self.status)).plain("  ");
        match &feature.next_task {
            Some(next) => line
                .add(Ink::Faint, &fit(stamp(feature), self.stamp))
                .plain("  ")
                .plain(&self.next(next)),
            None => line.add(Ink::Faint, &cut(stamp(feature), self.stamp)),
        }
    }

    /// The next task's id, and its text where more than a word of it fits.
    fn next(&self, next: &NextView) -> String {
        let id = short(next);
        let text = if self.next >= width(&id) + 10 { next.name() } else { id };
        cut(&text, self.next)
    }
}

fn short(next: &NextView) -> String {
    tasks::short(next.id.as_deref(), &next.text).to_owned()
}

fn count(feature: &FeatureView) -> String {
    format!("{}/{}", feature.done, feature.total)
}

fn status(feature: &FeatureView) -> &str {
    feature.status.as_deref().unwrap_or("-")
}

/// The day of the stamp; `-` where there is none yet.
fn stamp(feature: &FeatureView) -> &str {
    let stamp = feature.last_updated.as_deref().unwrap_or_default();
    if !stamp.starts_with(|c: char| c.is_ascii_digit()) {
        return "-";
    }
    stamp.split([' ', 'T']).next().unwrap_or_default()
}

fn bar(done: usize, total: usize) -> Line {
    let full = (BAR * done).checked_div(total).unwrap_or(0).min(BAR);
    // What has begun is seen to have begun.
    let full = if done > 0 { full.max(1) } else { full };
    Line::new(Ink::Good, &"█".repeat(full)).add(Ink::Faint, &"░".repeat(BAR - full))
}
