//! The entries: which commits a document lists, and where a new one goes.

use super::header::date;
use super::{Former, Key, Known, Plan, Said};
use crate::commit::{Commit, Oid};
use crate::doc::Document;
use crate::doc::entries::{Column, Entries, Entry, Form, Gap};
use crate::patch::Patch;
use crate::tag::{Selector, Tag};

/// The longest text of an entry, in characters, unless its tags are longer.
const MAX_TEXT: usize = 200;

impl Document {
    /// The entry that shows a commit.
    pub fn entry_of(&self, oid: &Oid) -> Option<&Entry> {
        self.entry_named(&oid.to_string())
    }
}

/// Adds an entry for each new commit, and takes those away whose commit is no
/// more.
pub(super) fn rewrite(document: &Document, known: Known<'_>, abbrev: usize, plan: &mut Plan) {
    let Some(entries) = document.entries() else { return };
    let gone: Vec<usize> = known.formers().filter_map(|former| former.entry).collect();
    let rest = Rest::of(document, entries, known.history, &gone, abbrev);
    remove(document, entries, known, plan);
    let keys = rest.keys();
    let mut at_end = Vec::new();
    for said in known.history.iter().filter(|said| said.new) {
        let line = line(&entries.form, said, &rest.digits(&said.commit.oid));
        if said.formers.iter().all(|former| former.entry.is_none()) {
            plan.entries_added.push(said.commit.oid);
        }
        match successor(&keys, said.commit.key()) {
            Some(next) => {
                // Entries end alike, whichever of them is written first.
                let span = &entries.list[next].span;
                plan.patch.insert(span.start, line + document.line_ending(span.end));
            }
            None => at_end.push(line.into_bytes()),
        }
    }
    rest.lengthen_known(plan);
    append(document, entries, &gone, &at_end, &mut plan.patch);
}

/// Takes away the entries of commits that history holds no more.
fn remove(document: &Document, entries: &Entries, known: Known<'_>, plan: &mut Plan) {
    let hash = |former: &Former| {
        let entry = entries.list.get(former.entry?)?;
        Some((entry, document.slice(&entry.hash).to_owned()))
    };
    for said in known.history {
        for (entry, hash) in said.formers.iter().filter_map(hash) {
            plan.patch.replace(entry.span.clone(), "");
            plan.entries_moved.push((hash, said.commit.oid));
        }
    }
    for (entry, hash) in known.dropped.iter().filter_map(hash) {
        plan.patch.replace(entry.span.clone(), "");
        plan.entries_pruned.push(hash);
    }
}

/// The entry before which a commit goes; `None` for the end.
///
/// Looked for from the end, since that is where nearly every commit goes:
/// entries of later commits are passed, those that name nothing known keep
/// their place, and the first of an earlier commit ends the search.
fn successor(known: &[Option<Key>], key: Key) -> Option<usize> {
    let newer =
        known.iter().enumerate().rev().filter_map(|(at, known)| known.map(|known| (at, known)));
    newer.take_while(|(_, known)| *known > key).last().map(|(at, _)| at)
}

/// Writes the entries that go to the end, and takes the template's examples
/// away. `gone` are entries that are taken away as well.
pub(crate) fn append(
    document: &Document,
    entries: &Entries,
    gone: &[usize],
    lines: &[Vec<u8>],
    patch: &mut Patch,
) {
    for example in entries.list.iter().filter(|entry| entry.placeholder) {
        patch.replace(example.span.clone(), "");
    }
    if lines.is_empty() {
        return;
    }
    let last = entries.list.last();
    let (at, gap) = match last {
        // Before what goes, so that the last line's ending is the new one's.
        Some(entry) if entry.placeholder || gone.contains(&(entries.list.len() - 1)) => {
            (entry.span.start, Gap::None)
        }
        Some(entry) => (entry.span.end, Gap::None),
        None => entries.first,
    };
    let ends_file = last.map_or(at, |entry| entry.span.end) == document.bytes().len();
    let unclosed = |at: usize| at > 0 && document.bytes()[at - 1] != b'\n';
    let file_is_unclosed = ends_file && unclosed(document.bytes().len());
    let eol = document.line_ending(at);
    let mut text = Vec::new();
    if unclosed(at) {
        text.extend_from_slice(eol.as_bytes());
    }
    text.extend(opening(document, at, gap, eol).into_bytes());
    text.extend(lines.join(eol.as_bytes()));
    text.extend_from_slice(eol.as_bytes());
    text.extend(closing(document, at, gap, eol).into_bytes());
    if file_is_unclosed {
        let kept = text.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
        text.truncate(kept.map_or(0, |last| last + 1));
    }
    patch.insert(at, text);
}

/// What stands before a list that is new.
fn opening(document: &Document, at: usize, gap: Gap, eol: &str) -> String {
    let before = &document.text()[..at];
    let blank = if before.is_empty() || ends_in_blank_line(before) { "" } else { eol };
    match gap {
        Gap::None => String::new(),
        Gap::Blank => blank.to_owned(),
        Gap::Section => {
            let ruled = at == before.len() && at == document.text().len() && uses_rules(document);
            let rule = if ruled { format!("---{eol}{eol}") } else { String::new() };
            let title = document.dialect().entries.map_or("", |section| section.title);
            format!("{blank}{rule}## {title}{eol}{eol}")
        }
    }
}

/// What stands between a section that is new and the one after it.
fn closing(document: &Document, at: usize, gap: Gap, eol: &str) -> String {
    match gap {
        Gap::Section if at < document.text().len() => {
            let before = document.text()[..at].trim_end();
            let rule =
                if before.ends_with("\n---") { format!("---{eol}{eol}") } else { String::new() };
            format!("{eol}{rule}")
        }
        _ => String::new(),
    }
}

fn ends_in_blank_line(text: &str) -> bool {
    let mut lines = text.trim_end_matches(' ').rsplit('\n');
    lines.next() == Some("") && lines.next().is_none_or(|line| line.trim().is_empty())
}

/// Whether rules stand between the sections of a document.
fn uses_rules(document: &Document) -> bool {
    document
        .headings()
        .iter()
        .filter(|heading| heading.level == 2)
        .any(|heading| document.text()[..heading.span.start].trim_end().ends_with("\n---"))
}

/// The entries that stay, and the commits of this feature.
struct Rest<'a> {
    document: &'a Document,
    entries: &'a Entries,
    history: &'a [&'a Said],
    gone: &'a [usize],
    abbrev: usize,
    /// The names of the commits that are not new and their places in history,
    /// sorted.
    known: Vec<(String, usize)>,
    /// The names of all commits and all that is listed, sorted.
    names: Vec<String>,
}

impl<'a> Rest<'a> {
    fn of(
        document: &'a Document,
        entries: &'a Entries,
        history: &'a [&'a Said],
        gone: &'a [usize],
        abbrev: usize,
    ) -> Self {
        let (known, names) = (Vec::new(), Vec::new());
        let mut rest = Self { document, entries, history, gone, abbrev, known, names };
        let name = |said: &Said| said.commit.oid.to_string();
        let known = history.iter().enumerate().filter(|(_, said)| !said.new);
        rest.known = known.map(|(at, said)| (name(said), at)).collect();
        rest.known.sort_unstable();
        rest.names = history.iter().map(|said| name(said)).collect();
        let listed = rest.list().map(|(_, entry)| document.slice(&entry.hash).to_owned());
        let listed: Vec<String> = listed.collect();
        rest.names.extend(listed);
        rest.names.sort_unstable();
        rest.names.dedup();
        rest
    }

    /// The entries of commits that stay, by index.
    fn list(&self) -> impl Iterator<Item = (usize, &Entry)> {
        let list = self.entries.list.iter().enumerate();
        list.filter(|(at, entry)| !entry.placeholder && !self.gone.contains(at))
    }

    /// The commit that an entry shows, where it is at hand.
    fn commit_of(&self, entry: &Entry) -> Option<&Commit> {
        let hash = self.document.slice(&entry.hash);
        let from = self.known.partition_point(|(name, _)| name.as_str() < hash);
        let named = self.known[from..].iter().take_while(|(name, _)| name.starts_with(hash));
        named.map(|&(_, at)| at).min().map(|at| &self.history[at].commit)
    }

    /// The place in history of each entry whose commit is at hand.
    fn keys(&self) -> Vec<Option<Key>> {
        let mut keys = vec![None; self.entries.list.len()];
        for (at, entry) in self.list() {
            keys[at] = self.commit_of(entry).map(Commit::key);
        }
        keys
    }

    /// The abbreviated name of a commit: more digits than usual only where
    /// another commit of the feature begins with the same.
    fn digits(&self, oid: &Oid) -> String {
        let full = oid.to_string();
        let shared =
            |rival: &String| full.bytes().zip(rival.bytes()).take_while(|(a, b)| a == b).count();
        // An entry that is no longer than what is shared is this commit's own.
        let is_rival = |name: &&String| !full.starts_with(name.as_str());
        // Of sorted names the next ones have the most in common.
        let at = self.names.partition_point(|name| *name < full);
        let nearest =
            [self.names[..at].iter().rev().find(is_rival), self.names[at..].iter().find(is_rival)];
        let needed = nearest.into_iter().flatten().map(|rival| shared(rival) + 1);
        oid.abbrev(needed.fold(self.abbrev, usize::max))
    }

    /// Gives known commits the digits that tell them from the new ones.
    fn lengthen_known(&self, plan: &mut Plan) {
        for (_, entry) in self.list() {
            let Some(commit) = self.commit_of(entry) else { continue };
            let longer = self.digits(&commit.oid);
            if longer.len() > entry.hash.len().max(self.abbrev) {
                plan.patch.replace(entry.hash.clone(), longer);
            }
        }
    }
}

fn line(form: &Form, said: &Said, hash: &str) -> String {
    match form {
        Form::List { lead, join } => {
            format!("{lead}{hash}{join}{}", text(&said.commit, &said.tags, false))
        }
        Form::Table { lead, columns } => {
            let cells = columns.iter().map(|column| cell(*column, said, hash));
            format!("{lead}| {} |", cells.collect::<Vec<_>>().join(" | "))
        }
    }
}

fn cell(column: Column, said: &Said, hash: &str) -> String {
    match column {
        Column::Hash { quoted: true } => format!("`{hash}`"),
        Column::Hash { quoted: false } => hash.to_owned(),
        Column::Subject => text(&said.commit, &said.tags, true),
        Column::Date => date(said.commit.commit_time),
        Column::Tasks => said
            .tags
            .iter()
            .flat_map(|tag| tag.tasks.iter().map(selector))
            .collect::<Vec<_>>()
            .join(", "),
        Column::Other => String::new(),
    }
}

fn selector(selector: &Selector) -> String {
    match selector {
        Selector::One(id) => id.to_string(),
        Selector::Range(first, last) => format!("{first}-{last}"),
    }
}

/// The text of an entry: the subject, then the tags of this feature that stand
/// only in the body, safe for one line of markdown.
pub(super) fn text(commit: &Commit, tags: &[Tag], in_table: bool) -> String {
    let mut subject = fold(&commit.subject());
    let body_tags: Vec<&str> = tags
        .iter()
        .filter(|tag| !tag.in_subject && !subject.contains(&tag.text))
        .map(|tag| tag.text.as_str())
        .collect();
    let in_body = once_each(&body_tags);
    let length = subject.chars().count() + in_body.chars().count();
    let kept = if length > MAX_TEXT {
        let own: Vec<&str> =
            tags.iter().filter(|tag| tag.in_subject).map(|tag| tag.text.as_str()).collect();
        let kept = format!("{}{in_body}", once_each(&own));
        let room = MAX_TEXT.saturating_sub(kept.chars().count() + 1);
        subject = subject.chars().take(room).collect::<String>().trim_end().to_owned() + "…";
        kept
    } else {
        in_body
    };
    escape(&format!("{subject}{kept}"), in_table)
}

/// Each tag once, each behind a blank.
fn once_each(tags: &[&str]) -> String {
    let mut text = String::new();
    for (at, tag) in tags.iter().enumerate() {
        if !tags[..at].contains(tag) {
            text.push(' ');
            text.push_str(tag);
        }
    }
    text
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Makes a text safe inside one list item or table cell: no character of it
/// can open another structure or hide what it is.
fn escape(text: &str, in_table: bool) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '`' | '<' => safe.extend(['\\', c]),
            '|' if in_table => safe.push_str("\\|"),
            ']' if chars.peek() == Some(&'(') => safe.push_str("]\\"),
            '!' if chars.peek() == Some(&'[') => safe.push_str("!\\"),
            c if is_hidden(c) => safe.push_str(&format!("\\\\u{{{:x}}}", u32::from(c))),
            c => safe.push(c),
        }
    }
    safe
}

/// Control characters and those that turn the direction of text round.
fn is_hidden(c: char) -> bool {
    let bidi = [
        '\u{61c}'..='\u{61c}',
        '\u{200e}'..='\u{200f}',
        '\u{202a}'..='\u{202e}',
        '\u{2066}'..='\u{2069}',
    ];
    c.is_control()
        || c == '\u{feff}'
        || c == '\u{2028}'
        || c == '\u{2029}'
        || bidi.iter().any(|range| range.contains(&c))
}
