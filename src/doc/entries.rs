//! The section that lists a feature's commits.

use std::ops::Range;

use super::dialect::EntrySection;
use super::outline::{self, Heading, Outline, Row};
use super::task_list::line_end;

/// One line that shows a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The abbreviated name of the commit; empty where a placeholder has none.
    pub hash: Range<usize>,
    /// The whole lines it takes, line endings included.
    pub span: Range<usize>,
    /// Whether it is an example or says that there is none, and is no commit.
    pub placeholder: bool,
}

/// Abbreviated names of commits, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hashes(Vec<String>);

impl Hashes {
    /// Those of entries, each of at least [`MIN_HASH`] digits.
    pub(super) fn of<'h>(hashes: impl Iterator<Item = &'h str>) -> Self {
        let mut hashes: Vec<String> = hashes.map(str::to_owned).collect();
        hashes.sort_unstable();
        Self(hashes)
    }

    /// Whether one of them begins the full name of a commit, in lower case.
    pub fn name(&self, full: &str) -> bool {
        // What begins a name stands before it, behind nothing but its like.
        let end = self.0.partition_point(|hash| hash.as_str() <= full);
        let alike = self.0[..end].iter().rev();
        let mut alike = alike.take_while(|hash| full.starts_with(&hash[..MIN_HASH]));
        alike.any(|hash| full.starts_with(hash.as_str()))
    }
}

/// How an entry is written here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A list item: what stands before the hash and between hash and subject.
    List {
        /// Indentation, bullet, opening backtick.
        lead: String,
        /// Closing backtick and separator.
        join: String,
    },
    /// A table row: what stands before it and what each column holds.
    Table {
        /// Indentation and the marks of a quote.
        lead: String,
        /// The columns in order.
        columns: Vec<Column>,
    },
}

/// What a column of a table of commits holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The hash, in backticks where the others have them.
    Hash {
        /// Whether the hash stands in backticks.
        quoted: bool,
    },
    /// The subject.
    Subject,
    /// The date, `YYYY-MM-DD`.
    Date,
    /// The ids of the tasks.
    Tasks,
    /// Anything else; left empty.
    Other,
}

/// The commits that a document lists and how it lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    /// The entries in the order of the text.
    pub list: Vec<Entry>,
    /// The form of a new one.
    pub form: Form,
    /// Where the first real entry goes, and what must stand before it.
    pub first: (usize, Gap),
}

/// What separates a new list from what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing: the place is right behind a line of the same list.
    None,
    /// A blank line.
    Blank,
    /// The section itself is missing and is made with its heading and rule.
    Section,
}

/// The form that the template shows.
pub fn default_form() -> Form {
    Form::List { lead: "- `".to_owned(), join: "` - ".to_owned() }
}

/// Reads the commits that a text lists; `None` if its kind has no place for
/// them.
pub fn read(text: &str, outline: &Outline, section: &EntrySection) -> Entries {
    let Some(heading) = commits_heading(outline, section) else {
        let at = missing_section_place(text, outline, section);
        return Entries { list: Vec::new(), form: default_form(), first: (at, Gap::Section) };
    };
    let body = heading.body.clone();
    let rows: Vec<&Row> = outline
        .rows
        .iter()
        .filter(|row| body.start <= row.span.start && row.span.start < body.end)
        .collect();
    let heads = rows.iter().filter(|row| row.head);
    let table = heads.filter_map(|head| table_form(text, head, &rows)).next();
    let end = content_end(text, body.clone());
    match table {
        Some((last, columns, list)) => Entries {
            list,
            form: Form::Table {
                lead: text[line_start(text, last.span.start)..last.span.start].to_owned(),
                columns,
            },
            first: (table_end(text, last), Gap::None),
        },
        None => {
            let mut list = list_entries(text, outline, body.clone());
            list.extend(none_yet(text, outline, &body));
            list.sort_by_key(|entry| entry.span.start);
            let form = list_form(text, &list);
            let gap = if list.last().is_some_and(|entry| entry.span.end == end) {
                Gap::None
            } else {
                Gap::Blank
            };
            Entries { list, form, first: (end, gap) }
        }
    }
}

/// The heading over the list of commits: the first of the name that says so
/// best. What stands in the log of a session is that session's.
fn commits_heading<'o>(outline: &'o Outline, section: &EntrySection) -> Option<&'o Heading> {
    let is_session = |at: usize| {
        let heading = &outline.headings[at];
        heading.level > 1 && heading.name.contains("session")
    };
    let in_session = |at: usize| outline.above(outline.headings[at].span.start).any(is_session);
    let may_be = |at: &usize| *at > 0 || outline.headings[*at].level > 1;
    let called = |name| {
        let mut all = (0..outline.headings.len()).filter(may_be);
        all.find(|&at| outline.headings[at].is_called(&[name]) && !in_session(at))
    };
    let at = section.names.iter().find_map(|name| called(name))?;
    Some(&outline.headings[at])
}

fn list_entries(text: &str, outline: &Outline, body: Range<usize>) -> Vec<Entry> {
    let items = outline
        .items
        .iter()
        .filter(|item| body.start <= item.span.start && item.span.end <= body.end);
    items
        .filter_map(|item| {
            let line = item.span.start..line_end(text, item.span.start);
            let source = &text[line.clone()];
            let bullet =
                source.len() - source.trim_start_matches(|c: char| c.is_ascii_digit()).len() + 1;
            let rest = source.get(bullet..)?;
            let bare = without_date(rest.trim_start_matches(BEFORE_HASH));
            let start = line_start(text, item.span.start);
            let content = text[item.span.clone()].trim_end();
            let end = next_line(text, item.span.start + content.len());
            // What goes on below its line is more than an example.
            let is_line = content.len() <= source.len();
            match hash_at(text, line.end - bare.len()) {
                Some(hash) => {
                    let placeholder = is_line && is_placeholder(&text[hash.clone()], source);
                    Some(Entry { hash, span: start..end, placeholder })
                }
                None if item.parent.is_none() && is_line => {
                    says_none(rest).then(|| no_commit(start..end))
                }
                None => None,
            }
        })
        .collect()
}

/// The paragraphs of a section that say that there is no commit.
fn none_yet(text: &str, outline: &Outline, body: &Range<usize>) -> Vec<Entry> {
    let inside = outline.paragraphs.iter().filter(|p| body.start <= p.start && p.end <= body.end);
    let empty = inside.filter(|paragraph| says_none(&text[(*paragraph).clone()]));
    empty.map(|p| no_commit(line_start(text, p.start)..next_line(text, p.end - 1))).collect()
}

/// A line that stands in place of the first entry.
fn no_commit(span: Range<usize>) -> Entry {
    Entry { hash: span.start..span.start, span, placeholder: true }
}

/// Whether a text says that there is no commit yet, or only holds the place of
/// one: `_None yet_`, `[hash] - [message]`.
fn says_none(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let held = text.trim_start_matches([' ', '\t', '`']).split_once(']');
    let held = held.filter(|(_, rest)| !rest.starts_with('(')).map(|(held, _)| held);
    let is_held = |held: &str| matches!(held, "[hash" | "[commit hash" | "[commit-hash" | "[sha");
    NONE.contains(&bare.as_str()) || held.is_some_and(|held| is_held(&held.to_lowercase()))
}

/// What says that there is no commit yet.
const NONE: &[&str] = &[
    "none",
    "none yet",
    "no commits",
    "no commits yet",
    "nothing yet",
    "not yet",
    "n/a",
    "tbd",
    "to be added",
    "pending",
];

/// What follows a date at the start of an entry.
fn without_date(text: &str) -> &str {
    let is_date = |date: &str| {
        date.bytes()
            .enumerate()
            .all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
    };
    match text.split_at_checked(10) {
        Some((date, rest)) if is_date(date) => rest.trim_start_matches(|c: char| {
            BEFORE_HASH.contains(&c) || matches!(c, ':' | ')' | ']' | '-' | '–' | '—' | '|' | ',')
        }),
        _ => text,
    }
}

/// What may stand between a bullet or a cell's border and the hash.
const BEFORE_HASH: [char; 6] = [' ', '\t', '`', '*', '[', '('];

/// The fewest digits that are read as a hash.
pub(super) const MIN_HASH: usize = 7;

/// A hash of 7 to 64 digits; letters past `f` are allowed for the examples.
fn hash_at(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let len = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let hash = &rest[..len];
    let is_hex = hash.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
    ((MIN_HASH..=64).contains(&len) && (is_hex || is_example(hash))).then(|| at..at + len)
}

/// `abc1234`, `def5678`, `ghi9012`: three letters in a row of the alphabet,
/// then digits in a row, as templates write them.
fn is_example(hash: &str) -> bool {
    let (letters, digits) = hash.as_bytes().split_at(hash.len().min(3));
    let in_a_row = |run: &[u8]| run.windows(2).all(|pair| pair[1] == pair[0] + 1 || pair == b"90");
    hash.len() == 7
        && letters.iter().all(u8::is_ascii_lowercase)
        && digits.iter().all(u8::is_ascii_digit)
        && in_a_row(letters)
        && in_a_row(digits)
}

fn is_placeholder(hash: &str, line: &str) -> bool {
    is_example(hash) || line.contains("PRD-XX")
}

fn list_form(text: &str, list: &[Entry]) -> Form {
    let real = list.iter().rev().find(|entry| !entry.placeholder);
    let example = list.iter().rev().find(|entry| !entry.hash.is_empty());
    let Some(entry) = real.or(example) else { return default_form() };
    let lead = &text[entry.span.start..entry.hash.start];
    let rest = &text[entry.hash.end..line_end(text, entry.hash.end)];
    let join_len =
        rest.find(|c: char| !matches!(c, '`' | '*' | ':' | '-' | '–' | '—' | ' ')).unwrap_or(0);
    let join = &rest[..join_len];
    let bullet = lead.trim_start_matches([' ', '\t', '>']);
    let mark = bullet.strip_prefix(['-', '*', '+']);
    let bullet_is_clear =
        mark.is_some_and(|mark| mark.trim_matches(['`', '*', ' ', '\t']).is_empty());
    // What stands in brackets behind the hash is no subject.
    let join_is_clear = !rest[join_len..].starts_with('(');
    if bullet_is_clear
        && join_is_clear
        && join.ends_with(' ')
        && join.contains('`') == lead.contains('`')
    {
        Form::List { lead: lead.to_owned(), join: join.to_owned() }
    } else {
        default_form()
    }
}

/// The last row, the columns and the entries of a table that has a column for
/// hashes.
fn table_form<'r>(
    text: &str,
    head: &'r Row,
    rows: &[&'r Row],
) -> Option<(&'r Row, Vec<Column>, Vec<Entry>)> {
    let mut columns: Vec<Column> =
        head.cells.iter().map(|cell| column(&text[cell.clone()])).collect();
    let at = columns.iter().position(|column| matches!(column, Column::Hash { .. }))?;
    let mut body = rows.iter().filter(|row| row.table == head.table && !row.head);
    let list: Vec<Entry> = body
        .clone()
        .filter_map(|row| {
            let cell = row.cells.get(at)?;
            let bare = text[cell.clone()].trim_start_matches(BEFORE_HASH);
            let span = line_start(text, row.span.start)..next_line(text, row.span.end);
            let is_empty = |cell: &Range<usize>| {
                let cell = &text[cell.clone()];
                !cell.contains(char::is_alphanumeric) || says_none(cell)
            };
            match hash_at(text, cell.end - bare.len()) {
                Some(hash) => {
                    let placeholder = is_placeholder(&text[hash.clone()], &text[row.span.clone()]);
                    Some(Entry { hash, span, placeholder })
                }
                None => row.cells.iter().all(is_empty).then(|| no_commit(span)),
            }
        })
        .collect();
    let quoted = list
        .iter()
        .rev()
        .find(|entry| !entry.hash.is_empty())
        .is_none_or(|entry| text[..entry.hash.start].ends_with('`'));
    columns[at] = Column::Hash { quoted };
    Some((body.next_back().unwrap_or(&head), columns, list))
}

/// The start of the line behind a table, whose last row this is; behind a head
/// the delimiter row follows.
fn table_end(text: &str, last: &Row) -> usize {
    let end = next_line(text, last.span.end);
    if last.head { next_line(text, end) } else { end }
}

fn column(name: &str) -> Column {
    let name = name.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if holds(&["hash", "sha", "oid"]) || name.trim() == "commit" {
        Column::Hash { quoted: true }
    } else if holds(&["message", "subject", "description", "summary", "change"]) {
        Column::Subject
    } else if holds(&["date", "when"]) {
        Column::Date
    } else if holds(&["task"]) {
        Column::Tasks
    } else {
        Column::Other
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The start of the line after the one that holds `at`.
fn next_line(text: &str, at: usize) -> usize {
    (line_end(text, at.min(text.len())) + 1).min(text.len())
}

/// The end of a section's last line of content: blank lines and a closing
/// rule belong to what comes after.
fn content_end(text: &str, body: Range<usize>) -> usize {
    let mut kept = text[body.clone()].trim_end();
    let last = kept.rsplit('\n').next().unwrap_or_default().trim();
    if last.len() >= 3 && (last.bytes().all(|b| b == b'-') || last.bytes().all(|b| b == b'*')) {
        kept = kept[..kept.len() - last.len()].trim_end();
    }
    next_line(text, body.start + kept.len())
}

fn missing_section_place(text: &str, outline: &Outline, section: &EntrySection) -> usize {
    let follower = outline
        .headings
        .iter()
        .rev()
        .find(|heading| heading.level == 2 && heading.is_called(section.before));
    // A heading may be indented.
    let line = |heading: &Heading| line_start(text, heading.span.start);
    follower.map_or_else(|| end_of_markdown(text, outline), line)
}

/// The end of a text, or, where a code fence or a comment is never closed and
/// swallows whatever is appended, the section in which it begins.
fn end_of_markdown(text: &str, outline: &Outline) -> usize {
    let Some(last) = outline.opaque.last().filter(|last| text[last.end..].trim().is_empty()) else {
        return text.len();
    };
    let probe = outline::outline(&format!("{text}\n\n## Probe\n"));
    if probe.headings.len() > outline.headings.len() {
        return text.len();
    }
    let mut sections = outline.headings.iter().rev().filter(|heading| heading.level <= 2);
    let section = sections.find(|heading| heading.span.start < last.start && heading.level > 1);
    section.map_or(last.start, |heading| line_start(text, heading.span.start))
}

#[cfg(test)]
mod tests {
    use super::super::dialect::FEATURE_FILE;
    use super::super::outline::outline;
    use super::*;

    fn entries(text: &str) -> Entries {
        let section = FEATURE_FILE.entries.expect("feature files list commits");
        read(text, &outline(text), &section)
    }

    #[test]
    fn the_templates_examples_are_no_commits() {
        let found = entries(
            "## Git Commits\n\nIntro:\n\n- `abc1234` - feat: x\n- `ghi9012` - y\n- `0a1b2c3` - z\n",
        );
        let kinds: Vec<_> = found.list.iter().map(|entry| entry.placeholder).collect();
        assert_eq!(kinds, [true, true, false]);
        assert_eq!(found.form, default_form());
    }

    #[test]
    fn a_habit_that_is_clear_is_followed() {
        let found = entries("## Commits\n* 0a1b2c3: feat: x\n\n---\n\n## Notes\n");
        assert_eq!(found.form, Form::List { lead: "* ".into(), join: ": ".into() });
        assert_eq!(found.first.1, Gap::None);
        let odd = entries("## Git Commits\n1. [0a1b2c3](https://x.invalid) feat\n");
        assert_eq!(odd.form, default_form());
    }

    #[test]
    fn a_table_with_a_hash_column_is_one() {
        let text = "## Git Commits\n\n| Date | Commit | Message | Task |\n|--|--|--|--|\n| d | 0a1b2c3 | m | 1 |\n\nend\n";
        let found = entries(text);
        assert_eq!(
            found.form,
            Form::Table {
                lead: String::new(),
                columns: vec![
                    Column::Date,
                    Column::Hash { quoted: false },
                    Column::Subject,
                    Column::Tasks
                ]
            }
        );
        assert_eq!(&text[found.list[0].span.clone()], "| d | 0a1b2c3 | m | 1 |\n");
        assert!(text[found.first.0..].starts_with("\nend"));
    }

    #[test]
    fn a_section_beside_those_of_sessions_is_found() {
        let session = "# J\n\n## Session 1: A\n\n### Git Commits\n\n- `3ab1089` - x\n\n";
        let own = "## Git Commits\n\n- `2a84a80` - y\n";
        assert_eq!(entries(session).first.1, Gap::Section);
        let text = format!("{session}{own}");
        let found = entries(&text);
        assert_eq!(found.list.len(), 1);
        assert_eq!(&text[found.list[0].hash.clone()], "2a84a80");
    }

    #[test]
    fn a_table_without_commits_ends_with_its_own_last_row() {
        let head = "## Git Commits\n\n| Hash | Message |\n|---|---|\n";
        for rows in ["", "| see | below |\n"] {
            let text = format!("{head}{rows}\n| Other | Table |\n|---|---|\n| a | b |\n");
            let found = entries(&text);
            assert_eq!((found.list.len(), found.first), (0, (head.len() + rows.len(), Gap::None)));
        }
    }

    #[test]
    fn the_section_is_known_however_its_heading_is_dressed() {
        for heading in [
            "## 📝 Git Commits",
            "## Git Commits (PRD 07)",
            "## 9. Git Commits",
            "## **Git Commits:**",
            "# Git Commits",
            "# T: Sessions\n\n## Git Commits",
            "## Commits\n\nSee below.\n\n## Git Commits",
            "## Session Log\n\n### Session 1\n\n#### Git Commits\n\n## Commits",
        ] {
            let found = entries(&format!("# T\n\n{heading}\n\n- `0a1b2c3` - x\n"));
            assert_eq!(found.list.len(), 1, "{heading}");
        }
    }

    #[test]
    fn a_line_that_says_none_yet_gives_way_to_the_first_commit() {
        for line in [
            "None yet",
            "_No commits yet._",
            "(none)",
            "- None yet",
            "* _TBD_",
            "- `[hash]` - [message]",
            "> None yet.",
            "| Hash | Message |\n|---|---|\n| - | none yet |",
        ] {
            let found = entries(&format!("## Commits\n\n{line}\n\n## Notes\n"));
            assert!(matches!(&found.list[..], [entry] if entry.placeholder), "{line}");
        }
        for line in [
            "See the forge.",
            "- none of these",
            "- a\n  - none",
            "- [hash](x)",
            "| Hash |\n|--|\n| see x |",
        ] {
            assert_eq!(entries(&format!("## Commits\n\n{line}\n")).list, [], "{line}");
        }
    }

    #[test]
    fn a_date_may_stand_before_the_hash_and_is_not_copied() {
        for line in
            ["- 2026-01-15 `0a1b2c3` x", "- **2026-01-15**: `0a1b2c3` x", "- `0a1b2c3` (May) x"]
        {
            let found = entries(&format!("## Commits\n\n{line}\n"));
            assert_eq!((found.list.len(), found.form), (1, default_form()), "{line}");
        }
    }

    #[test]
    fn what_is_quoted_goes_on_quoted() {
        let list = entries("## Commits\n\n> - 0a1b2c3 x\n");
        assert_eq!(list.form, Form::List { lead: "> - ".into(), join: " ".into() });
        let table = entries("## Commits\n\n> | Hash |\n> |---|\n");
        assert!(matches!(table.form, Form::Table { lead, .. } if lead == "> "));
    }

    #[test]
    fn a_hash_that_is_a_link_in_a_cell_is_a_commit() {
        let found = entries("## Commits\n\n| Commit | What |\n|--|--|\n| [`0a1b2c3`](x) | y |\n");
        assert_eq!(found.list.len(), 1);
    }

    #[test]
    fn hashes_name_what_they_begin() {
        let hashes = Hashes::of(["abcdef2", "abcdef12", "abcde01"].into_iter());
        for (full, expected) in [
            ("abcdef1234", true),
            ("abcdef2000", true),
            ("abcde01fff", true),
            ("abcdef1100", false),
            ("abcde02000", false),
            ("0000000000", false),
            ("ffffffffff", false),
        ] {
            assert_eq!(hashes.name(full), expected, "{full}");
        }
    }

    #[test]
    fn a_missing_section_goes_before_what_swallows_the_end() {
        for (before, open) in [
            ("# T\n\n", "```\n"),
            ("# T\n\n## A\n\n```\nb\n```\n", ""),
            ("# T\n\n", "## A\n\n```\nb\n"),
            ("# T\n\n## A\n\na\n\n", "## B\n\n### C\n\n<!-- b\n"),
            ("# T\n\n## A\n\na\n\n", " ## B\n\n```\nb\n"),
            ("# T\n\n## A\n\n<!-- b -->\n\nc\n", ""),
        ] {
            let found = entries(&format!("{before}{open}"));
            assert_eq!(found.first, (before.len(), Gap::Section), "{before}{open}");
        }
    }

    #[test]
    fn a_missing_section_goes_before_the_notes() {
        for notes in ["## Notes\n", "  ## Notes\n"] {
            let text = format!("# T\n\n## Tasks\n\n- [ ] 1.1 a\n\n---\n\n{notes}");
            let found = entries(&text);
            assert_eq!((&text[found.first.0..], found.first.1), (notes, Gap::Section));
        }
    }

    #[test]
    fn a_form_is_followed_where_it_can_be_written_again() {
        for (line, form) in [
            ("* **0a1b2c3**: x", Some(("* **", "**: "))),
            ("- `0a1b2c3` – x", Some(("- `", "` – "))),
            ("  - 0a1b2c3 x", Some(("  - ", " "))),
            ("- 0a1b2c3: (x) y", None),
            ("- [0a1b2c3](u) x", None),
            ("- `0a1b2c3 x`", None),
            ("- 0a1b2c3", None),
            ("- 2026-01-15 0a1b2c3 x", None),
            ("1. 0a1b2c3 x", None),
        ] {
            let found = entries(&format!("## Commits\n\n{line}\n"));
            let form = form.map_or_else(default_form, |(lead, join)| Form::List {
                lead: lead.to_owned(),
                join: join.to_owned(),
            });
            assert_eq!((found.list.len(), found.form), (1, form), "{line}");
        }
        // The last real one speaks for the others.
        let found = entries("## Commits\n\n* 0a1b2c3 x\n- `1a1b2c3` x\n* `def5678` x\n");
        assert_eq!(found.form, Form::List { lead: "- `".into(), join: "` ".into() });
    }

    #[test]
    fn a_hash_has_seven_to_sixty_four_digits_or_is_an_example() {
        let [most, more] = [64, 65].map(|len| "a".repeat(len));
        for (hash, expected) in [
            ("0a1b2c3", Some(false)),
            (most.as_str(), Some(false)),
            ("ghi9012", Some(true)),
            ("xyz7890", Some(true)),
            (more.as_str(), None),
            ("0a1b2c", None),
            ("0A1B2C3", None),
            ("xyz7891", None),
            ("xya7890", None),
            ("xyz78901", None),
            ("wxyz789", None),
        ] {
            let found = entries(&format!("## Commits\n\n- `{hash}` - x\n"));
            let placeholder = found.list.first().map(|entry| entry.placeholder);
            assert_eq!(placeholder, expected, "{hash}");
        }
        assert!(entries("## Commits\n\n- `0a1b2c3` - x [PRD-XX]\n").list[0].placeholder);
        for more in ["  said by hand\n", "said by hand\n", "  - `40359d2` - y\n"] {
            let found = entries(&format!("## Commits\n\n- `abc1234` - x\n{more}"));
            assert!(!found.list[0].placeholder, "{more}");
        }
    }

    #[test]
    fn an_entry_takes_its_whole_lines_and_none_of_what_follows() {
        let text = "## Commits\n\n- `0a1b2c3` x\n  more\n\n  and more\n\n- `1a1b2c3` y\n\n***\n\n## Notes\n";
        let found = entries(text);
        let spans: Vec<&str> = found.list.iter().map(|entry| &text[entry.span.clone()]).collect();
        assert_eq!(spans, ["- `0a1b2c3` x\n  more\n\n  and more\n", "- `1a1b2c3` y\n"]);
        assert_eq!(found.first, (text.find("\n***").expect("a rule"), Gap::None));
        let prose = entries("## Commits\n\nSee below.\n\n---\n\n## Notes\n");
        assert_eq!(prose.first, (23, Gap::Blank));
    }
}
