//! Edits that a document proposes for its own parts.

use super::task_list::{State, before_comment};
use super::{Document, TaskItem};
use crate::patch::Patch;

/// What a task's line is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The state of its box.
    pub state: State,
    /// Whether it says that it is worked on.
    pub in_progress: bool,
}

impl Wanted {
    /// What the line says now.
    pub fn as_is(task: &TaskItem) -> Self {
        Self { state: task.state, in_progress: task.begun }
    }
}

/// How a file marks what is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// `x`, or `X` where the file uses that alone.
    cross: char,
    /// Whether done tasks end in ` ✓`: at the top, and below.
    tick: [bool; 2],
}

impl Habits {
    /// Reads the habits off the tasks that are done, and off an open one that
    /// ends in ` ✓`, which it keeps when it is done. Levels are looked at one by
    /// one, since files tick their tasks and not their subtasks; where a level
    /// has nothing done the other speaks for it.
    pub fn of(document: &Document) -> Self {
        let mut crosses = [0, 0];
        let mut ticks = [[0, 0], [0, 0]];
        for task in document.tasks() {
            let Some(mark) = &task.mark else { continue };
            let is_done = task.state.is_done();
            if is_done {
                crosses[usize::from(document.slice(mark) == "X")] += 1;
            }
            let counts = is_done && !speaks_of_ticks(document, task);
            if task.checklist.is_none() && (counts || task.tick.is_some()) {
                ticks[task.depth.min(1)][usize::from(task.tick.is_some())] += 1;
            }
        }
        let habit = |own: [usize; 2], other: [usize; 2]| {
            let [without, with] = if own == [0, 0] { other } else { own };
            with > 0 && with >= without
        };
        Self {
            cross: if crosses[1] > crosses[0] { 'X' } else { 'x' },
            tick: [habit(ticks[0], ticks[1]), habit(ticks[1], ticks[0])],
        }
    }
}

/// Whether a task's text has a `✓` that is no suffix: one behind it would not be
/// known again.
fn speaks_of_ticks(document: &Document, task: &TaskItem) -> bool {
    task.tick.is_none() && document.slice(&task.text).contains('✓')
}

/// Adds the edits that make a task's line say what is wanted. Headings have no
/// box and no suffix of their own and are left alone.
pub fn set_task(
    document: &Document,
    task: &TaskItem,
    wanted: Wanted,
    habits: Habits,
    patch: &mut Patch,
) {
    let Some(mark) = &task.mark else { return };
    let begun = document.dialect().begun;
    if wanted.state != task.state || (begun.is_some() && wanted.in_progress != task.begun) {
        let character = match wanted.state {
            State::Open => begun.filter(|_| wanted.in_progress).unwrap_or(' '),
            State::Done => habits.cross,
            State::Other(other) => other,
        };
        patch.replace(mark.clone(), character.to_string());
    }
    if wanted.state != task.state {
        match (&task.tick, wanted.state.is_done()) {
            (Some(tick), false) => drop(patch.replace(tick.clone(), "")),
            (None, true) if habits.tick[task.depth.min(1)] && !speaks_of_ticks(document, task) => {
                patch.insert(suffix_place(document, task), " ✓");
            }
            _ => {}
        }
    }
    if let Some(hash) = task.hash.as_ref().filter(|_| !wanted.state.is_done()) {
        patch.replace(hash.clone(), "");
    }
    match (&task.in_progress, wanted.in_progress) {
        (Some(suffix), false) => drop(patch.replace(suffix.clone(), "")),
        (None, true) if begun.is_none() => {
            patch.insert(suffix_place(document, task), " (IN PROGRESS)");
        }
        _ => {}
    }
}

/// Adds the edits that make the line of a task that is done end in a hash,
/// where its dialect has one there.
pub fn sign(document: &Document, task: &TaskItem, hash: &str, patch: &mut Patch) {
    let signature = format!(" {hash}");
    match &task.hash {
        _ if task.mark.is_none() || !document.dialect().signed => {}
        Some(now) if document.slice(now) == signature => {}
        Some(now) => drop(patch.replace(now.clone(), signature)),
        None => drop(patch.insert(suffix_place(document, task), signature)),
    }
}

/// Adds the edits that make a task's line state what another one states, as
/// that one writes it.
pub fn copy_state(
    document: &Document,
    task: &TaskItem,
    (model, source): (&Document, &TaskItem),
    patch: &mut Patch,
) {
    let bytes = |span: &std::ops::Range<usize>| model.bytes()[span.clone()].to_vec();
    let (Some(mark), Some(wanted)) = (&task.mark, &source.mark) else { return };
    if document.bytes()[mark.clone()] != model.bytes()[wanted.clone()] {
        patch.replace(mark.clone(), bytes(wanted));
    }
    let suffixes = [
        (&task.in_progress, &source.in_progress),
        (&task.tick, &source.tick),
        (&task.hash, &source.hash),
    ];
    for (now, wanted) in suffixes {
        match (now, wanted) {
            (Some(suffix), Some(wanted)) if document.slice(suffix) != model.slice(wanted) => {
                patch.replace(suffix.clone(), bytes(wanted))
            }
            (Some(suffix), None) => patch.replace(suffix.clone(), ""),
            (None, Some(wanted)) => patch.insert(suffix_place(document, task), bytes(wanted)),
            _ => continue,
        };
    }
}

/// Where a suffix goes: behind the text, before a hash or an HTML comment that
/// ends it.
fn suffix_place(document: &Document, task: &TaskItem) -> usize {
    let behind = || task.text.start + before_comment(document.slice(&task.text)).len();
    task.hash.as_ref().map_or_else(behind, |hash| hash.start)
}

#[cfg(test)]
mod tests {
    use super::super::dialect::{BUILT_IN, FEATURE_FILE, by_name};
    use super::*;

    fn set(text: &str, task: usize, state: State, in_progress: bool) -> String {
        let document = Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE);
        let mut patch = Patch::default();
        let wanted = Wanted { state, in_progress };
        let habits = Habits::of(&document);
        set_task(&document, &document.tasks()[task], wanted, habits, &mut patch);
        String::from_utf8(patch.apply(text.as_bytes())).expect("UTF-8")
    }

    #[test]
    fn the_mark_alone_changes() {
        assert_eq!(set("- [ ] a  \r\n- [x] b", 0, State::Done, false), "- [x] a  \r\n- [x] b");
        assert_eq!(set("* [X] a\n* [ ] b\n", 1, State::Done, false), "* [X] a\n* [X] b\n");
    }

    #[test]
    fn a_line_that_speaks_of_ticks_gets_none_and_says_nothing_of_the_habit() {
        let text = "# X (PRD 07)\n\n- [x] 1.1 a ✓\n- [x] 1.2 How-To ✓, Tutorial\n\
            - [x] 1.3 b ✓, c ✓\n- [ ] 1.4 d ✓ e\n- [ ] 1.5 f\n";
        assert!(set(text, 3, State::Done, false).ends_with("- [x] 1.4 d ✓ e\n- [ ] 1.5 f\n"));
        assert!(set(text, 4, State::Done, false).ends_with("- [x] 1.5 f ✓\n"));
    }

    #[test]
    fn a_tick_goes_before_the_hash_that_is_there() {
        let text = "# Plan\n\n- [x] a ✓ 1111111\n- [ ] b 2222222\n";
        let conductor = by_name("conductor").expect("a built-in dialect");
        let document = Document::read("conductor/tracks/x/plan.md", text.into(), conductor);
        let (task, mut patch) = (&document.tasks()[1], Patch::default());
        let wanted = Wanted { state: State::Done, in_progress: false };
        set_task(&document, task, wanted, Habits::of(&document), &mut patch);
        sign(&document, task, "3333333", &mut patch);
        let signed = String::from_utf8(patch.apply(text.as_bytes())).expect("UTF-8");
        assert!(signed.ends_with("- [x] b ✓ 3333333\n"), "{signed}");
    }

    #[test]
    fn a_files_own_tick_follows_the_state_level_by_level() {
        let text = "- [x] a ✓\n  - [x] b\n- [ ] c (IN PROGRESS)  \n  - [ ] d\n";
        assert_eq!(
            set(text, 2, State::Done, false),
            text.replace("[ ] c (IN PROGRESS)", "[x] c ✓")
        );
        assert_eq!(set(text, 3, State::Done, false), text.replace("[ ] d", "[x] d"));
        let noted = "- [x] a ✓ <!-- c -->\n- [ ] b\n";
        assert_eq!(
            set(noted, 0, State::Open, true),
            noted.replace("[x] a ✓", "[ ] a (IN PROGRESS)")
        );
        assert_eq!(set(text, 0, State::Open, true), text.replace("[x] a ✓", "[ ] a (IN PROGRESS)"));
    }

    #[test]
    fn a_habit_is_what_most_of_the_tasks_that_are_done_show() {
        for (tasks, expected) in [
            ("- [X] a\n- [x] b\n", "[x]"),
            ("- [X] a\n- [X] b\n- [x] c\n", "[X]"),
            ("- [x] a ✓\n- [x] b\n", "[x] ✓"),
            ("- [x] a ✓\n- [x] b\n- [x] c\n", "[x]"),
            ("- [ ] a ✓\n", "[x] ✓"),
            ("- a\n  - [x] b ✓\n", "[x] ✓"),
            ("- [~] a ✓\n", "[x] ✓"),
            ("", "[x]"),
        ] {
            let text = format!("{tasks}- [ ] last\n");
            let document = Document::read("07_x.md", text.clone().into(), &FEATURE_FILE);
            let set = set(&text, document.tasks().len() - 1, State::Done, false);
            let line = set.lines().last().expect("a line").replace("- ", "").replace(" last", "");
            assert_eq!(line, expected, "{tasks}");
        }
    }

    fn signed() -> &'static crate::doc::dialect::Dialect {
        BUILT_IN.iter().find(|dialect| dialect.signed).expect("a dialect that signs")
    }

    #[test]
    fn a_hash_is_signed_replaced_and_taken_away() {
        for (before, hash, after) in [
            ("- [x] a", "1234567", "- [x] a 1234567"),
            ("- [x] a 40359d2", "1234567", "- [x] a 1234567"),
            ("- [x] a 1234567", "1234567", "- [x] a 1234567"),
        ] {
            let read =
                |dialect| Document::read("x.md", format!("# X\n\n{before}\n").into(), dialect);
            let sign = |document: &Document| {
                let mut patch = Patch::default();
                super::sign(document, &document.tasks()[0], hash, &mut patch);
                patch.apply(document.bytes())
            };
            let (document, plain) = (read(signed()), read(&FEATURE_FILE));
            assert_eq!(sign(&document), format!("# X\n\n{after}\n").into_bytes(), "{before}");
            assert_eq!(sign(&plain), plain.bytes(), "{before}");
            let mut patch = Patch::default();
            let wanted = Wanted { state: State::Open, in_progress: false };
            let habits = Habits::of(&document);
            set_task(&document, &document.tasks()[0], wanted, habits, &mut patch);
            let opened = patch.apply(document.bytes());
            assert_eq!(String::from_utf8_lossy(&opened), format!("# X\n\n- [ ] {}\n", "a"));
        }
    }

    #[test]
    fn a_state_is_copied_as_its_line_has_it() {
        for (own, model, after) in [
            ("- [ ] a", "- [X] b ✓", "- [X] a ✓"),
            ("- [x] a ✓", "- [ ] b (in progress)", "- [ ] a (in progress)"),
            ("- [ ] a (IN PROGRESS)", "- [ ] b (in progress)", "- [ ] a (in progress)"),
            ("- [x] a ✓ <!-- c -->", "- [x] b", "- [x] a <!-- c -->"),
            ("- [-] a", "- [~] b", "- [~] a"),
            ("### Task 1.1: a\n\n- [ ] b", "- [x] b", "### Task 1.1: a\n\n- [ ] b"),
        ] {
            let read = |text: &str| {
                Document::read("07_x.md", format!("# X\n\n{text}\n").into(), &FEATURE_FILE)
            };
            let (own, model) = (read(own), read(model));
            let mut patch = Patch::default();
            copy_state(&own, &own.tasks()[0], (&model, &model.tasks()[0]), &mut patch);
            let copied = patch.apply(own.bytes());
            assert_eq!(String::from_utf8_lossy(&copied), format!("# X\n\n{after}\n"));
        }
    }
}
