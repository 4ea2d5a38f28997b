//! What is left to do in a document, and in which phase.

use super::edit::Wanted;
use super::{Document, State, outline};

impl Document {
    /// The tasks to do next: those that are open and have no open part, so
    /// that a task is represented by what is left of it.
    ///
    /// What is in progress comes first, then the parts of what is, then the
    /// rest, last the marks of unknown meaning; each in the order of the text.
    pub fn open_tasks(&self) -> Vec<usize> {
        let as_is: Vec<Wanted> = self.tasks.iter().map(Wanted::as_is).collect();
        self.open_among(&as_is)
    }

    /// The same where the tasks are in these states.
    pub(crate) fn open_among(&self, states: &[Wanted]) -> Vec<usize> {
        let is_open = |task: usize| !states[task].state.is_done();
        let mut open: Vec<usize> = (0..self.tasks.len())
            .filter(|&task| self.tasks[task].checklist.is_none() && is_open(task))
            .filter(|&task| !self.below(task).any(is_open))
            .collect();
        open.sort_by_key(|&task| self.urgency(task, states));
        open
    }

    fn urgency(&self, task: usize, states: &[Wanted]) -> u8 {
        match states[task].state {
            _ if states[task].in_progress => 0,
            State::Other(_) => 3,
            _ if self.ancestors(task).any(|above| states[above].in_progress) => 1,
            _ => 2,
        }
    }

    /// The headings that divide the work, in order: for each task that is part
    /// of no other the nearest heading above it, or one further up that calls
    /// itself a phase or has figures of its own.
    pub fn phases(&self) -> Vec<usize> {
        let mut phases: Vec<usize> =
            self.top_level(None).filter_map(|task| self.phase_of(task)).collect();
        phases.sort_unstable();
        phases.dedup();
        phases
    }

    /// The one of these that a task belongs to.
    pub(crate) fn phase_of(&self, task: usize) -> Option<usize> {
        let headings = &self.outline.headings;
        let own = self.tasks[task].heading?;
        // A heading that is itself a task divides nothing.
        let is_box = self.tasks[task].mark.is_some();
        let nearest = if is_box { Some(own) } else { headings[own].parent };
        let mut above = std::iter::successors(nearest, |&at| headings[at].parent);
        above.find(|&at| self.is_phase(at)).or(nearest).filter(|&at| headings[at].level > 1)
    }

    fn is_phase(&self, heading: usize) -> bool {
        let named = outline::unnumbered(&self.outline.headings[heading].name).starts_with("phase");
        let counted = super::progress::Scope::Heading(heading);
        named || self.figures.iter().any(|figures| figures.scope == counted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::FEATURE_FILE;
    use super::*;

    fn document(text: &str) -> Document {
        Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE)
    }

    #[test]
    fn what_is_begun_comes_first_and_a_task_is_represented_by_its_parts() {
        let found = document(
            "# X (PRD 07)\n\n## Tasks\n\n- [ ] 1.1 a\n  - [x] 1.1.1 b\n  - [ ] 1.1.2 c\n- [~] 1.2 d\n\
             - [x] 1.3 e\n- [ ] 1.4 f (IN PROGRESS)\n  - [ ] 1.4.1 g\n- [ ] 1.5 h (IN PROGRESS)\n\
             - [ ] 1.6 i\n  - [x] 1.6.1 j\n\n## Manual Testing\n\n- [ ] k\n",
        );
        let open = found.open_tasks();
        let titles: Vec<_> = open.iter().map(|&task| found.task_title(task)).collect();
        assert_eq!(titles, ["h", "g", "c", "i", "d"]);
    }

    #[test]
    fn a_phase_is_the_heading_that_says_so_or_the_nearest() {
        let found = document(
            "# X (PRD 07)\n\n## Tasks\n\n### Phase 1: A\n\n#### Back\n\n- [ ] 1.1 a\n\n#### Front\n\n\
             - [ ] 1.2 b\n\n### Later\n\n- [ ] 2.1 c\n\n### Task 3: Heading\n\n- [ ] d\n",
        );
        let phases = found.phases();
        let names: Vec<_> = phases.iter().map(|&at| found.headings()[at].text.as_str()).collect();
        assert_eq!(names, ["Tasks", "Phase 1: A", "Later"]);
    }

    #[test]
    fn a_heading_with_figures_of_its_own_is_a_phase() {
        let text = "# X (PRD 07)\n\n## Core\n\n### Back\n\n- [ ] 1.1 a\n\n## Rest\n\n### Front\n\n\
            - [ ] 2.1 b\n\n## Progress\n\n- Core: 0% (0/1)\n";
        let found = document(text);
        let phases = found.phases();
        let names: Vec<_> = phases.iter().map(|&at| found.headings()[at].text.as_str()).collect();
        assert_eq!(names, ["Core", "Front"]);
    }
}
