//! Real edits of real documents as an oracle: setting the boxes that a commit
//! set must give the file that the commit left, to the byte.
//!
//! The documents lie beside the project and not in it; without them these
//! tests have nothing to look at.

use std::path::{Path, PathBuf};

use spec_log::doc::dialect::FEATURE_FILE;
use spec_log::doc::edit::{Habits, Wanted, set_task};
use spec_log::doc::{Document, State};
use spec_log::patch::Patch;

use crate::sandbox::Sandbox;

/// Where the corpus lies, seen from a checkout or from a work tree beside it.
fn corpus() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["../shared/corpus", "../../shared/corpus"]
        .map(|place| root.join(place))
        .into_iter()
        .find(|path| path.is_dir())
}

/// The states that an edit sets, by line counted from 1; `None` if it does
/// more than set states.
fn flips(before: &str, after: &str) -> Option<Vec<(usize, char)>> {
    let (old, new): (Vec<_>, Vec<_>) = (before.split('\n').collect(), after.split('\n').collect());
    if old.len() != new.len() {
        return None;
    }
    let changed = old.iter().zip(&new).enumerate().filter(|(_, (a, b))| a != b);
    changed.map(|(at, (a, b))| Some((at + 1, flipped(a, b)?))).collect()
}

fn flipped(old: &str, new: &str) -> Option<char> {
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let mut differs = (0..old.len().max(new.len())).filter(|&at| old.get(at) != new.get(at));
    let at = differs.next()?;
    let boxed =
        old.len() == new.len() && at > 0 && new[at - 1] == '[' && new.get(at + 1) == Some(&']');
    (boxed && differs.next().is_none()).then_some(new[at])
}

fn set_lines(text: &str, flips: &[(usize, char)]) -> Result<Vec<u8>, String> {
    let document = Document::read("tasks.md", text.into(), &FEATURE_FILE);
    let habits = Habits::of(&document);
    let mut patch = Patch::default();
    for &(line, mark) in flips {
        let task = document
            .tasks()
            .iter()
            .find(|task| task.mark.as_ref().is_some_and(|mark| document.line(mark.start) == line))
            .ok_or_else(|| format!("no box on line {line}"))?;
        let wanted = Wanted { state: State::of(mark), ..Wanted::as_is(task) };
        set_task(&document, task, wanted, habits, &mut patch);
    }
    Ok(patch.apply(text.as_bytes()))
}

#[test]
fn setting_the_boxes_a_commit_set_gives_the_file_it_left() {
    let Some(corpus) = corpus() else { return };
    let mut counts = [0; 3];
    let mut wrong = Vec::new();
    for edit in std::fs::read_dir(corpus.join("edits")).expect("edits").flatten() {
        let read = |name| std::fs::read_to_string(edit.path().join(name)).expect("UTF-8");
        let (before, after) = (read("before.md"), read("after.md"));
        match flips(&before, &after) {
            None => counts[1] += 1,
            Some(flips) => match set_lines(&before, &flips) {
                Ok(text) if text == after.as_bytes() => counts[0] += 1,
                Ok(_) => wrong.push(format!("{}: differs", edit.path().display())),
                Err(why) => wrong.push(format!("{}: {why}", edit.path().display())),
            },
        }
    }
    println!("{} equal, {} do more than set states, {} wrong", counts[0], counts[1], wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Sets the same boxes with `tick` and `untick`, one call each.
fn set_by_hand(sandbox: &Sandbox, text: &str, flips: &[(usize, char)]) -> Result<String, String> {
    sandbox.write("tasks.md", text);
    for (command, mark) in [("tick", 'x'), ("untick", ' ')] {
        let lines: Vec<String> = flips
            .iter()
            .filter(|(_, wanted)| wanted.eq_ignore_ascii_case(&mark))
            .map(|(line, _)| format!(":{line}"))
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        if lines.is_empty() {
            continue;
        }
        let output =
            sandbox.spec_log(&[&[command, "-q", "--file", "tasks.md"], &lines[..]].concat());
        if output.status != 0 {
            return Err(output.stderr);
        }
    }
    Ok(sandbox.read("tasks.md"))
}

#[test]
fn tick_and_untick_give_the_file_that_a_commit_left() {
    let Some(corpus) = corpus() else { return };
    let sandbox = Sandbox::new();
    let (mut equal, mut others) = (0, 0);
    let mut wrong = Vec::new();
    for edit in std::fs::read_dir(corpus.join("edits")).expect("edits").flatten() {
        let read = |name| std::fs::read_to_string(edit.path().join(name)).expect("UTF-8");
        let (before, after) = (read("before.md"), read("after.md"));
        let flips = flips(&before, &after).filter(|flips| {
            !flips.is_empty() && flips.iter().all(|(_, mark)| matches!(mark, ' ' | 'x' | 'X'))
        });
        match flips.map(|flips| set_by_hand(&sandbox, &before, &flips)) {
            None => others += 1,
            Some(Ok(text)) if text == after => equal += 1,
            Some(Ok(_)) => wrong.push(format!("{}: differs", edit.path().display())),
            Some(Err(why)) => wrong.push(format!("{}: {why}", edit.path().display())),
        }
    }
    println!("{equal} equal, {others} do more than tick, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
