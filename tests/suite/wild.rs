//! What real subjects say about tasks, by labels that were written by reading
//! each of them before the grammar was tuned.
//!
//! `tests/fixtures/wild/labels.tsv` holds commits and labels and no text; the
//! subjects lie beside the project and not in it, and without them there is
//! nothing to look at. `SPEC_LOG_SUBJECTS` and
//! `SPEC_LOG_LABELS` name other files of both.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use spec_log::tag::Selector;
use spec_log::tag::wild::{Form, Forms, Grammar, Hint, Mention, Says, Source, read};

/// Everything counts; `BACK` is what one of the repositories configures.
const GRAMMAR: Grammar<'_> = Grammar { forms: Forms::ALL, prefixes: &["BACK"] };

/// What a reader says of one subject.
struct Label {
    commit: String,
    feature: String,
    tasks: String,
    effect: String,
    note: String,
}

impl Label {
    fn of(line: &str) -> Self {
        let mut fields = line.split('\t').skip(1).map(str::to_owned);
        let mut next = || fields.next().expect("six fields");
        Self { commit: next(), feature: next(), tasks: next(), effect: next(), note: next() }
    }

    /// Whether the subject is a claim of work on tasks.
    fn is_link(&self) -> bool {
        matches!(self.effect.as_str(), "done" | "wip") && self.tasks != "-"
    }

    fn is_sure(&self) -> bool {
        self.note != "unsure"
    }
}

/// What is right, wrong and missed.
#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    unsure: usize,
}

fn subjects() -> Option<HashMap<String, String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = ["../shared/corpus/subjects.tsv", "../../shared/corpus/subjects.tsv"];
    let given = std::env::var_os("SPEC_LOG_SUBJECTS").map(PathBuf::from);
    let files = given.into_iter().chain(beside.map(|place| root.join(place)));
    let file = files.into_iter().find(|path| path.is_file())?;
    let text = std::fs::read_to_string(file).expect("subjects in UTF-8");
    let pair = |line: &str| {
        let mut fields = line.splitn(4, '\t').skip(1);
        Some((fields.next()?.to_owned(), fields.nth(1)?.to_owned()))
    };
    Some(text.lines().filter_map(pair).collect())
}

fn labels() -> Vec<Label> {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wild/labels.tsv");
    let file = std::env::var_os("SPEC_LOG_LABELS").map_or(fixture, PathBuf::from);
    let text = std::fs::read_to_string(file).expect("labels");
    text.lines().skip(1).map(Label::of).collect()
}

/// Tasks as labels write them: each once, in order, in capitals.
fn named<'a>(mentions: impl Iterator<Item = &'a Mention>) -> String {
    let one = |task: &Selector| match task {
        Selector::One(id) => id.to_string(),
        Selector::Range(from, to) => format!("{from}..{to}"),
    };
    let mut tasks: Vec<String> =
        mentions.flat_map(|mention| mention.tasks.iter().map(one)).collect();
    tasks.sort();
    tasks.dedup();
    tasks.join(",").to_uppercase()
}

#[test]
fn no_labelled_subject_is_linked_wrongly_and_few_are_missed() {
    let Some(subjects) = subjects() else { return };
    let mut scores: BTreeMap<Option<Form>, Score> = BTreeMap::new();
    let (mut wrong, mut missed, mut links, mut found_links) = (Vec::new(), Vec::new(), 0, 0);
    for label in labels() {
        let subject = &subjects[&label.commit];
        let mentions = read(subject, GRAMMAR);
        let work = || {
            mentions
                .iter()
                .filter(|mention| mention.says != Says::Books && !mention.tasks.is_empty())
        };
        let told = named(work());
        let hints: Vec<&Hint> = work().filter_map(|mention| mention.feature.as_ref()).collect();
        let is_other = |hint: &Hint| hint.source == Source::Tag && hint.word != label.feature;
        assert!(!hints.iter().any(|hint| is_other(hint)), "{hints:?}: {subject}");
        let meant = if label.is_link() { label.tasks.to_uppercase() } else { String::new() };
        let line =
            || format!("{told:?} for {meant:?} ({} {}): {subject}", label.effect, label.note);
        links += usize::from(label.is_link() && label.is_sure());
        for mention in work() {
            let score = scores.entry(Some(mention.form)).or_default();
            match () {
                () if told == meant => score.right += 1,
                () if !label.is_sure() => score.unsure += 1,
                () => score.wrong += 1,
            }
        }
        match () {
            () if told == meant => found_links += usize::from(label.is_link() && label.is_sure()),
            () if !label.is_sure() => println!("unsure: {}", line()),
            () if told.is_empty() => missed.push(line()),
            () => wrong.push(line()),
        }
        let hint = mentions.iter().find_map(|mention| mention.feature.as_ref());
        let alone = mentions.iter().find(|mention| mention.tasks.is_empty());
        if label.tasks == "-" && label.note != "prose-feature" && label.effect != "books" {
            let score = scores.entry(None).or_default();
            let hint = hint.map(|hint| hint.word.trim_start_matches("phase-"));
            match (alone.is_some(), label.feature.as_str()) {
                (true, feature) if hint == Some(feature) => score.right += 1,
                (false, "-") => {}
                (false, _) => score.unsure += 1,
                (true, _) => {
                    score.wrong += 1;
                    println!("feature {hint:?} for {}: {subject}", label.feature);
                }
            }
        }
    }
    for (form, score) in &scores {
        let name = form.map_or("feature alone", Form::name);
        println!(
            "{name:14} {:4} right {:3} wrong {:3} unsure",
            score.right, score.wrong, score.unsure
        );
    }
    println!("{found_links} of {links} links");
    println!("missed {missed:#?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(found_links * 100 >= links * 90, "{found_links} of {links}");
}
