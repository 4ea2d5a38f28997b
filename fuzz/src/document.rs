//! Any bytes are a document, in any dialect.

use std::ops::Range;

use spec_log::doc::{Document, Lookup, identity};

use super::choices::Choices;
use super::history::{PATH, dialect};

/// Reads a document and all of its parts.
pub fn run(input: &[u8]) {
    let (mut choices, text) = Choices::split(input);
    let dialect = dialect(&mut choices);
    let document = Document::read(PATH, text.to_vec(), dialect);
    assert_eq!(document.bytes(), text);
    spans_hold(&document);
    parts_hold(&document);
    tasks_are_found(&document);
    let told = identity(PATH, text, dialect).map(|(feature, _)| feature);
    assert_eq!(told, document.feature(), "the beginning and the whole name one feature");
}

/// Each span can be cut out of the text.
fn spans_hold(document: &Document) {
    let holds = |span: &Range<usize>| {
        assert!(document.text().get(span.clone()).is_some(), "{span:?}");
    };
    for task in document.tasks() {
        holds(&task.text);
        [&task.mark, &task.in_progress, &task.tick].into_iter().flatten().for_each(holds);
    }
    for entry in document.entries().into_iter().flat_map(|entries| &entries.list) {
        holds(&entry.hash);
        holds(&entry.span);
    }
    document.headings().iter().for_each(|heading| holds(&heading.body));
    document.blockers().iter().for_each(|blocker| holds(&blocker.text));
    document.priorities().iter().for_each(|priority| holds(&priority.text));
    document.next_steps().iter().for_each(holds);
    document.decisions().iter().for_each(holds);
    [document.what(), document.why()].iter().flatten().for_each(holds);
    for session in document.session_log().into_iter().flat_map(|log| log.sessions) {
        holds(&session.span);
        holds(&session.header);
        holds(&session.number);
    }
    for list in [document.completed(), document.files_modified()].into_iter().flatten() {
        list.items.iter().for_each(|item| holds(&item.text));
    }
}

/// What only has to answer.
fn parts_hold(document: &Document) {
    document.title();
    document.plan();
    document.resume_commands();
    document.open_tasks();
    document.phases();
    document.labelled_value(&["last action"]);
    assert!(document.line(document.bytes().len()) >= 1);
}

/// A task is found by what a tag calls it.
fn tasks_are_found(document: &Document) {
    for task in 0..document.tasks().len() {
        document.task_title(task);
        let Some(address) = document.address(task) else { continue };
        match document.find(&address) {
            Lookup::One(found) => assert_eq!(found, task, "{address}"),
            Lookup::Many(found) => assert!(found.contains(&task), "{address}"),
            Lookup::None => panic!("{address} names a task and finds none"),
        }
    }
}
