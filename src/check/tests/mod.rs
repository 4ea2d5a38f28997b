//! Messages and documents, judged.

mod known;

use super::*;
use crate::commit::Oid;
use crate::config::{Require, Tick};
use crate::doc::dialect::{FEATURE_FILE, WORKSPACE};
use crate::problem::Severity::{Error, Note, Warning};
use crate::tag;
use crate::task::FeatureId;

const LOGIN: &str = "\
# Feature: Login (PRD 07)

## Tasks

### Phase 1: Core

- [x] Task 1.1: Create schema
- [ ] Task 1.2: Add login form
- [ ] Task 1.3: Store the token
  - [x] Subtask 1.3.1
  - [ ] Subtask 1.3.2

### Phase 2: Tests

- [ ] Task 2.1: Write tests

## Progress Summary

- **Phase 1:** 33% complete (1/3 tasks done)
- **Overall:** 25% complete (1/4 tasks done)

## Git Commits

- `abc1234` - feat: x [PRD-XX Task 1.1]
";

fn login(text: &str) -> Document {
    Document::read("prd/tasks/07_login.md", text.into(), &FEATURE_FILE)
}

struct Repository {
    documents: Vec<Document>,
    older: Vec<Document>,
    features: Vec<FeatureId>,
    elsewhere: Vec<(FeatureId, String)>,
    likely: Option<&'static str>,
    replaced: Option<Oid>,
    tick: Tick,
}

impl Repository {
    fn with(documents: Vec<Document>) -> Self {
        Self {
            features: documents.iter().filter_map(Document::feature).collect(),
            documents,
            older: Vec::new(),
            elsewhere: Vec::new(),
            likely: None,
            replaced: None,
            tick: Tick::Default,
        }
    }

    fn knowledge(&self) -> Knowledge<'_> {
        Knowledge {
            documents: &self.documents,
            older: &self.older,
            features: &self.features,
            elsewhere: &self.elsewhere,
            likely: self.likely,
            replaced: self.replaced,
            is_past: false,
            tick: self.tick,
        }
    }

    fn judge(&self, text: &str) -> Vec<Problem> {
        message(text, &tag::read(text), &self.knowledge())
    }

    /// Code, severity and the first line of the hint.
    fn found(&self, text: &str) -> Vec<(&'static str, Severity, String)> {
        let first = |p: &Problem| p.hint.as_ref().and_then(|h| h.lines().next()).map(str::to_owned);
        let problems = self.judge(text);
        problems.iter().map(|p| (p.code, p.severity, first(p).unwrap_or_default())).collect()
    }

    /// Asserts one problem whose hint begins with a line.
    fn one(&self, text: &str, code: &str, severity: Severity, hint: &str) {
        let found = self.found(text);
        let found: Vec<_> = found.iter().map(|(c, s, h)| (*c, *s, h.as_str())).collect();
        assert_eq!(found, [(code, severity, hint)], "{text}");
    }
}

#[test]
fn a_good_message_has_no_problem() {
    let repository = Repository::with(vec![login(LOGIN)]);
    for text in [
        "",
        "feat: add login",
        "feat: add login [PRD-07 Task 1.2]",
        "feat: add login [prd 7 Tasks 1.2-1.3, 2.1 wip]\n\nBody [PRD-07].",
        "feat: more [PRD-07 Task 1.1 wip]",
        "feat: again [PRD-07 Task 1.1 reopen]",
        "[fix Task 1.1] an unknown slug is prose",
        "fix: `[PRD-99 Task 9.9]` in code",
        "fixup! feat: add [PRD-07 Task 9.9]",
        "Revert \"feat: x [PRD-07 Task 9.9]\"\n\nThis reverts commit 0123456789abcdef.",
    ] {
        assert_eq!(repository.found(text), [], "{text}");
    }
}

#[test]
fn a_fault_in_the_subject_is_answered_with_the_whole_subject() {
    let repository = Repository::with(vec![login(LOGIN)]);
    for (subject, code, expected) in [
        ("feat: a [PRD07 Task1.2]", "malformed-tag", "feat: a [PRD-07 Task 1.2]"),
        ("feat: a [PRD-07 Tsk 1.2] b", "malformed-tag", "feat: a [PRD-07 Task 1.2] b"),
        ("feat: a [PRD-07 1.2", "malformed-tag", ""),
        (
            "feat: a [PRD-07 Task 1.2 and more",
            "malformed-tag",
            "feat: a [PRD-07 Task 1.2] and more",
        ),
        ("[PRD07 Task1.2] feat: a", "malformed-tag", "feat: a [PRD-07 Task 1.2]"),
        ("feat: a\n  [PRD07 Task1.2]\n\nbody", "malformed-tag", "feat: a [PRD-07 Task 1.2]"),
        ("feat: a [PRD07 Task1.9]", "malformed-tag", "feat: a [PRD-07 Task 1.2]"),
        ("feat: a [PRD-XX Task N.N]", "placeholder-tag", "feat: a [PRD-07 Task 1.2]"),
        ("feat: a [PRD-07 wip]", "feature-word", "feat: a [PRD-07]"),
        ("feat: a [PRD-07 Task 1.9]", "unknown-task", "feat: a [PRD-07 Task 1.2]"),
        ("feat: a [PRD-07 Task 2.9 wip]", "unknown-task", "feat: a [PRD-07 Task 2.1 wip]"),
        ("feat: a [PRD-07 Tasks 1.2, 1.9]", "unknown-task", "feat: a [PRD-07 Tasks 1.2, 1.3]"),
        ("feat: a [PRD-07 Tasks 8.1-8.3]", "unknown-task", "feat: a [PRD-07 Task 2.1]"),
        ("feat: a [PRD-70 Task 1.2]", "unknown-feature", "feat: a [PRD-07 Task 1.2]"),
    ] {
        if expected.is_empty() {
            assert_eq!(repository.found(subject), [], "{subject}");
        } else {
            repository.one(subject, code, Error, expected);
        }
    }
}

#[test]
fn a_fault_in_the_body_is_answered_with_the_tag() {
    let repository = Repository::with(vec![login(LOGIN)]);
    repository.one("feat: a\n\nSee [PRD07 Task1.2].", "malformed-tag", Error, "[PRD-07 Task 1.2]");
    repository.one("feat: a\n\n[PRD-07 Task 1.9]", "unknown-task", Error, "[PRD-07 Task 1.2]");
}

#[test]
fn several_faults_of_a_subject_are_mended_by_one_paste() {
    let repository = Repository::with(vec![login(LOGIN)]);
    let found = repository.found("feat: a [PRD07 Task1.2] [PRD-07 Task 1.9] [PRD-07 Task 1.1]");
    let mended = "feat: a [PRD-07 Task 1.2] [PRD-07 Task 1.2] [PRD-07 Task 1.1]";
    assert_eq!(found[0], ("malformed-tag", Error, mended.to_owned()));
    assert_eq!(found[1], ("unknown-task", Error, mended.to_owned()));
    assert_eq!(found[2].0, "already-done");
}

#[test]
fn following_the_hints_leads_to_a_message_that_is_accepted() {
    let repository = Repository::with(vec![login(LOGIN)]);
    for subject in [
        "[PRD07 Task1.9] feat: a [PRD-70 Task 1.2] [PRD-07 wip]",
        "a [PRD-07 Task 1.2, PRD-07 Task 1.3]",
        "a [PRD-XX Task X.Y] [PRD-07 Tasks 5.5, 6.6 done]",
        "[PRD-07 Task 1.9][PRD-07 Task 1.8] a",
    ] {
        let hint = repository.found(subject).first().map(|(.., hint)| hint.clone());
        let hint = hint.expect("a problem");
        let left = repository.judge(&hint);
        assert!(left.iter().all(|p| p.severity < Error), "{subject} → {hint}: {left:#?}");
    }
}

#[test]
fn a_leading_tag_is_a_note() {
    let repository = Repository::with(vec![login(LOGIN)]);
    repository.one("[PRD-07 Task 1.2] feat: a", "leading-tag", Note, "feat: a [PRD-07 Task 1.2]");
}

#[test]
fn a_slug_is_a_feature_where_a_workspace_has_it() {
    let text = "# Tasks: Oracle\n\n- [ ] A1: one\n- [ ] A2: two\n";
    let workspace = Document::read("specs/active/oracle/tasks.md", text.into(), &WORKSPACE);
    let repository = Repository::with(vec![workspace]);
    repository.one("a [oracle Task A9]", "unknown-task", Error, "a [oracle Task A1]");
    repository.one("[oracle Task A1] a", "leading-tag", Note, "a [oracle Task A1]");
    assert_eq!(repository.found("[other Task A1] a"), []);
}

#[test]
fn too_much_is_refused_with_a_message() {
    let repository = Repository::with(vec![login(LOGIN)]);
    let many = "[PRD-07 Task 1.2] ".repeat(101);
    assert_eq!(repository.found(&format!("a {many}"))[0].0, "too-many-tags");
    let long = format!("a [PRD-07 Task 1.{}]", "9".repeat(80));
    assert_eq!(repository.found(&long)[0].0, "too-long-tag");
}

#[test]
fn a_missing_tag_is_asked_for_where_the_team_requires_one() {
    let mut repository = Repository::with(vec![login(LOGIN)]);
    let ask = |repository: &Repository, require, text: &str| {
        missing_tag(require, text, &tag::read(text), &repository.knowledge()).map(|p| {
            (p.severity, p.hint.unwrap_or_default().lines().next().unwrap_or("").to_owned())
        })
    };
    assert_eq!(ask(&repository, Require::Off, "a"), None);
    assert_eq!(ask(&repository, Require::Error, "a [PRD-07 Task 9.9]"), None);
    let hint = "a [PRD-07 Task 1.2]".to_owned();
    assert_eq!(ask(&repository, Require::Warn, "a"), Some((Warning, hint.clone())));
    assert_eq!(ask(&repository, Require::Error, "a\n\n[x Task 1]"), Some((Error, hint)));
    repository.likely = Some("[PRD-07 Task 2.1]");
    let hint = "a [PRD-07 Task 2.1]".to_owned();
    assert_eq!(ask(&repository, Require::Warn, "a"), Some((Warning, hint)));
}

#[test]
fn a_document_that_agrees_with_itself_has_no_problem() {
    assert_eq!(document(&login(LOGIN)), []);
}

#[test]
fn figures_that_the_boxes_contradict_are_stale() {
    let text = LOGIN.replace("33% complete (1/3", "66% complete (2/3");
    let problems = document(&login(&text));
    assert_eq!((problems[0].code, problems[0].line), ("stale-count", Some(19)));
    assert_eq!(problems[0].message, "`66%, 2 done`, expected 33%, 1 done: so say the boxes");
    let line = "write `- **Phase 1:** 33% complete (1/3 tasks done)`";
    assert_eq!(problems[0].hint.as_deref(), Some(line));
    let linked = text + "- `0a1b2c3` - x [PRD-07 Task 1.1]\n";
    assert_eq!(document(&login(&linked))[0].hint.as_deref(), Some("run `git spec-log sync`"));
}

#[test]
fn ids_that_two_tasks_carry_are_found() {
    let problems = document(&login(&LOGIN.replace("Task 1.3", "Task 1.1")));
    let found: Vec<_> = problems.iter().map(|p| (p.code, p.line)).collect();
    assert_eq!(found, [("duplicate-task", Some(9))]);
}
