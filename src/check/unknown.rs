//! Tags that name a feature or a task that is not there, or is there twice.

use super::links::quoted;
use super::message::{Fault, Knowledge};
use super::nearest::{MAX_NAMED, is_near, nearest, open_tasks, titled};
use super::subject::Fix;
use super::{done, select};

use crate::doc::dialect::{is_named_by_folder, path_feature};
use crate::doc::{Document, Lookup};
use crate::problem::{Problem, Severity};
use crate::tag::{Selector, Tag, Word};
use crate::task::{FeatureId, TaskId};

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

/// What gives a document another name than its feature has: a number where it
/// is numbered, else a move of its folder or of its file.
pub fn another_name(path: &str) -> String {
    let moved = |old: &str, new: &str| format!("run `git mv {} {}`", quoted(old), quoted(new));
    match (path_feature(path), path.rsplit_once('/')) {
        (Some(FeatureId::Slug(_)), Some((folder, _))) if is_named_by_folder(path) => {
            moved(folder, &format!("{folder}-2"))
        }
        _ => format!("give it another number, for instance in the title of `{path}`"),
    }
}

fn ambiguous(tag: &Tag, documents: &[&Document]) -> Fault {
    let paths: Vec<String> = documents.iter().map(|d| format!("`{}`", d.path())).collect();
    let said = format!(
        "`{}` is the feature of {}, expected one document",
        tag.feature,
        super::and(&paths)
    );
    let path = documents.last().map_or("", |document| document.path());
    let hint = format!("leaves the tag out; to keep it, {}", another_name(path));
    let problem = Problem::new("ambiguous-feature", Severity::Error, said).at(path, None);
    let fix = Some(Fix { span: tag.span.clone(), text: String::new() });
    Fault { problem, fix, more: Some(hint) }
}

/// A numbered feature that no document tracks; an unknown slug is prose.
fn unknown_feature(tag: &Tag, knowledge: &Knowledge<'_>) -> Option<Fault> {
    let FeatureId::Prd(number) = tag.feature else { return None };
    let new = format!("or begin its document: `git spec-log new NAME --prd {number}`");
    let feature = &tag.feature;
    if let Some((_, branch)) = knowledge.elsewhere.iter().find(|(id, _)| id == feature) {
        let said = format!("`{feature}` has no document here, expected that of branch `{branch}`");
        let more = format!("`git merge {branch}` brings it; the link counts as soon as it is here");
        let problem = Problem::new("unknown-feature", Severity::Warning, said);
        return Some(Fault { problem, fix: None, more: Some(more) });
    }
    if knowledge.features.is_empty() {
        let said = format!("`{feature}` has no document, expected one that tracks it");
        let more = format!("begin it: `git spec-log new NAME --prd {number}`");
        let problem = Problem::new("unknown-feature", Severity::Warning, said);
        return Some(Fault { problem, fix: None, more: Some(more) });
    }
    let (nearest, is_near) = nearest_features(feature, knowledge.features);
    let named: Vec<String> = nearest.iter().map(|id| format!("`{id}`")).collect();
    let said =
        format!("`{feature}` has no document, expected a feature such as {}", super::and(&named));
    let fix = nearest.first().filter(|_| is_near).map(|&near| moved(tag, near, knowledge));
    let more = match fix {
        Some(_) => new,
        None => {
            let choice = nearest.iter().map(|&near| moved(tag, near, knowledge).text);
            let choice = choice.map(|text| format!("\n  {text}")).collect::<String>();
            new.replacen("or ", "", 1) + "; or, if one of these is meant" + &choice
        }
    };
    let problem = Problem::new("unknown-feature", Severity::Error, said);
    Some(Fault { problem, fix, more: Some(more) })
}

/// The same tag of another feature, with its tasks looked up too, so that
/// nobody is refused once more.
fn moved(tag: &Tag, feature: &FeatureId, knowledge: &Knowledge<'_>) -> Fix {
    let meant = Tag { feature: feature.clone(), ..tag.clone() };
    let faults = match knowledge.here(feature).is_empty() {
        true => Vec::new(),
        false => faults(&meant, knowledge),
    };
    let wrong = faults.into_iter().find(|fault| fault.problem.severity == Severity::Error);
    let fix = wrong.and_then(|fault| fault.fix);
    fix.unwrap_or_else(|| Fix { span: tag.span.clone(), text: meant.to_string() })
}

/// The feature that surely was meant by one that has no document.
pub fn meant_feature<'a>(feature: &FeatureId, all: &'a [FeatureId]) -> Option<&'a FeatureId> {
    let (nearest, is_near) = nearest_features(feature, all);
    nearest.first().copied().filter(|_| is_near)
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
    let mut twice = Vec::new();
    for (at, selector) in tag.tasks.iter().enumerate() {
        match (select::lookup(document, selector), selector) {
            (Lookup::None, _) if !is_known(before, selector) => {
                let near = nearest(document, first_id(selector), &corrected);
                let meant = near
                    .first()
                    .filter(|(task, id)| is_near(document, first_id(selector), *task, id));
                match meant {
                    Some((_, id)) => corrected[at] = Selector::One(id.clone()),
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
                let more = more.map(|hint| format!("names it not; to name it, {hint}"));
                faults.push(Fault { problem, fix: None, more });
                twice.push(selector.clone());
            }
            _ => {}
        }
    }
    if faults.is_empty() {
        return done::already_done(tag, document, before, knowledge).into_iter().collect();
    }
    corrected.retain(|selector| !twice.contains(selector));
    // The feature alone is a tag only where it is a number.
    let is_tag = !corrected.is_empty() || matches!(tag.feature, FeatureId::Prd(_));
    let word = if corrected.is_empty() { Word::None } else { tag.word };
    let text = Tag { tasks: corrected, word, ..tag.clone() }.to_string();
    let text = if is_tag { text } else { String::new() };
    let fix = Fix { span: tag.span.clone(), text };
    faults.iter_mut().for_each(|fault| fault.fix = Some(fix.clone()));
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

fn unknown_task(
    tag: &Tag,
    selector: &Selector,
    document: &Document,
    near: &[(usize, TaskId)],
) -> Fault {
    let named = match selector {
        Selector::One(id) => format!("`{id}` is no task"),
        Selector::Range(first, last) => format!("`{first}` to `{last}` holds no task"),
    };
    let said = format!("{named} of `{}`, expected one of `{}`", tag.feature, document.path());
    let mut shown: Vec<usize> = near.iter().map(|(task, _)| *task).take(MAX_NAMED).collect();
    let open = open_tasks(document).map(|(task, _)| task);
    let more: Vec<usize> = open.filter(|task| !shown.contains(task)).take(MAX_NAMED).collect();
    shown.extend(more);
    shown.sort_unstable();
    let more = match shown.as_slice() {
        [] => "it has no task".to_owned(),
        shown => {
            let line = |&task: &usize| format!("\n  {}", titled(document, task));
            "or one of".to_owned() + &shown.iter().map(line).collect::<String>()
        }
    };
    let problem = Problem::new("unknown-task", Severity::Error, said).at(document.path(), None);
    Fault { problem, fix: None, more: Some(more) }
}
