//! What ends a stretch of work, and the file that follows the tasks.

use spec_log::commit::Oid;
use spec_log::doc::Document;
use spec_log::doc::dialect::RECOVERY;
use spec_log::plan::recovery::{Paths, Source, recovery};
use spec_log::plan::session::{Prose, Stretch, checkpoint};
use spec_log::plan::{Said, active};

use super::choices::Choices;
use super::edit::same;
use super::history::{Recorded, SETTINGS, dialect, history, read};
use super::merge::cut;

const TEMPLATE: &[u8] = include_bytes!("../../src/template/built_in/recovery.md");

/// Records commits, then ends the session, and brings a recovery file up to
/// date: what stands behind the separator, or the template's.
pub fn run(input: &[u8]) {
    let (mut choices, texts) = Choices::split(input);
    let dialect = dialect(&mut choices);
    let (text, view) = cut(texts).unwrap_or((texts, TEMPLATE));
    let history = history(&read(text, dialect), &mut choices);
    let mut recorded = Recorded::new(text);
    recorded.record(dialect, &history, &(0..history.len()).collect::<Vec<_>>());

    let tasks = read(&recorded.text, dialect);
    let paths = paths(&history);
    let follow = |text: &[u8]| {
        let document = read(text, &RECOVERY);
        let source = Source { tasks: &tasks, history: &history, dropped: &[], paths: &paths };
        recovery(&document, source, SETTINGS).apply(document.bytes())
    };
    let once = follow(view);
    same(&once, &follow(&once), "a recovery file, once and twice");

    let settled: Vec<Said> =
        history.iter().map(|said| Said { new: false, ..said.clone() }).collect();
    let prose = Prose { decisions: Some("a\n## b [x](y)".to_owned()), ..Prose::default() };
    let prose = choices.of(&[None, Some(&prose)]).cloned().unwrap_or_default();
    let before = read(text, dialect);
    let end = |document: &Document, prose: &Prose| {
        let stretch = Stretch::of(document, &settled);
        let ended = checkpoint(document, Some(&before), &stretch, prose, SETTINGS.tick);
        ended.patch.apply(document.bytes())
    };
    let ended = end(&tasks, &prose);
    let document = read(&ended, dialect);
    end(&document, &Prose::default());

    for task in 0..document.tasks().len().min(8) {
        let done = active::finish(&document, task).apply(&ended);
        let document = read(&done, dialect);
        active::begin(&document, task.min(document.tasks().len().saturating_sub(1)));
    }
}

/// A few files for each commit.
fn paths(history: &[Said]) -> Paths {
    let files = |oid: &Oid| vec![format!("src/{}.rs", oid.abbrev(2)), "app/[id]/a b.md".to_owned()];
    history.iter().map(|said| (said.commit.oid, files(&said.commit.oid))).collect()
}
