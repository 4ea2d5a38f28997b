//! Whose task a mention means: ids are local to a feature.

use super::super::native::strip_word_start;
use super::{Hint, Mention, Selector, Source};
use crate::task::FeatureId;

/// What is known about a commit besides its message.
pub struct Context<'a> {
    /// Every feature that has a document.
    pub features: &'a [FeatureId],
    /// Those whose task documents the commit touches.
    pub touched: &'a [FeatureId],
    /// Those that the name of the commit's branch names.
    pub on_branch: &'a [FeatureId],
    /// The feature of the active task.
    pub active: Option<&'a FeatureId>,
    /// Whether a feature's document holds what a selector names.
    pub holds: &'a dyn Fn(&FeatureId, &Selector) -> bool,
}

/// On what evidence a feature was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// It is named beside the task.
    Tag,
    /// The scope names it.
    Scope,
    /// The commit touches its task document and no other's.
    Document,
    /// The branch names it.
    Branch,
    /// Its task is the active one.
    Active,
    /// No other feature has such a task.
    Unique,
}

/// Whose task it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// This feature's.
    Feature(FeatureId, Evidence),
    /// One of these features', and nothing says which: no link.
    Ambiguous(Vec<FeatureId>),
    /// Nobody's that is known: no link.
    Unknown,
}

/// Finds the feature of a mention, by the first evidence that there is.
///
/// A feature that the message names is the only one that can be meant, even
/// if it has no such task; where none is called so, that a task is the only one
/// of its name says nothing. Weaker evidence is passed over where its feature
/// lacks one of the tasks.
pub fn resolve(mention: &Mention, context: &Context<'_>) -> Resolution {
    let holds_all =
        |feature: &FeatureId| mention.tasks.iter().all(|task| (context.holds)(feature, task));
    if let Some(hint) = &mention.feature {
        let mut named = context.features.iter().filter(|feature| hint.names(feature));
        let evidence = match hint.source {
            Source::Tag => Evidence::Tag,
            Source::Scope => Evidence::Scope,
        };
        match (named.next(), named.next()) {
            (Some(feature), None) if holds_all(feature) => {
                return Resolution::Feature(feature.clone(), evidence);
            }
            (None, _) if hint.source == Source::Scope => {}
            (Some(first), Some(second)) => {
                let all = [first, second].into_iter().chain(named);
                return Resolution::Ambiguous(all.cloned().collect());
            }
            _ => return Resolution::Unknown,
        }
    }
    if mention.tasks.is_empty() {
        return Resolution::Unknown;
    }
    let names_another = mention.feature.as_ref().is_some_and(Hint::is_telling);
    let active: Vec<FeatureId> = context.active.into_iter().cloned().collect();
    let evidence: [(Evidence, &[FeatureId]); 4] = [
        (Evidence::Document, context.touched),
        (Evidence::Branch, context.on_branch),
        (Evidence::Active, &active),
        (Evidence::Unique, if names_another { &[] } else { context.features }),
    ];
    let mut holders = Vec::new();
    for (evidence, features) in evidence {
        holders = features.iter().filter(|feature| holds_all(feature)).cloned().collect();
        if let [feature] = &holders[..] {
            return Resolution::Feature(feature.clone(), evidence);
        }
    }
    if holders.is_empty() { Resolution::Unknown } else { Resolution::Ambiguous(holders) }
}

impl Hint {
    /// Whether the word is surely meant for a feature.
    pub(super) fn is_telling(&self) -> bool {
        self.source == Source::Tag || is_telling(&self.word)
    }

    /// Whether the word names a feature: its id, also without the date under
    /// which it was put away, or the number that its id begins with.
    pub fn names(&self, feature: &FeatureId) -> bool {
        [&self.word, without_kind(&self.word)].into_iter().any(|word| names(word, feature))
    }
}

fn names(word: &str, feature: &FeatureId) -> bool {
    let is_number = word.bytes().all(|b| b.is_ascii_digit());
    match feature {
        // A plain number in a scope is most often an issue's.
        FeatureId::Prd(_) => {
            (!is_number || word.starts_with('0'))
                && FeatureId::parse(word).as_ref() == Some(feature)
        }
        FeatureId::Slug(slug) => {
            let rest = strip_word_start(slug, word);
            rest.is_some_and(|rest| rest.is_empty() || is_number && rest.starts_with(['-', '_']))
                || word.contains('-') && undated(slug).is_some_and(|name| name == word)
        }
    }
}

/// What a feature was called before it was put away under a date:
/// `2026-01-27-add-login` was `add-login`.
fn undated(slug: &str) -> Option<&str> {
    let (date, name) = (slug.get(..10)?, slug.get(10..)?.strip_prefix('-')?);
    let is_date = date.bytes().enumerate().all(|(at, b)| match at {
        4 | 7 => b == b'-',
        _ => b.is_ascii_digit(),
    });
    is_date.then_some(name)
}

/// A word without what says that it names a feature: `phase-08-03` is `08-03`.
pub(super) fn without_kind(word: &str) -> &str {
    const KINDS: &[&str] = &["change", "feature", "mission", "phase", "plan", "spec", "track"];
    let rest = KINDS.iter().find_map(|kind| strip_word_start(word, kind));
    rest.and_then(|rest| rest.strip_prefix(['-', '_', ' '])).unwrap_or(word)
}

pub(super) fn is_prd(word: &str) -> bool {
    strip_word_start(word, "prd").is_some_and(|rest| {
        rest.trim_start_matches(['-', '_']).starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Whether a word is surely more than an area of the code: `004-events`,
/// `05-03`, `prd-12`, `020`, or a slug of three words and more.
pub(super) fn is_telling(word: &str) -> bool {
    let inner = without_kind(word);
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &inner[digits..];
    let is_number = (2..=3).contains(&digits)
        && (rest.is_empty() || rest.starts_with(['-', '.']) && rest.contains('-'));
    is_number || is_prd(inner) || inner.split('-').filter(|word| word.len() > 1).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::super::{Forms, Grammar, read};
    use super::*;
    use crate::task::TaskId;

    fn slugs(names: &[&str]) -> Vec<FeatureId> {
        names.iter().map(|name| FeatureId::Slug((*name).to_owned())).collect()
    }

    /// Whether a feature has a task: `T01` stands in those whose name holds
    /// an `a`, `T02` in those with a `b`.
    fn holds(feature: &FeatureId, task: &Selector) -> bool {
        let is = |id: &str| *task == Selector::One(TaskId::parse(id).expect("an id"));
        let name = feature.to_string();
        is("T01") && name.contains('a') || is("T02") && name.contains('b')
    }

    /// Resolves the first mention of a message; each list names features.
    fn resolved(message: &str, touched: &[&str], branch: &[&str], active: &[&str]) -> String {
        let mut features = slugs(&["004-ab", "005-a", "006-b", "007-b"]);
        features.push(FeatureId::Prd(7));
        let [touched, on_branch, active] = [touched, branch, active].map(slugs);
        let context = Context {
            features: &features,
            touched: &touched,
            on_branch: &on_branch,
            active: active.first(),
            holds: &holds,
        };
        let mentions = read(message, Grammar { forms: Forms::ALL, prefixes: &[] });
        match resolve(&mentions[0], &context) {
            Resolution::Feature(feature, evidence) => format!("{feature} {evidence:?}"),
            Resolution::Ambiguous(features) => format!("one of {}", features.len()),
            Resolution::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn the_first_evidence_decides_whose_task_it_is() {
        let (ab, a) = (&["004-ab"][..], &["005-a"][..]);
        for (message, touched, branch, active, expected) in [
            ("x [004-ab T01]", a, a, a, "004-ab Tag"),
            ("x [Spec 004 T01]", a, a, a, "004-ab Tag"),
            ("feat(004-ab): x (T01)", a, a, a, "004-ab Scope"),
            ("feat(005): x (T01)", ab, ab, ab, "005-a Scope"),
            ("feat(005): x", ab, ab, ab, "005-a Scope"),
            ("feat(phase-005-a): x", &[], &[], &[], "005-a Scope"),
            ("feat(ui): x (T01)", ab, a, a, "004-ab Document"),
            ("x (T01)", &[], ab, a, "004-ab Branch"),
            ("x (T01)", &["004-ab", "005-a"], a, ab, "005-a Branch"),
            ("x (T01)", &[], &[], a, "005-a Active"),
            ("x (T01, T02)", &[], &[], &[], "004-ab Unique"),
            ("x (T01)", &[], &[], &[], "one of 2"),
            ("feat(008): x (T01, T02)", &[], &[], &[], "unknown"),
            ("feat(prd-12): x (T01, T02)", &[], &[], &[], "unknown"),
            ("feat(004,005): x (T01)", &[], &[], &[], "one of 2"),
            ("feat(004/ui): x (T01)", &[], &[], &[], "004-ab Scope"),
            ("feat(ui): x (T01, T02)", &[], &[], &[], "004-ab Unique"),
            ("x (T03)", a, a, a, "unknown"),
            ("feat(prd-07): x", &[], &[], &[], "PRD-07 Scope"),
        ] {
            assert_eq!(resolved(message, touched, branch, active), expected, "{message}");
        }
    }

    #[test]
    fn a_feature_that_the_message_names_is_the_only_one() {
        let a = &["005-a"][..];
        assert_eq!(resolved("x [008-c T01]", a, a, a), "unknown");
        assert_eq!(resolved("x [006-b T01]", a, a, a), "unknown");
        assert_eq!(resolved("feat(006-b): x (T01)", a, a, a), "unknown");
    }

    #[test]
    fn weaker_evidence_is_passed_over_where_the_task_is_missing() {
        let (a, b) = (&["005-a"][..], &["006-b"][..]);
        assert_eq!(resolved("x (T01)", b, a, &[]), "005-a Branch");
        assert_eq!(resolved("x (T01)", b, b, a), "005-a Active");
    }

    #[test]
    fn a_word_names_a_feature_by_its_id_or_its_number() {
        let hint = |word: &str| Hint::new(word, Source::Scope);
        let (slug, prd) = (FeatureId::Slug("004-events".to_owned()), FeatureId::Prd(7));
        for word in ["004-events", "004-Events", "004", "spec-004-events"] {
            assert!(hint(word).names(&slug), "{word}");
        }
        for word in ["004-event", "4", "events", "04", "004-events-x"] {
            assert!(!hint(word).names(&slug), "{word}");
        }
        let away = FeatureId::Slug("2026-01-27-add-login".to_owned());
        assert!(hint("add-login").names(&away) && !hint("login").names(&away));
        for (word, is) in [("prd-7", true), ("PRD_07", true), ("07", true), ("7", false)] {
            assert_eq!(hint(word).names(&prd), is, "{word}");
        }
    }
}
