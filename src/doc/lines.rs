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
        let bytes = document.text().as_bytes();
        let next = |&start: &usize| Some(start + find(&bytes[start..], b'\n')? + 1);
        Self { starts: std::iter::successors(Some(0), next).collect() }
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

/// How many bytes are looked at together.
const TOGETHER: usize = 32;

/// Where a byte stands first. Looked for in every line of every document, so
/// many bytes are compared at once, which `position` leaves undone.
pub(super) fn find(bytes: &[u8], byte: u8) -> Option<usize> {
    let (together, rest) = bytes.as_chunks::<TOGETHER>();
    let holds = |some: &[u8; TOGETHER]| some.iter().fold(false, |any, &one| any | (one == byte));
    let (start, some) = match together.iter().position(holds) {
        Some(at) => (at * TOGETHER, together[at].as_slice()),
        None => (bytes.len() - rest.len(), rest),
    };
    Some(start + some.iter().position(|&one| one == byte)?)
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

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for len in 0..100 {
            let mut bytes = vec![b'a'; len];
            assert_eq!(find(&bytes, b'\n'), None);
            for at in (0..len).rev() {
                bytes[at] = b'\n';
                assert_eq!(find(&bytes, b'\n'), Some(at));
            }
        }
    }
}
