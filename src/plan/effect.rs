//! What a commit's tags mean for a feature's tasks, for people and scripts to
//! read; nothing is changed here.

use std::collections::HashSet;

use super::Reverted;
use super::targets::between;
use crate::config::Tick;
use crate::doc::{Document, Lookup};
use crate::tag::{Selector, Tag, Word};
use crate::task::TaskId;

/// What a link means for its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The task is done.
    Done,
    /// The task is worked on.
    Wip,
    /// The task is open again.
    Reopen,
    /// The commit is about it, and says nothing of its state.
    Ref,
    /// What another commit said of it is taken back.
    Revert,
}

impl Effect {
    /// Its name in `--json` and in text.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Wip => "wip",
            Self::Reopen => "reopen",
            Self::Ref => "ref",
            Self::Revert => "revert",
        }
    }

    fn of(word: Word, tick: Tick) -> Self {
        match (word, tick) {
            (Word::None, Tick::Default) | (Word::Done, _) => Self::Done,
            (Word::None, Tick::DoneOnly) | (Word::Wip, _) => Self::Wip,
            (Word::None, Tick::Never) => Self::Ref,
            (Word::Reopen, _) => Self::Reopen,
        }
    }
}

/// One link of a commit: a task of the feature, or the feature itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// The task as the document writes it, else as the tag does.
    pub task: Option<TaskId>,
    /// What is said of it.
    pub effect: Effect,
}

/// The links that tags of one feature make, each once, in the order of the
/// message.
///
/// A range takes the document's own tasks between both ends; without a
/// document, or where that has none there, the ends stand for it.
pub fn links(
    tags: &[Tag],
    reverts: &[Reverted],
    document: Option<&Document>,
    tick: Tick,
) -> Vec<Link> {
    let said = tags.iter().map(|tag| (tag, Effect::of(tag.word, tick)));
    let taken_back =
        reverts.iter().flat_map(|reverted| &reverted.tags).map(|tag| (tag, Effect::Revert));
    let (mut links, mut seen) = (Vec::new(), HashSet::new());
    for (tag, effect) in said.chain(taken_back) {
        let own = match tag.tasks.is_empty() {
            true if effect == Effect::Revert => vec![Link { task: None, effect }],
            true => vec![Link { task: None, effect: Effect::Ref }],
            false => tasks(tag, document).map(|id| Link { task: Some(id), effect }).collect(),
        };
        links.extend(own.into_iter().filter(|link| seen.insert(link.clone())));
    }
    links
}

fn tasks(tag: &Tag, document: Option<&Document>) -> impl Iterator<Item = TaskId> {
    tag.tasks.iter().flat_map(move |selector| match selector {
        Selector::One(id) => vec![written(id, document)],
        Selector::Range(first, last) => {
            let own = document.map(|document| {
                let within = between(document, first, last);
                let id = |task: usize| document.tasks()[task].id.clone();
                within.into_iter().filter_map(id).collect::<Vec<_>>()
            });
            own.filter(|own| !own.is_empty())
                .unwrap_or_else(|| vec![written(first, document), written(last, document)])
        }
    })
}

/// An id as the document writes it, a handle as it is shown.
fn written(id: &TaskId, document: Option<&Document>) -> TaskId {
    let task = document.and_then(|document| match document.find(id) {
        Lookup::One(task) => document.address(task),
        Lookup::Many(_) | Lookup::None => None,
    });
    task.unwrap_or_else(|| id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commit::Oid;
    use crate::doc::dialect::FEATURE_FILE;
    use crate::tag;

    fn said(message: &str, document: Option<&str>, tick: Tick) -> Vec<String> {
        let document =
            document.map(|text| Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE));
        let links = links(&tag::read(message).tags, &[], document.as_ref(), tick);
        let word = |link: &Link| {
            let task = link.task.as_ref().map_or("-", TaskId::as_str);
            format!("{task} {}", link.effect.name())
        };
        links.iter().map(word).collect()
    }

    #[test]
    fn a_range_takes_the_documents_tasks_or_its_ends() {
        let text = "# X (PRD 07)\n\n- [ ] 1.1 a\n- [ ] 1.2 b\n- [ ] 1.3 c\n- [ ] 1.4 d\n";
        let message = "feat: x [PRD-07 Tasks 1.1-1.3 wip] [PRD-07 Task 1.1 wip]";
        assert_eq!(said(message, Some(text), Tick::Default), ["1.1 wip", "1.2 wip", "1.3 wip"]);
        assert_eq!(said(message, None, Tick::Default), ["1.1 wip", "1.3 wip"]);
    }

    #[test]
    fn a_bare_tag_means_what_the_team_decided() {
        let message = "feat: x [PRD-07 Task 1] [PRD-07 Task 2 done] [PRD-07]";
        assert_eq!(said(message, None, Tick::Default), ["1 done", "2 done", "- ref"]);
        assert_eq!(said(message, None, Tick::DoneOnly), ["1 wip", "2 done", "- ref"]);
        assert_eq!(said(message, None, Tick::Never), ["1 ref", "2 done", "- ref"]);
    }

    #[test]
    fn what_a_revert_takes_back_is_told_of_tasks_and_of_the_feature() {
        let taken = Reverted {
            oid: Oid::from_bytes(&[0; 20]).expect("twenty bytes"),
            commit: None,
            tags: tag::read("x [PRD-07 Task 1.1 wip] [PRD-07] [PRD-07 Task 1.1]").tags,
        };
        let links = links(&tag::read("y [PRD-07]").tags, &[taken], None, Tick::Default);
        let told = |link: &Link| (link.task.as_ref().map(TaskId::to_string), link.effect);
        let expected =
            [(None, Effect::Ref), (Some("1.1".to_owned()), Effect::Revert), (None, Effect::Revert)];
        assert_eq!(links.iter().map(told).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_id_is_told_as_the_document_writes_it() {
        let text = "# X (PRD 07)\n\n- [ ] A1: a\n- [ ] B1: b\n- [ ] B1: c\n";
        let message = "feat: x [PRD-07 Task a1] [PRD-07 Task b1] [PRD-07 Tasks 8.1-8.2]";
        let expected = ["A1 done", "b1 done", "8.1 done", "8.2 done"];
        assert_eq!(said(message, Some(text), Tick::Default), expected);
    }
}
