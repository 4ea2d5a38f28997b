//! What a document tells a reader who knows nothing: what is built and why,
//! what was decided, and how to take the work up again.
//!
//! Located and never written here, and matched loosely: people call these
//! parts by many names.

use std::ops::Range;

use super::Document;
use super::outline::Heading;
use super::recovery::{is_placeholder, plain};
use super::task_list::line_end;

const WHAT: &[&str] = &[
    "what were building",
    "what we are building",
    "quick context",
    "overview",
    "feature overview",
    "executive summary",
    "summary",
    "context",
    "introduction",
    "purpose",
    "goal",
    "goals",
    "objective",
    "description",
];
const WHY: &[&str] =
    &["why", "problem statement", "problem", "the problem", "motivation", "background"];
const DECISIONS: &[&str] = &[
    "key decisions",
    "key decisions made",
    "decisions",
    "decisions made",
    "decision log",
    "design decisions",
    "key design decisions",
    "technical decisions",
    "key technical decisions",
    "architecture decisions",
    "architectural decisions",
];
const RESUME: &[&str] = &[
    "commands to resume work",
    "commands to resume",
    "to resume work",
    "how to resume work",
    "how to resume",
    "quick resume",
];

impl Document {
    /// What is built: the first paragraph of the part that says so, why it is
    /// built left out, else the one right below the title.
    pub fn what(&self) -> Option<Range<usize>> {
        self.told(WHAT, WHY).or_else(|| self.below_title())
    }

    /// Why it is built.
    pub fn why(&self) -> Option<Range<usize>> {
        self.told(WHY, &[])
    }

    /// What was decided: the list items below such headings, else the headings
    /// below them; the template's own are left out.
    pub fn decisions(&self) -> Vec<Range<usize>> {
        let mut decisions = Vec::new();
        for heading in self.outer(DECISIONS) {
            let inner: Vec<&Heading> = self.directly_below(heading).collect();
            match inner.as_slice() {
                [] => decisions.extend(self.items_below(heading)),
                inner => decisions.extend(inner.iter().map(|inner| self.words(inner))),
            }
        }
        decisions.retain(|span| !self.waits(span));
        decisions
    }

    /// The commands with which its writer took the work up again: the lines of
    /// the code below such headings, without comments and without those that
    /// wait to be filled in.
    pub fn resume_commands(&self) -> Vec<&str> {
        let bodies = self.outer(RESUME).map(|heading| &heading.body);
        let is_within = |code: &&Range<usize>, body: &Range<usize>| body.contains(&code.start);
        let code = bodies.flat_map(|body| {
            self.outline().opaque.iter().filter(move |code| is_within(code, body))
        });
        let lines = code.flat_map(|code| self.slice(code).lines().map(str::trim));
        lines.filter(|line| is_command(line)).collect()
    }

    /// The first words of the first of these parts that has any: behind such a
    /// label where the feature is introduced, else below such a heading, parts
    /// of the other names left out.
    fn told(&self, names: &[&str], others: &[&str]) -> Option<Range<usize>> {
        let headed = || names.iter().find_map(|name| self.headed(name, others));
        self.labelled_line(names).or_else(headed)
    }

    fn headed(&self, name: &str, others: &[&str]) -> Option<Range<usize>> {
        let is_called = |heading: &&Heading| plain(&heading.text) == *name;
        let headings = self.headings().iter().skip(1).filter(is_called);
        let is_other = |span: &Range<usize>| {
            let inner = self.outline().above(span.start).next();
            inner.is_some_and(|h| others.contains(&plain(&self.headings()[h].text).as_str()))
        };
        headings.into_iter().find_map(|heading| {
            let paragraphs = self.outline().paragraphs.iter();
            let below = paragraphs.filter(|paragraph| heading.body.contains(&paragraph.start));
            let own = below.filter(|paragraph| !is_other(paragraph));
            let mut words = own.filter_map(|paragraph| self.prose(paragraph));
            let is_prose = |item: &Range<usize>| {
                self.labelled(item).is_none() && !self.waits(item) && !is_other(item)
            };
            words.next().or_else(|| self.items_below(heading).find(is_prose))
        })
    }

    /// A paragraph that says something: the first line's value alone where
    /// lines carry labels, and nothing where it is a label alone.
    fn prose(&self, paragraph: &Range<usize>) -> Option<Range<usize>> {
        let span = self.trimmed(paragraph);
        let source = self.slice(&span);
        let is_label =
            source.starts_with("**") && source.ends_with([':', '*']) && !source.contains('\n');
        let words = match self.labelled(&(span.start..self.label_end(&span))) {
            Some((_, value)) => value,
            None if is_label => return None,
            None => span,
        };
        let is_told = !self.waits(&words) && !is_fact(source) && !words.is_empty();
        is_told.then_some(words)
    }

    /// Whether a place stands where the feature is introduced: below the title,
    /// or in the part that says what it is.
    fn introduces(&self, at: usize) -> bool {
        let above = self.outline().above(at).map(|heading| &self.headings()[heading]);
        let is_intro =
            |heading: &Heading| heading.level == 1 || WHAT.contains(&plain(&heading.text).as_str());
        above.into_iter().next().is_some_and(is_intro)
    }

    /// The value behind one of these labels at the start of a line of prose.
    fn labelled_line(&self, names: &[&str]) -> Option<Range<usize>> {
        let paragraphs = self.outline().paragraphs.iter();
        let mut intro = paragraphs.filter(|paragraph| self.introduces(paragraph.start));
        intro.find_map(|paragraph| {
            let paragraph = self.trimmed(paragraph);
            let mut start = paragraph.start;
            while start < paragraph.end {
                let rest = start..paragraph.end;
                let found = self.labelled(&(start..self.label_end(&rest)));
                let found = found.filter(|(label, value)| {
                    names.contains(&label.as_str()) && !value.is_empty() && !self.waits(value)
                });
                if let Some((_, value)) = found {
                    return Some(value);
                }
                start = line_end(self.text(), start) + 1;
            }
            None
        })
    }

    /// The end of what one label says: the next line with a label, or the end.
    fn label_end(&self, span: &Range<usize>) -> usize {
        let next = self.slice(span).find("\n**");
        next.map_or(span.end, |next| span.start + next)
    }

    /// The first paragraph before the first part, header fields left out.
    fn below_title(&self) -> Option<Range<usize>> {
        let title = self.headings().first().filter(|title| title.level == 1)?;
        let end = self.headings().get(1).map_or(self.text().len(), |next| next.span.start);
        let paragraphs = self.outline().paragraphs.iter();
        let mut there =
            paragraphs.filter(|paragraph| (title.span.end..end).contains(&paragraph.start));
        let holds_field = |paragraph: &Range<usize>| {
            self.fields.iter().any(|field| paragraph.contains(&field.value.start))
        };
        let paragraph = there.find(|paragraph| !holds_field(paragraph))?;
        self.prose(paragraph)
    }

    /// The headings of one of these names that stand below no other of them.
    fn outer<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a Heading> {
        let is_called = move |heading: &Heading| names.contains(&plain(&heading.text).as_str());
        let above = |heading: &'a Heading| {
            let up = |heading: &&'a Heading| heading.parent.map(|parent| &self.headings()[parent]);
            std::iter::successors(Some(heading), up).skip(1)
        };
        let headings = self.headings().iter().filter(move |heading| is_called(heading));
        headings.filter(move |heading| !above(heading).any(is_called))
    }

    fn directly_below<'a>(&'a self, heading: &'a Heading) -> impl Iterator<Item = &'a Heading> {
        let is_below = |inner: &&Heading| {
            inner.parent.is_some_and(|parent| std::ptr::eq(&self.headings()[parent], heading))
        };
        self.headings().iter().filter(is_below)
    }

    /// The list items below a heading that are in no other, by their words;
    /// those behind the label `Decision` without it.
    fn items_below<'a>(&'a self, heading: &'a Heading) -> impl Iterator<Item = Range<usize>> {
        let items = self.outline().items.iter();
        let outer =
            items.filter(|item| item.parent.is_none() && heading.body.contains(&item.span.start));
        let text = |start| self.without_box(self.item_text(start));
        outer.map(move |item| text(item.span.start)).map(|text| match self.labelled(&text) {
            Some((label, value)) if label == "decision" => value,
            _ => text,
        })
    }

    /// A heading's words.
    fn words(&self, heading: &Heading) -> Range<usize> {
        let source = self.slice(&heading.span);
        let start = heading.span.start + source.find(&heading.text).unwrap_or(0);
        start..(start + heading.text.len()).min(heading.span.end)
    }

    fn trimmed(&self, span: &Range<usize>) -> Range<usize> {
        let source = self.slice(span);
        let start = span.end - source.trim_start().len();
        start..start + source.trim().len()
    }

    /// Whether a text waits to be filled in: `[One sentence]`, `**[Title]**: …`,
    /// `Goal: {Main goal}`.
    fn waits(&self, span: &Range<usize>) -> bool {
        let text = self.slice(span);
        let opens = |text: &str| {
            let text = text.trim_start_matches(['*', '`', ' ']);
            text.starts_with('{') || (text.starts_with('[') && !text.contains("]("))
        };
        let value = text.split_once(':').map(|(_, value)| value);
        opens(text) || value.is_some_and(opens) || is_placeholder(text)
    }
}

/// Whether a text is no more than `Reviewed: 2026-05-08`.
fn is_fact(text: &str) -> bool {
    let words = |text: &str| text.split_whitespace().count();
    let is_short = |(label, value): (&str, &str)| words(label) <= 3 && words(value) <= 2;
    !text.contains('\n') && text.split_once(':').is_some_and(is_short)
}

/// Whether a line of code is to be typed: no fence, no comment, nothing such
/// as `src/[adapter]/` that waits to be filled in.
fn is_command(line: &str) -> bool {
    let waits = line.split('[').skip(1).any(|rest| {
        let word = rest.split(']').next().filter(|word| word.len() < rest.len());
        word.is_some_and(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || c == '_')
        })
    });
    !line.is_empty()
        && !waits
        && !["#", "```", "~~~", "<"].iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::super::dialect::RECOVERY;
    use super::*;

    fn document(text: &str) -> Document {
        Document::read("specs/active/x/recovery.md", text.into(), &RECOVERY)
    }

    fn what(text: &str) -> Option<String> {
        let document = document(text);
        document.what().map(|span| document.slice(&span).to_owned())
    }

    #[test]
    fn what_and_why_are_found_behind_labels_and_below_headings() {
        let found = document(
            "# Session Recovery: X\n\n**Status**: fine\n\n## Quick Context\n\n\
             **What we're building**: A vault.\nOf two lines.\n**Why**: Keys leak.\n\n## Notes\n",
        );
        let said = |span: Option<Range<usize>>| span.map(|span| found.slice(&span).to_owned());
        assert_eq!(said(found.what()).as_deref(), Some("A vault.\nOf two lines."));
        assert_eq!(said(found.why()).as_deref(), Some("Keys leak."));
        for (text, wanted) in [
            ("# X\n\n**Status:** y\n\nA line.\n\n## Tasks\n\n- [ ] 1.1 a\n", Some("A line.")),
            ("# X\n\n## 1. Overview\n\n**Goal:**\n\nTo print.\n", Some("To print.")),
            ("# X\n\n## Goals\n\n- To print\n- To bind\n", Some("To print")),
            ("# X\n\n## Quick Context\n\n### What We're Building\n\nIt.\n", Some("It.")),
            ("# X\n\n## Overview\n\n[One-sentence summary]\n", None),
            ("# X\n\n## Overview\n\nGoal: {Main goal}\n", None),
            ("# X\n\n## Summary\n\n**Total Tasks**: 26\n", None),
            ("# X\n\n## Decisions\n\n**Context**: A table is there.\n", None),
            ("# X\n\n## Overview\n\n- **Slug**: x\n- To print\n", Some("To print")),
            ("# X\n\n## Tasks\n\n- [ ] 1.1 a\n", None),
            (
                "# X\n\n## Overview\n\n### Problem\n\nLeaks.\n\n### Solution\n\nA vault.\n",
                Some("A vault."),
            ),
            ("# X\n\n## Overview\n\n### Problem\n\n- Leaks\n", None),
            ("", None),
        ] {
            assert_eq!(what(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn decisions_are_items_or_headings_and_those_to_fill_in_are_none() {
        let found = document(
            "# X\n\n## Key Decisions Made\n\n1. **Redis**: it is there\n   - why\n2. **[Decision Title]**: [Why]\n\
             3. **Decision:** Hash them\n\n## Design Decisions\n\n### D1: One table\n\n- because\n\n### [Title]\n",
        );
        let said: Vec<_> =
            found.decisions().iter().map(|span| found.slice(span).to_owned()).collect();
        assert_eq!(said, ["**Redis**: it is there", "Hash them", "D1: One table"]);
    }

    #[test]
    fn commands_are_those_that_can_be_typed() {
        let found = document(
            "# X\n\n## Commands to Resume Work\n\n```bash\n# begin\nmake test\n\npytest a[1] -v\n\
             pytest src/[adapter]/\n```\n\n## Other\n\n```\nrm x\n```\n",
        );
        assert_eq!(found.resume_commands(), ["make test", "pytest a[1] -v"]);
    }
}
