//! Offsets → line numbers.

use super::Document;

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Finds the lines of a document.
    pub(super) fn of(document: &Document) -> Self {
        let ends = document.text().match_indices('\n');
        Self { starts: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    /// The line that holds a byte, counted from 1.
    pub fn at(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset)
    }

    /// The line of a task: that of its box or heading.
    pub fn of_task(&self, document: &Document, task: usize) -> usize {
        let task = &document.tasks()[task];
        self.at(task.mark.as_ref().unwrap_or(&task.text).start)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::FEATURE_FILE;
    use super::*;

    #[test]
    fn a_line_is_what_counting_gives() {
        let text = "# X (PRD 07)\r\n\n- [ ] 1.1 a\n";
        let document = Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE);
        let lines = Lines::of(&document);
        let counted = |at: usize| text[..at].matches('\n').count() + 1;
        assert!((0..=text.len()).all(|at| lines.at(at) == counted(at)));
        assert_eq!(lines.of_task(&document, 0), 3);
    }
}
