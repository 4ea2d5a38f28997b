//! The laws of a merge, over every document at hand: two sides made by
//! recording commits, and merged with git's own three-way merge in the middle.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use spec_log::doc::dialect::Dialect;
use spec_log::merge::{History, Joined, Known, Merged, Sides, Three};
use spec_log::plan::{Reverted, Said};
use spec_log::repo::{Marking, Repo};

use crate::laws::{Random, each, history, read, record};
use crate::sandbox::Sandbox;

/// git's three-way merge.
struct Git {
    _sandbox: Sandbox,
    repo: Repo,
}

impl Git {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let repo = Repo::discover(sandbox.top()).expect("a repository");
        Self { _sandbox: sandbox, repo }
    }

    fn merge(
        &self,
        dialect: &'static Dialect,
        history: &History,
        [base, ours, theirs]: [&[u8]; 3],
    ) -> Merged {
        let texts = Three { base: base.to_vec(), ours: ours.to_vec(), theirs: theirs.to_vec() };
        let sides = Sides::read("prd/tasks/07_x.md", dialect, texts);
        let marking = Marking::default();
        let join = |texts: Three<Vec<u8>>| {
            let joined = self.repo.join_texts(&texts.base, &texts.ours, &texts.theirs, marking)?;
            let (text, conflicts) = (joined.text, joined.conflicts);
            Ok::<_, spec_log::repo::Error>(Joined { text, conflicts, marker: marking.size })
        };
        sides.merge(history, join).expect("git merges texts")
    }
}

/// What history knows, by every way in which a hash may be written.
fn known(said: &[Said]) -> History {
    let by_hash = |said: &Said| {
        let full = said.commit.oid.to_string();
        let known = Known { said: Said { new: false, ..said.clone() }, contained: false };
        (7..=full.len()).map(|len| (full[..len].to_owned(), known.clone())).collect::<Vec<_>>()
    };
    said.iter().flat_map(by_hash).collect::<HashMap<_, _>>()
}

/// Two sides of one document and all that was recorded on either.
struct Case {
    base: Vec<u8>,
    sides: [Vec<u8>; 2],
    all: Vec<u8>,
    history: Vec<Said>,
}

/// Records some commits, then some more on each side; each commit is on both
/// sides, on one, or on neither.
fn case(bytes: &[u8], dialect: &'static Dialect, random: &mut Random, with_reverts: bool) -> Case {
    let history = history(&read(bytes, dialect), random, with_reverts);
    let shared = random.below(history.len());
    let before: Vec<usize> = (0..shared).collect();
    let mut parts: Vec<usize> = (shared..history.len()).map(|_| random.below(3)).collect();
    // What a commit takes back is in the history of its own side.
    for at in shared..history.len() {
        let target = |reverted: &Reverted| {
            history.iter().position(|said| said.commit.oid == reverted.oid).unwrap_or(0)
        };
        for target in history[at].reverts.iter().map(target).filter(|&target| target >= shared) {
            parts[at - shared] = parts[target - shared];
        }
    }
    let on = |side: usize| -> Vec<usize> {
        let later = (shared..history.len()).zip(&parts);
        later.filter(|(_, part)| **part == side || **part == 2).map(|(at, _)| at).collect()
    };
    let mut at_base = BTreeSet::new();
    let base = record(bytes, dialect, &history, &mut at_base, &before);
    let sides =
        [0, 1].map(|side| record(&base, dialect, &history, &mut at_base.clone(), &on(side)));
    let rest: Vec<usize> = (shared..history.len()).collect();
    let all = record(&base, dialect, &history, &mut at_base, &rest);
    Case { base, sides, all, history }
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// Where two texts differ, and how the sides came about; `None` where they do
/// not.
fn difference(path: &Path, one: &[u8], other: &[u8], case: &Case) -> Option<String> {
    let differing = |one: &[u8], other: &[u8]| {
        let (one, other) = (shown(one), shown(other));
        let pairs = one.lines().map(str::to_owned).zip(other.lines().map(str::to_owned));
        pairs.filter(|(one, other)| one != other).take(4).collect::<Vec<_>>()
    };
    let said = |said: &Said| {
        let reverts: Vec<String> = said.reverts.iter().map(|r| r.oid.abbrev(7)).collect();
        let sides =
            case.sides.each_ref().map(|side| shown(side).contains(&said.commit.oid.abbrev(7)));
        let [oid, message] = [&said.commit.oid.abbrev(7), &said.commit.message];
        format!("{oid} {message:?} reverts {reverts:?} on {sides:?}")
    };
    let history: Vec<String> = case.history.iter().map(said).collect();
    let [ours, theirs] = case.sides.each_ref().map(|side| differing(&case.base, side));
    (one != other).then(|| {
        let found = differing(one, other);
        format!("{}: {found:#?}\n{history:#?}\nours {ours:#?}\ntheirs {theirs:#?}", path.display())
    })
}

#[test]
fn a_side_that_did_nothing_has_no_effect() {
    let git = Git::new();
    each(|path, bytes, dialect, random| {
        let case = case(bytes, dialect, random, true);
        let history = known(&case.history);
        let side = &case.sides[0];
        for texts in [
            [&case.base, side, &case.base],
            [&case.base, &case.base, side],
            [&case.base, side, side],
        ] {
            let merged = git.merge(dialect, &history, texts.map(Vec::as_slice));
            assert!(merged.text == *side && !merged.conflicts, "{}", path.display());
        }
    });
}

#[test]
fn commits_recorded_on_two_sides_merge_to_what_recording_all_of_them_gives() {
    let git = Git::new();
    let (mut merges, mut faults) = (0, Vec::new());
    each(|path, bytes, dialect, random| {
        if dialect.entries.is_none() {
            return;
        }
        let case = case(bytes, dialect, random, true);
        let history = known(&case.history);
        let [one, other] = &case.sides;
        for texts in [[&case.base, one, other], [&case.base, other, one]] {
            let merged = git.merge(dialect, &history, texts.map(Vec::as_slice));
            if merged.conflicts {
                faults.push(format!("{}: {}", path.display(), shown(&merged.text)));
                continue;
            }
            faults.extend(difference(path, &merged.text, &case.all, &case));
            merges += 1;
        }
    });
    assert!(faults.is_empty(), "{} of {merges} merges, such as {}", faults.len(), faults[0]);
    println!("{merges} merges");
}

/// What a person does to a document besides: words at the end of a line or
/// between two, and boxes ticked by hand.
fn edited(text: &[u8], words: &str, random: &mut Random) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = text.split(|&b| b == b'\n').map(<[u8]>::to_vec).collect();
    for number in 0..1 + random.below(3) {
        let at = random.below(lines.len());
        let line = &mut lines[at];
        match (random.below(3), line.windows(3).position(|part| part == b"[ ]")) {
            (0, Some(place)) => line[place + 1] = b'x',
            (1, _) => line.extend_from_slice(format!(" {words}{number}").as_bytes()),
            _ => lines.insert(at, format!("{words}{number}").into_bytes()),
        }
    }
    lines.join(&b'\n')
}

#[test]
fn a_merge_is_the_same_from_either_side_and_loses_no_word_and_no_entry() {
    let git = Git::new();
    let (mut merges, mut conflicts, mut faults) = (0, 0, Vec::new());
    each(|path, bytes, dialect, random| {
        // A third of the documents with each seed, for the time it takes.
        if random.below(3) > 0 {
            return;
        }
        let mut case = case(bytes, dialect, random, true);
        for (side, words) in case.sides.iter_mut().zip(["oneword", "otherword"]) {
            *side = edited(side, words, random);
        }
        let history = known(&case.history);
        let [one, other] = &case.sides;
        let merged = git.merge(dialect, &history, [&case.base, one, other]);
        let turned = git.merge(dialect, &history, [&case.base, other, one]);
        merges += 1;
        conflicts += usize::from(merged.conflicts);
        if merged.conflicts != turned.conflicts {
            faults.push(format!("{}: a conflict from one side only", path.display()));
        } else if !merged.conflicts {
            faults.extend(difference(path, &merged.text, &turned.text, &case));
        }
        let text = shown(&merged.text);
        let words = [one, other].map(|side| shown(side));
        let words = words.iter().flat_map(|side| side.split_whitespace());
        let lost = words.filter(|word| word.contains("word") && !text.contains(word));
        faults.extend(lost.map(|word| format!("{}: lost `{word}`\n{text}", path.display())));
        let hashes = |text: &[u8]| {
            let document = read(text, dialect);
            let list = document.entries().map_or(&[][..], |entries| &entries.list);
            list.iter().map(|entry| document.slice(&entry.hash).to_owned()).collect::<BTreeSet<_>>()
        };
        let (listed, base) = (hashes(&merged.text), hashes(&case.base));
        let new = [one, other].map(|side| hashes(side));
        let lost =
            new.iter().flatten().filter(|hash| !base.contains(*hash) && !text.contains(*hash));
        faults.extend(lost.map(|hash| format!("{}: lost {hash} of {listed:?}", path.display())));
    });
    assert!(faults.is_empty(), "{} of {merges} merges, such as {}", faults.len(), faults[0]);
    println!("{merges} merges, {conflicts} with conflicts");
}
