//! Tags that name a feature or a task that is not there, is there twice, or is
//! done.

use std::collections::HashMap;

use super::message::{Fault, Knowledge};
use super::subject::Fix;
use super::{select, shorten};
use crate::config::Tick;
use crate::doc::{Document, Lookup};
use crate::problem::{Problem, Severity};
use crate::tag::{Selector, Tag, Word};
use crate::task::{FeatureId, TaskId};

/// How many other tasks or features a hint names.
const MAX_NAMED: usize = 3;

/// The longest title that a hint repeats, in characters.
const MAX_TITLE: usize = 40;

/// What is wrong with one tag.
pub(super) fn faults(tag: &Tag, knowledge: &Knowledge<'_>) -> Vec<Fault> {
    let (here, before) = (knowledge.here(&tag.feature), knowledge.before(&tag.feature));
    match (here.as_slice(), before.first()) {
        ([], None) => unknown_feature(tag, knowledge).into_iter().collect(),
        ([], Some(document)) => in_document(tag, document, &before, knowledge),
        ([document], _) => in_document(tag, document, &before, knowledge),
        (several, _) => vec![ambiguous(tag, several)],
    }
}

fn ambiguous(tag: &Tag, documents: &[&Document]) -> Fault {
    let paths: Vec<String> = documents.iter().map(|d| format!("`{}`", d.path())).collect();
    let said = format!(
        "`{}` is the feature of {}, expected one document",
        tag.feature,
        super::and(&paths)
    );
    let hint = format!(
        "give one of them another number, for instance in the title of {}",
        paths[paths.len() - 1]
    );
    let path = documents.last().map_or("", |document| document.path());
    let problem = Problem::new("ambiguous-feature", Severity::Error, said).at(path, None);
    Fault { problem, fix: None, more: Some(hint) }
}

/// A numbered feature that no document tracks; an unknown slug is prose.
fn unknown_feature(tag: &Tag, knowledge: &Knowledge<'_>) -> Option<Fault> {
    let FeatureId::Prd(number) = tag.feature else { return None };
    let new = format!("or make its document: `git spec-log new NAME --prd {number}`");
    let feature = &tag.feature;
    if let Some((_, branch)) = knowledge.elsewhere.iter().find(|(id, _)| id == feature) {
        let said = format!("`{feature}` has no document here, expected that of branch `{branch}`");
        let more = format!("`git merge {branch}` brings it; the link counts as soon as it is here");
        let problem = Problem::new("unknown-feature", Severity::Warning, said);
        return Some(Fault { problem, fix: None, more: Some(more) });
    }
    if knowledge.features.is_empty() {
        let said = format!("`{feature}` has no document, expected one that tracks it");
        let more = format!("`git spec-log new NAME --prd {number}` makes it");
        let problem = Problem::new("unknown-feature", Severity::Warning, said);
        return Some(Fault { problem, fix: None, more: Some(more) });
    }
    let (nearest, is_near) = nearest_features(feature, knowledge.features);
    let named: Vec<String> = nearest.iter().map(|id| format!("`{id}`")).collect();
    let said =
        format!("`{feature}` has no document, expected a feature such as {}", super::and(&named));
    let fix = nearest.first().filter(|_| is_near).map(|&near| {
        let text = Tag { feature: near.clone(), ..tag.clone() }.to_string();
        Fix { span: tag.span.clone(), text }
    });
    let more = if fix.is_some() { new } else { new.replacen("or ", "", 1) };
    let problem = Problem::new("unknown-feature", Severity::Error, said);
    Some(Fault { problem, fix, more: Some(more) })
}

/// The features most like one, and whether the first surely was meant.
fn nearest_features<'a>(feature: &FeatureId, all: &'a [FeatureId]) -> (Vec<&'a FeatureId>, bool) {
    let wanted = feature.to_string();
    let distance = |id: &FeatureId| strsim::osa_distance(&wanted, &id.to_string());
    let mut all: Vec<&FeatureId> = all.iter().collect();
    all.sort_by_key(|id| (distance(id), (*id).clone()));
    all.dedup();
    let is_near = match all.as_slice() {
        [only] => matches!(only, FeatureId::Prd(_)),
        [first, second, ..] => distance(first) <= 1 && distance(second) > 1,
        [] => false,
    };
    all.truncate(MAX_NAMED);
    (all, is_near)
}

/// What is wrong with the tasks of a tag whose feature is known.
fn in_document(
    tag: &Tag,
    document: &Document,
    before: &[&Document],
    knowledge: &Knowledge<'_>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut corrected = tag.tasks.clone();
    for (at, selector) in tag.tasks.iter().enumerate() {
        match (select::lookup(document, selector), selector) {
            (Lookup::None, _) if !is_known(before, selector) => {
                let near = nearest(document, first_id(selector), &corrected);
                match near.first() {
                    Some(&task) => corrected[at] = Selector::One(id_of(document, task)),
                    None => corrected.clear(),
                }
                faults.push(unknown_task(tag, selector, document, &near));
                if corrected.is_empty() {
                    break;
                }
            }
            (Lookup::Many(tasks), Selector::One(id)) => {
                let mut problem = super::duplicate(document, id, &tasks);
                let more = problem.hint.take();
                faults.push(Fault { problem, fix: None, more });
            }
            _ => {}
        }
    }
    if faults.is_empty() {
        return already_done(tag, document, before, knowledge).into_iter().collect();
    }
    // The feature alone is a tag only where it is a number.
    let is_tag = !corrected.is_empty() || matches!(tag.feature, FeatureId::Prd(_));
    let word = if corrected.is_empty() { Word::None } else { tag.word };
    let text = Tag { tasks: corrected, word, ..tag.clone() }.to_string();
    let unknown = faults.iter_mut().filter(|fault| fault.problem.code == "unknown-task" && is_tag);
    unknown.for_each(|fault| fault.fix = Some(Fix { span: tag.span.clone(), text: text.clone() }));
    faults
}

fn is_known(documents: &[&Document], selector: &Selector) -> bool {
    documents.iter().any(|document| select::lookup(document, selector) != Lookup::None)
}

fn first_id(selector: &Selector) -> &TaskId {
    match selector {
        Selector::One(id) | Selector::Range(id, _) => id,
    }
}

fn unknown_task(tag: &Tag, selector: &Selector, document: &Document, near: &[usize]) -> Fault {
    let named = match selector {
        Selector::One(id) => format!("`{id}` is no task"),
        Selector::Range(first, last) => format!("`{first}` to `{last}` holds no task"),
    };
    let said = format!("{named} of `{}`, expected one of `{}`", tag.feature, document.path());
    let mut shown: Vec<usize> = near.iter().copied().take(MAX_NAMED).collect();
    let open = open_tasks(document).map(|(task, _)| task);
    let more: Vec<usize> = open.filter(|task| !shown.contains(task)).take(MAX_NAMED).collect();
    shown.extend(more);
    shown.sort_unstable();
    let more = match shown.as_slice() {
        [] => "no line of it begins with an id such as `1.2`".to_owned(),
        _ => format!("or one of {}", titles(document, &shown)),
    };
    let problem = Problem::new("unknown-task", Severity::Error, said).at(document.path(), None);
    Fault { problem, fix: None, more: Some(more) }
}

/// The tasks whose ids are most like one, those that a tag names already left
/// out: by the letters that differ, then of its own phase, then open ones.
fn nearest(document: &Document, wanted: &TaskId, named: &[Selector]) -> Vec<usize> {
    let text = wanted.as_str().to_ascii_lowercase();
    let phase = |id: &str| id.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let mut found: Vec<_> = identified(document)
        .filter(|(_, id)| !named.contains(&Selector::One((*id).clone())))
        .map(|(task, id)| {
            let distance = strsim::osa_distance(&text, &id.as_str().to_ascii_lowercase());
            let is_other = phase(id.as_str()) != phase(&text);
            (distance, is_other, document.tasks()[task].state.is_done(), task)
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(.., task)| task).take(MAX_NAMED).collect()
}

/// The tasks with an id that no other task carries.
fn identified(document: &Document) -> impl Iterator<Item = (usize, &TaskId)> {
    let tasks = document.tasks().iter().enumerate().filter(|(_, task)| task.checklist.is_none());
    let named: Vec<(usize, &TaskId)> =
        tasks.filter_map(|(at, task)| Some((at, task.id.as_ref()?))).collect();
    let mut carriers: HashMap<&TaskId, usize> = HashMap::new();
    named.iter().for_each(|(_, id)| *carriers.entry(id).or_default() += 1);
    named.into_iter().filter(move |(_, id)| carriers.get(id) == Some(&1))
}

/// The open tasks that have an id, in the order of the text.
pub(super) fn open_tasks(document: &Document) -> impl Iterator<Item = (usize, &TaskId)> {
    identified(document).filter(|(at, _)| !document.tasks()[*at].state.is_done())
}

fn id_of(document: &Document, task: usize) -> TaskId {
    document.tasks()[task].id.clone().expect("only tasks with an id are looked at")
}

/// `1.2` Add login; `1.3` Add logout
fn titles(document: &Document, tasks: &[usize]) -> String {
    let title = |&task: &usize| {
        let title = shorten(document.task_title(task), MAX_TITLE);
        format!("`{}` {title}", id_of(document, task)).trim_end().to_owned()
    };
    tasks.iter().map(title).collect::<Vec<_>>().join("; ")
}

/// The warning that a tag finishes what is finished.
///
/// A box that only the work tree shows as done may have been ticked by hand
/// for this very commit; it counts where the document's own list of commits
/// says so as well.
fn already_done(
    tag: &Tag,
    document: &Document,
    before: &[&Document],
    knowledge: &Knowledge<'_>,
) -> Option<Fault> {
    if !matches!(tag.word, Word::None | Word::Done) {
        return None;
    }
    let is_replaced = |hash: &str| knowledge.replaced.is_some_and(|oid| oid.has_prefix(hash));
    let mut recorded = None;
    let mut is_settled = |task: usize, selector: &Selector| {
        let all_done = |document: &Document, task: usize| {
            let mut below = document.below(task).map(|part| &document.tasks()[part]);
            document.tasks()[task].state.is_done()
                && (tag.word == Word::None || below.all(|part| part.state.is_done()))
        };
        let was_done = |older: &&Document| {
            let tasks = select::tasks(older, &narrowed(document, task, selector));
            !tasks.is_empty() && tasks.iter().all(|&task| all_done(older, task))
        };
        all_done(document, task)
            && (before.iter().all(was_done)
                || recorded
                    .get_or_insert_with(|| select::recorded(document, is_replaced))
                    .contains(&task))
    };
    let done: Vec<usize> = tag
        .tasks
        .iter()
        .flat_map(|selector| {
            select::tasks(document, selector).into_iter().map(move |t| (t, selector))
        })
        .filter(|(task, selector)| is_settled(*task, selector))
        .map(|(task, _)| task)
        .collect();
    let first = *done.first()?;
    Some(done_fault(tag, document, &done, first, knowledge.tick))
}

/// The one task of a selection.
fn narrowed(document: &Document, task: usize, selector: &Selector) -> Selector {
    document.tasks()[task].id.clone().map_or_else(|| selector.clone(), Selector::One)
}

fn done_fault(tag: &Tag, document: &Document, done: &[usize], first: usize, tick: Tick) -> Fault {
    let ids: Vec<String> =
        done.iter().map(|&task| format!("`{}`", id_of(document, task))).collect();
    let verb = if ids.len() == 1 { "is" } else { "are" };
    let opens = tick == Tick::DoneOnly && tag.word == Word::None;
    let so = if opens { "; this commit opens it again" } else { "" };
    let said = format!("{} {verb} done already, expected an open task{so}", super::and(&ids));
    let with = |tasks: Vec<Selector>, word| Tag { tasks, word, ..tag.clone() }.to_string();
    let again = with(tag.tasks.clone(), if opens { Word::Done } else { Word::Wip });
    let next = open_tasks(document)
        .find(|(task, _)| *task > first)
        .or_else(|| open_tasks(document).next());
    let is_single = matches!(tag.tasks.as_slice(), [Selector::One(_)]);
    let (text, more) = match next.filter(|_| is_single && !opens) {
        Some((task, id)) => (
            with(vec![Selector::One(id.clone())], tag.word),
            format!(
                "is {}; `{again}` if there is more to do on {}",
                titles(document, &[task]),
                ids[0]
            ),
        ),
        None if opens => (again, "keeps it done".to_owned()),
        None => (again, "if there is more to do".to_owned()),
    };
    let line = document.line(document.tasks()[first].text.start);
    let problem =
        Problem::new("already-done", Severity::Warning, said).at(document.path(), Some(line));
    Fault { problem, fix: Some(Fix { span: tag.span.clone(), text }), more: Some(more) }
}
