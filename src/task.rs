//! Ids of features and tasks.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// The longest id that is read as one, in bytes (a handle: in characters);
/// anything longer is prose.
pub const MAX_ID_LEN: usize = 64;

/// What a handle begins with: `~add-login-form`.
pub const HANDLE: char = '~';

/// Names one feature: a numbered plan (`PRD-07`) or a workspace's slug.
///
/// Equality follows what people mean: `PRD-7`, `PRD-07` and `prd 07` are one
/// feature, and a slug is compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeatureId {
    /// `PRD-07`.
    Prd(u32),
    /// `oracle-secrets`, in lower case.
    Slug(String),
}

impl FeatureId {
    /// Reads an id as it stands in a tag or on the command line.
    ///
    /// A bare number is a numbered plan. Answers `None` for text that cannot
    /// be an id: empty, longer than [`MAX_ID_LEN`], or with characters that no
    /// slug has.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > MAX_ID_LEN {
            return None;
        }
        if let Some(number) = prd_number(text) {
            return Some(Self::Prd(number));
        }
        let is_slug = text.starts_with(|c: char| c.is_alphanumeric())
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        is_slug.then(|| Self::Slug(text.to_lowercase()))
    }
}

fn prd_number(text: &str) -> Option<u32> {
    let digits = match text.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("prd") => {
            text[3..].trim_start_matches([' ', '-', '_'])
        }
        _ => text,
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

impl fmt::Display for FeatureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prd(number) => write!(f, "PRD-{number:02}"),
            Self::Slug(slug) => f.write_str(slug),
        }
    }
}

/// Names one task inside its feature: `1.2`, `1.2a`, `A1`, `T001`, or by the
/// words that it begins with, its *handle*: `~add-login-form`.
///
/// Ordered as people count (`1.10` after `1.9`), compared without regard to
/// case or leading zeros, printed as written.
#[derive(Clone, Debug)]
pub struct TaskId {
    text: String,
    key: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Number(u32),
    Word(String),
}

impl TaskId {
    /// Reads an id: letters and digits, in groups that single dots or hyphens
    /// join, with at least one digit; or a handle.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(words) = text.strip_prefix(HANDLE) {
            return Self::of_words(words);
        }
        let mut key = Vec::with_capacity(2);
        each_run(text, |run| key.push(Part::of(run)))?;
        Some(Self { text: text.to_owned(), key })
    }

    /// Whether [`parse`](Self::parse) reads an id that is no handle.
    pub fn is_id(text: &str) -> bool {
        each_run(text, |_| {}).is_some()
    }

    /// The handle of these words, joined by single hyphens.
    fn of_words(words: &str) -> Option<Self> {
        let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphanumeric);
        let is_handle = words.chars().count() < MAX_ID_LEN && words.split('-').all(is_word);
        is_handle.then(|| Self {
            text: format!("{HANDLE}{words}"),
            key: vec![Part::Word(format!("{HANDLE}{}", words.to_lowercase()))],
        })
    }

    /// The words of a handle; `None` for any other id.
    pub fn words(&self) -> Option<&str> {
        self.text.strip_prefix(HANDLE)
    }

    /// How deep the numbering goes: 0 for `T001`, 1 for `1.2`, 2 for `1.2.3`.
    pub fn level(&self) -> usize {
        self.text.matches('.').count()
    }

    /// The id as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A part of an id as it is written.
enum Run<'t> {
    Digits(u32),
    Letters(&'t str),
}

impl Part {
    fn of(run: Run<'_>) -> Self {
        match run {
            Run::Digits(number) => Self::Number(number),
            Run::Letters(letters) => Self::Word(letters.to_ascii_uppercase()),
        }
    }
}

/// Visits the parts of an id: those of `12a` are 12 and `a`. `None` where the
/// text is none.
fn each_run<'t>(text: &'t str, mut visit: impl FnMut(Run<'t>)) -> Option<()> {
    let bytes = text.as_bytes();
    let (mut at, mut has_number, mut may_join) = (0, false, false);
    while let Some(&byte) = bytes.get(at).filter(|_| bytes.len() <= MAX_ID_LEN) {
        let run =
            |is_alike: fn(&u8) -> bool| bytes[at..].iter().take_while(|b| is_alike(b)).count();
        let end = at
            + match byte {
                b'0'..=b'9' => run(u8::is_ascii_digit),
                b'a'..=b'z' | b'A'..=b'Z' => run(u8::is_ascii_alphabetic),
                b'.' | b'-' if may_join => 1,
                _ => return None,
            };
        match byte {
            b'.' | b'-' => {}
            b'0'..=b'9' => visit(Run::Digits(text[at..end].parse().ok()?)),
            _ => visit(Run::Letters(&text[at..end])),
        }
        may_join = !matches!(byte, b'.' | b'-');
        has_number |= byte.is_ascii_digit();
        at = end;
    }
    (has_number && may_join).then_some(())
}

impl PartialEq for TaskId {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for TaskId {}

impl Hash for TaskId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl Ord for TaskId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for TaskId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_numbered_plan_is_one_feature() {
        for text in ["PRD-7", "PRD-07", "prd 07", "PRD_007", "7", "prd7"] {
            assert_eq!(FeatureId::parse(text), Some(FeatureId::Prd(7)), "{text}");
        }
        assert_eq!(FeatureId::Prd(7).to_string(), "PRD-07");
        assert_eq!(FeatureId::Prd(123).to_string(), "PRD-123");
    }

    #[test]
    fn a_slug_keeps_its_words_and_loses_its_case() {
        let slug = FeatureId::parse("Oracle-Secrets").expect("a slug");
        assert_eq!(slug.to_string(), "oracle-secrets");
        for text in ["", "a b", "../x", "-x", "PRD-99999999999"] {
            let id = FeatureId::parse(text);
            assert!(!matches!(id, Some(FeatureId::Prd(_))), "{text}: {id:?}");
        }
    }

    #[test]
    fn tasks_are_ordered_as_people_count() {
        let ids: Vec<_> = ["1.2", "1.2a", "1.9", "1.10", "2", "A1", "T001"]
            .iter()
            .map(|text| TaskId::parse(text).expect("an id"))
            .collect();
        assert!(ids.is_sorted());
        assert_eq!(TaskId::parse("t1"), TaskId::parse("T001"));
        assert_ne!(TaskId::parse("1.1"), TaskId::parse("1.10"));
    }

    #[test]
    fn a_handle_is_words_joined_by_hyphens() {
        for text in ["~add", "~Add-Login", "~2-tests", "~添加-登录"] {
            let id = TaskId::parse(text).expect("a handle");
            assert_eq!((id.as_str(), id.words()), (text, Some(&text[1..])));
        }
        assert_eq!(TaskId::parse("~Add-Login"), TaskId::parse("~add-login"));
        assert_ne!(TaskId::parse("~1"), TaskId::parse("1"));
        let long = format!("~{}", "a".repeat(64));
        for text in ["~", "~-a", "~a-", "~a--b", "~a b", "~a.b", "~~a", &long] {
            assert!(TaskId::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_has_no_digit_or_an_empty_group_is_no_id() {
        for text in ["", "N.N", "X", "1..2", "1.", ".1", "1/2", "99999999999", "é1"] {
            assert!(TaskId::parse(text).is_none() && !TaskId::is_id(text), "{text}");
        }
    }
}
