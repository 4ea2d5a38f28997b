//! Patterns for documents.
//!
//! Written here and not with `globset`, because a hook compiles them on every
//! commit: these take a microsecond, a regular expression several hundred.
//! `*` and `?` stay within one name, `[a-z]` and `[!a-z]` stand for one
//! character, `**` for any number of directories. As in a shell, a wildcard
//! does not take a name that begins with a dot.

use super::{Error, beneath::is_name};

/// A set of patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Globs {
    pub(super) patterns: Vec<Vec<Part>>,
}

/// One part of a pattern, between slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A name as it stands.
    Name(String),
    /// `*.md`: any name that ends so; what nearly every pattern ends in.
    Ending(String),
    /// A name with other wildcards.
    Wild(Vec<char>),
    /// `**`.
    Any,
}

impl Globs {
    /// Reads patterns such as `features/**/*.md`. A pattern that leads out of
    /// the work tree or into a `.git` is refused.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, Error> {
        let patterns = patterns.iter().map(|pattern| parse(pattern.as_ref()));
        Ok(Self { patterns: patterns.collect::<Result<_, _>>()? })
    }

    /// Whether a path, relative to the top with `/` between, is one of them.
    pub fn matches(&self, path: &str) -> bool {
        self.match_names(&path.split('/').collect::<Vec<_>>())
    }

    /// The same of a path as its names.
    pub fn match_names(&self, names: &[&str]) -> bool {
        self.patterns.iter().any(|parts| matches(parts, names))
    }

    /// The directory above the first wildcard of the first pattern: where its
    /// files lie.
    pub fn base(&self) -> String {
        let parts = self.patterns.first().map_or(&[][..], Vec::as_slice);
        let above = &parts[..parts.len().saturating_sub(1)];
        let name = |part: &Part| match part {
            Part::Name(name) => Some(name.clone()),
            Part::Ending(_) | Part::Wild(_) | Part::Any => None,
        };
        above.iter().map_while(name).collect::<Vec<_>>().join("/")
    }

    /// Whether a directory can hold a match at any depth.
    pub fn may_lead_to(&self, dir: &str) -> bool {
        let names: Vec<&str> = dir.split('/').collect();
        self.patterns.iter().any(|parts| leads(parts, &names))
    }
}

/// The patterns of several sets, in order.
impl<'g> FromIterator<&'g Globs> for Globs {
    fn from_iter<I: IntoIterator<Item = &'g Self>>(sets: I) -> Self {
        Self { patterns: sets.into_iter().flat_map(|set| set.patterns.clone()).collect() }
    }
}

impl Part {
    /// Whether the part takes this name.
    pub(super) fn takes(&self, name: &str) -> bool {
        match self {
            Self::Name(wanted) => wanted == name,
            Self::Ending(end) => !name.starts_with('.') && name.ends_with(end.as_str()),
            Self::Wild(pattern) => {
                (!name.starts_with('.') || pattern.first() == Some(&'.')) && wild(pattern, name)
            }
            Self::Any => !name.starts_with('.'),
        }
    }
}

fn parse(pattern: &str) -> Result<Vec<Part>, Error> {
    let refused = |why| Error::Pattern { pattern: pattern.to_owned(), why };
    let trimmed = pattern.strip_prefix("./").unwrap_or(pattern).trim_end_matches('/');
    let mut parts = Vec::new();
    for part in trimmed.split('/') {
        if !is_name(part) {
            return Err(refused("every part must be a name other than `.`, `..` and `.git`"));
        }
        let is_wild = |part: &str| part.contains(['*', '?', '[']);
        let part = match part.strip_prefix('*') {
            Some("*") => Part::Any,
            Some(end) if !is_wild(end) => Part::Ending(end.to_owned()),
            _ if is_wild(part) => Part::Wild(part.chars().collect()),
            _ => Part::Name(part.to_owned()),
        };
        if part != Part::Any || parts.last() != Some(&Part::Any) {
            parts.push(part);
        }
    }
    if parts.len() > 64 || pattern.len() > 4096 {
        return Err(refused("it is too long"));
    }
    Ok(parts)
}

/// Matches by going back to the last `**` only: what an earlier one could
/// take besides, the last one can take too.
fn matches(parts: &[Part], names: &[&str]) -> bool {
    let (mut part, mut name, mut back) = (0, 0, None);
    while name < names.len() {
        match parts.get(part) {
            Some(Part::Any) => {
                back = Some((part, name));
                part += 1;
                continue;
            }
            Some(found) if found.takes(names[name]) => {
                part += 1;
                name += 1;
                continue;
            }
            _ => {}
        }
        match back {
            Some((any, from)) if Part::Any.takes(names[from]) => {
                back = Some((any, from + 1));
                (part, name) = (any + 1, from + 1);
            }
            _ => return false,
        }
    }
    parts[part..].iter().all(|part| *part == Part::Any)
}

/// Whether names can be the beginning of a match that goes on below them.
fn leads(parts: &[Part], names: &[&str]) -> bool {
    for (at, name) in names.iter().enumerate() {
        match parts.get(at) {
            // From here on anything that has no dot may follow.
            Some(Part::Any) => return true,
            Some(part) if part.takes(name) => {}
            _ => return false,
        }
    }
    parts.len() > names.len()
}

/// Matches one name, going back to the last `*` only.
fn wild(pattern: &[char], name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut next, mut back) = (0, 0, None);
    while next < name.len() {
        if pattern.get(at) == Some(&'*') {
            back = Some((at, next));
            at += 1;
        } else if let Some(width) = pattern.get(at..).and_then(|rest| one(rest, name[next])) {
            at += width;
            next += 1;
        } else if let Some((star, from)) = back {
            back = Some((star, from + 1));
            (at, next) = (star + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|&c| c == '*')
}

/// How much of the pattern takes this one character.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match *pattern.first()? {
        '?' => Some(1),
        // A bracket that nothing closes is itself.
        '[' => class(pattern, c).unwrap_or((c == '[').then_some(1)),
        literal => (literal == c).then_some(1),
    }
}

/// `[a-z]` or `[!a-z]`: `None` when it is not closed, else its width if it
/// takes the character.
fn class(pattern: &[char], c: char) -> Option<Option<usize>> {
    let negated = matches!(pattern.get(1), Some('!' | '^'));
    let start = 1 + usize::from(negated);
    // A `]` right after the opening is one of the set.
    let end = start + 1 + pattern.get(start + 1..)?.iter().position(|&c| c == ']')?;
    let set = &pattern[start..end];
    let (mut at, mut taken) = (0, false);
    while at < set.len() {
        let range = set.get(at + 1) == Some(&'-') && at + 2 < set.len();
        let last = if range { set[at + 2] } else { set[at] };
        taken |= (set[at]..=last).contains(&c);
        at += if range { 3 } else { 1 };
    }
    Some((taken != negated).then_some(end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(pattern: &str) -> Globs {
        Globs::new(&[pattern]).unwrap()
    }

    #[test]
    fn a_pattern_takes_what_a_shell_would() {
        for (pattern, yes, no) in [
            (
                "prd/tasks/*.md",
                &["prd/tasks/a.md", "prd/tasks/日本🎉.md"][..],
                &["prd/tasks/.md", "prd/tasks/x/a.md", "prd/a.md", "prd/tasks/a.mdx"][..],
            ),
            (
                "features/**/*.md",
                &["features/a.md", "features/b/c/a.md"],
                &["features/.x/a.md", "a.md", "x/features/a.md", "features/a.txt"],
            ),
            (
                "specs/active/*/tasks.md",
                &["specs/active/x/tasks.md"],
                &["specs/active/tasks.md", "specs/active/x/y/tasks.md"],
            ),
            ("**/x/**/y", &["x/y", "a/x/b/x/c/y"], &["y", "x", "a/x/b"]),
            ("a[0-9x]?[!b]", &["a5zc", "axzc"], &["a5zb", "abzc", "a5z"]),
            ("[]a]*", &["]", "a"], &["b"]),
            ("[a", &["[a"], &["a"]),
            ("a/**", &["a/b", "a/b/c"], &["b"]),
            (".claude/*.md", &[".claude/a.md"], &["claude/a.md"]),
            ("*a*b*c", &["abc", "xaybzc"], &["acb"]),
        ] {
            let globs = globs(pattern);
            yes.iter().for_each(|path| assert!(globs.matches(path), "{pattern} {path}"));
            no.iter().for_each(|path| assert!(!globs.matches(path), "{pattern} {path}"));
        }
    }

    #[test]
    fn a_directory_is_entered_only_where_it_can_help() {
        let globs = Globs::new(&["prd/tasks/*.md", "features/**/*.md"]).unwrap();
        for dir in ["prd", "prd/tasks", "features", "features/a/b"] {
            assert!(globs.may_lead_to(dir), "{dir}");
        }
        for dir in ["src", "prd/x", "prd/tasks/a.md"] {
            assert!(!globs.may_lead_to(dir), "{dir}");
        }
    }

    #[test]
    fn a_pattern_stays_inside_the_tree() {
        for bad in ["", "/", "/a", "../a", "a/../b", ".git/*", "a/.GIT/x", "a//b", "a\0"] {
            assert!(matches!(Globs::new(&[bad]), Err(Error::Pattern { .. })), "{bad:?}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let globs = globs(&format!("{}b", "*a".repeat(500)));
        assert!(!globs.matches(&"a".repeat(2000)));
        let globs = Globs::new(&[format!("{}b", "**/a/".repeat(30))]).unwrap();
        assert!(!globs.matches(&"a/".repeat(1000)));
    }
}
