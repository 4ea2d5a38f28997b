//! What a document must say, worked out from history in the simple way.

use std::collections::{BTreeMap, HashMap, HashSet};

use spec_log::tag::{self, Selector, Word};

use super::world::World;
use crate::histories::{PLACE, PLAN, TASKS};

/// What was found in the documents of one sequence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) right: usize,
    pub(super) missing: usize,
    pub(super) wrong: usize,
    /// Entries of commits that HEAD does not hold and nothing in it follows.
    pub(super) dropped: usize,
    /// Entries of commits with several successors.
    pub(super) ambiguous: usize,
}

impl Counts {
    pub(super) fn add(&mut self, other: Self) {
        self.right += other.right;
        self.missing += other.missing;
        self.wrong += other.wrong;
        self.dropped += other.dropped;
        self.ambiguous += other.ambiguous;
    }
}

/// A commit that makes links.
#[derive(Clone, Debug)]
struct Linked {
    oid: String,
    key: (i64, u32, String),
    subject: String,
    message: String,
    author: String,
    reverts: Vec<String>,
}

/// The commits of HEAD that make links, by name.
struct History {
    reachable: HashSet<String>,
    linked: Vec<Linked>,
}

/// Syncs and holds the document against the history.
pub(super) fn judge(world: &World) -> Result<Counts, String> {
    let told = world.spec_log(&["sync"]);
    let warned = told.stderr.clone();
    told.ok();
    let text = world.read(PLACE);
    world.spec_log(&["sync", "-q"]).ok();
    same("sync again changes the document", &text, &world.read(PLACE))?;
    let history = History::read(world);
    let (mut counts, stale) = history.compare(world, &text, &warned)?;
    let settled = if stale.is_empty() {
        text.clone()
    } else {
        world.spec_log(&["sync", "-q", "--prune"]).ok();
        let pruned = world.read(PLACE);
        let (after, left) = history.compare(world, &pruned, &warned)?;
        // What has several successors is no more gone than it is here.
        if after.dropped > 0 {
            return Err(format!("--prune leaves {left:?} in\n{pruned}"));
        }
        world.spec_log(&["sync", "-q", "--prune"]).ok();
        same("--prune again changes the document", &pruned, &world.read(PLACE))?;
        pruned
    };
    same("the person's own text", &plain(PLAN), &plain(&text))?;
    same("the person's own text, pruned", &plain(PLAN), &plain(&settled))?;
    let committed = world.git(&["show", &format!("HEAD:{PLACE}")]).stdout;
    if let Some(lost) = notes(&committed).find(|note| !notes(&text).any(|own| own == *note)) {
        return Err(format!("{lost:?} is lost in\n{text}"));
    }
    if counts.ambiguous == 0 {
        same("the states", &history.states(world), &states(&settled))
            .map_err(|fault| format!("{fault}\n{settled}"))?;
    }
    same("the figures", &figures(&settled), &progress(&settled))?;
    counts.right += history.linked.len();
    Ok(counts)
}

fn same(what: &str, wanted: &str, found: &str) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    Err(format!("{what}: wanted\n{wanted}\nfound\n{found}"))
}

impl History {
    fn read(world: &World) -> Self {
        let format = "--format=%x01%H%x02%ct%x02%P%x02%an %at%x02%B%x03";
        let log = world.git(&["log", "--topo-order", "--reverse", "--name-only", format]).ok();
        let (mut depths, mut linked) = (HashMap::new(), Vec::new());
        let mut reachable = HashSet::new();
        for record in log.split('\x01').skip(1) {
            let (head, paths) = record.split_once('\x03').expect("a whole record");
            let parts: Vec<&str> = head.splitn(5, '\x02').collect();
            let [oid, time, parents, author, message] = parts[..] else { unreachable!() };
            let of_parents = parents.split(' ').filter_map(|p| depths.get(&(p.to_owned(), time)));
            let depth = of_parents.map(|depth: &u32| depth + 1).max().unwrap_or(0);
            depths.insert((oid.to_owned(), time), depth);
            reachable.insert(oid.to_owned());
            let works = paths.lines().any(|path| !path.is_empty() && path != PLACE);
            let key = (time.parse().expect("seconds"), depth, oid.to_owned());
            let one = Linked::new(world, key, message, author);
            if works && !parents.contains(' ') && one.makes_links(world) {
                linked.push(one);
            }
        }
        linked.sort_by(|a, b| a.key.cmp(&b.key));
        Self { reachable, linked }
    }

    /// Holds the entries against the linked commits; answers the hashes of
    /// those that HEAD does not hold.
    fn compare(
        &self,
        world: &World,
        text: &str,
        warned: &str,
    ) -> Result<(Counts, Vec<String>), String> {
        let (mut counts, mut stale, mut places) = (Counts::default(), Vec::new(), Vec::new());
        let entries: Vec<(&str, &str)> = entries(text).collect();
        for commit in &self.linked {
            let shown = entries.iter().filter(|(hash, _)| commit.oid.starts_with(hash)).count();
            if shown != 1 {
                return Err(format!(
                    "{shown} entries of {} {}\n{text}",
                    commit.oid, commit.subject
                ));
            }
        }
        for (hash, words) in entries {
            let found = self.linked.iter().find(|commit| commit.oid.starts_with(hash));
            match found {
                Some(commit) => {
                    if !commit.is_told_by(words) {
                        return Err(format!("wrong: {hash} {words:?} of {commit:?}"));
                    }
                    places.push(&commit.key);
                }
                None if self.reachable.iter().any(|oid| oid.starts_with(hash)) => {
                    return Err(format!("{hash} {words:?} makes no link\n{text}"));
                }
                None => {
                    stale.push(hash.to_owned());
                    match self.successors(world, hash) {
                        0 => counts.dropped += 1,
                        1 if !warned.contains(hash) => {
                            return Err(format!("{hash} {words:?} has a successor\n{text}"));
                        }
                        _ => counts.ambiguous += 1,
                    }
                }
            }
        }
        if !places.is_sorted() {
            return Err(format!("not in order of history:\n{text}"));
        }
        Ok((counts, stale))
    }

    /// The commits that could have taken the place of one, by who wrote it
    /// when and what it is called.
    fn successors(&self, world: &World, hash: &str) -> usize {
        let old = Identity::of(world, hash);
        self.linked.iter().filter(|c| c.author == old.author && c.subject == old.subject).count()
    }

    /// Each task's state, from all links at once.
    fn states(&self, world: &World) -> String {
        let mut cancelled: HashSet<String> = HashSet::new();
        for commit in self.linked.iter().rev() {
            if !cancelled.contains(&commit.oid) {
                cancelled
                    .extend(commit.reverts.iter().flat_map(|name| self.named(world, name, commit)));
            }
        }
        let live: Vec<&Linked> =
            self.linked.iter().filter(|commit| !cancelled.contains(&commit.oid)).collect();
        // For each task what its newest links say and the place of the newest.
        let own: BTreeMap<&str, (Option<Word>, usize)> = TASKS
            .iter()
            .filter_map(|task| {
                let mut touching =
                    live.iter().enumerate().rev().filter(|(_, c)| c.touches(world, task));
                let newest = touching.clone().next()?.0;
                Some((*task, (touching.find_map(|(_, c)| c.says(task)), newest)))
            })
            .collect();
        let leaf = |task: &str| match own.get(task) {
            Some((Some(Word::None | Word::Done), _)) => "x",
            Some((Some(Word::Wip), _)) => "wip",
            _ => " ",
        };
        let mut told = String::new();
        for task in TASKS {
            let state = if task == "1.1" { parent(&own, &leaf) } else { leaf(task) };
            told += &format!("{task} [{state}]\n");
        }
        told
    }

    /// The commits of this history that a revert means: the one that it names
    /// or, where that was rewritten, the one that took its place.
    fn named(&self, world: &World, name: &str, revert: &Linked) -> Vec<String> {
        if self.reachable.contains(name) {
            return vec![name.to_owned()];
        }
        let old = Identity::of(world, name);
        let alike = |c: &&Linked| c.key < revert.key && c.author == old.author;
        let older: Vec<&Linked> = self.linked.iter().filter(alike).collect();
        let same = older.iter().rev().find(|c| c.subject == old.subject);
        let only = older.first().filter(|_| older.len() == 1);
        same.or(only).map(|commit| commit.oid.clone()).into_iter().collect()
    }
}

/// Who wrote a commit when, and what it is called.
struct Identity {
    author: String,
    subject: String,
}

impl Identity {
    fn of(world: &World, name: &str) -> Self {
        let told = world.git(&["log", "-1", "--format=%an %at%n%s", name]).stdout;
        let (author, subject) = told.trim_end().split_once('\n').unwrap_or_default();
        Self { author: author.to_owned(), subject: subject.to_owned() }
    }
}

/// Task 1.1, which has two parts.
fn parent<'a>(
    own: &BTreeMap<&str, (Option<Word>, usize)>,
    leaf: &dyn Fn(&str) -> &'a str,
) -> &'a str {
    let below = ["1.1.1", "1.1.2"].iter().filter_map(|part| own.get(part)).map(|(_, at)| *at).max();
    let Some((word, at)) = own.get("1.1").copied().or(below.map(|_| (None, 0))) else { return " " };
    let is_own_newest = own.contains_key("1.1") && Some(at) >= below;
    let parts_are_done = ["1.1.1", "1.1.2"].iter().all(|part| leaf(part) == "x");
    match (parts_are_done, word) {
        (true, Some(Word::Wip)) if is_own_newest => "wip",
        (true, Some(Word::Reopen) | None) if is_own_newest => " ",
        (true, _) => "x",
        (false, Some(Word::Reopen) | None) => " ",
        (false, _) => "wip",
    }
}

impl Linked {
    fn new(_world: &World, key: (i64, u32, String), message: &str, author: &str) -> Self {
        let subject = message.split("\n\n").next().unwrap_or_default().trim_end();
        Self {
            oid: key.2.clone(),
            key,
            subject: subject.replace('\n', " "),
            message: message.to_owned(),
            author: author.to_owned(),
            reverts: tag::read(message).reverts,
        }
    }

    fn makes_links(&self, world: &World) -> bool {
        let is_folded = ["fixup! ", "squash! "].iter().any(|s| self.subject.starts_with(s));
        let all = || TASKS.iter().any(|task| self.touches(world, task));
        !is_folded && (!tag::read(&self.message).tags.is_empty() || all())
    }

    /// What it says of a task itself, the strongest word of several.
    fn says(&self, task: &str) -> Option<Word> {
        said(&self.message, task)
    }

    /// Whether it, or what it takes back, says anything of a task.
    fn touches(&self, world: &World, task: &str) -> bool {
        self.says(task).is_some()
            || self.reverts.iter().any(|name| {
                let message = world.git(&["log", "-1", "--format=%B", name]).ok();
                let key = (0, 0, name.clone());
                Self::new(world, key, &message, "").touches(world, task)
            })
    }

    /// Whether an entry's text is its subject, and nothing but tags behind it.
    fn is_told_by(&self, words: &str) -> bool {
        let shown = words.split('…').next().unwrap_or_default();
        let rest = shown.strip_prefix(&self.subject);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" [PRD-07"))
            || (words.contains('…') && self.subject.starts_with(shown.trim_end()))
    }
}

fn said(message: &str, task: &str) -> Option<Word> {
    let names = |selector: &Selector, id: &str| matches!(selector, Selector::One(own) if own.as_str() == id);
    let strength = |word: &Word| match word {
        Word::Wip => 0,
        Word::Reopen => 1,
        Word::None => 2,
        Word::Done => 3,
    };
    let tags = tag::read(message).tags;
    let reaches = |tag: &&tag::Tag| {
        let parent = task.rsplit_once('.').filter(|_| tag.word == Word::Done).map(|(p, _)| p);
        tag.tasks.iter().any(|own| names(own, task) || parent.is_some_and(|p| names(own, p)))
    };
    tags.iter().filter(reaches).map(|tag| tag.word).max_by_key(strength)
}

fn entries(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| line.strip_prefix("- `")?.split_once("` - "))
}

fn notes(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| line.starts_with("Note "))
}

/// The boxes as a text states them.
fn states(text: &str) -> String {
    let mut told = String::new();
    for line in text.lines().map(str::trim_start) {
        let Some((mark, rest)) = line.strip_prefix("- [").and_then(|l| l.split_once("] ")) else {
            continue;
        };
        let id = rest.split([' ', ':']).nth(1).unwrap_or_default();
        let state = if rest.ends_with(" (IN PROGRESS)") { "wip" } else { mark };
        told += &format!("{id} [{state}]\n");
    }
    told
}

/// The lines of progress that the boxes ask for.
fn figures(text: &str) -> String {
    let states = states(text);
    let is_done = |id: &&&str| states.lines().any(|line| line == format!("{id} [x]"));
    let done = |ids: &[&str]| ids.iter().filter(is_done).count();
    let line = |name: &str, ids: &[&str]| {
        let (done, all) = (done(ids), ids.len());
        format!("- **{name}:** {}% complete ({done}/{all} tasks done)\n", 100 * done / all)
    };
    line("Phase 1", &["1.1", "1.2"])
        + &line("Phase 2", &["2.1", "2.2"])
        + &line("Overall", &["1.1", "1.2", "2.1", "2.2"])
}

fn progress(text: &str) -> String {
    let lines = text.lines().filter(|line| line.contains("% complete"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// A document without its mechanical parts, and without the notes.
fn plain(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let is_ours = line.starts_with("- `") || line.contains("% complete");
        if is_ours || line.starts_with("Note ") || line.is_empty() {
            continue;
        }
        let field = line.strip_prefix("**").and_then(|rest| rest.split_once(":**"));
        kept += field.map_or(line, |(name, _)| name);
        kept.push('\n');
    }
    kept.replace("[x]", "[ ]").replace(" (IN PROGRESS)", "")
}
