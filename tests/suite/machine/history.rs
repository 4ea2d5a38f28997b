//! What history says of the tasks, replayed in the simple way.

use std::collections::{BTreeMap, HashMap, HashSet};

use spec_log::tag::{self, Selector, Word};
use spec_log::task::FeatureId;

use super::world::World;
use crate::histories::{DOCUMENTS, TASKS};

/// A commit that makes links.
#[derive(Clone, Debug)]
pub(super) struct Linked {
    pub(super) oid: String,
    pub(super) key: (i64, u32, String),
    pub(super) subject: String,
    pub(super) message: String,
    pub(super) author: String,
    pub(super) reverts: Vec<String>,
}

/// The commits of HEAD that make links, by name.
pub(super) struct History {
    pub(super) reachable: HashSet<String>,
    pub(super) linked: Vec<Linked>,
    /// Those that link to the document without a place for entries.
    pub(super) unlisted: Vec<Linked>,
}

impl History {
    pub(super) fn read(world: &World) -> Self {
        let format = "--format=%x01%H%x02%ct%x02%P%x02%an %at%x02%B%x03";
        let log = world.git(&["log", "--topo-order", "--reverse", "--name-only", format]).ok();
        let (mut depths, mut linked, mut unlisted) = (HashMap::new(), Vec::new(), Vec::new());
        let mut reachable = HashSet::new();
        for record in log.split('\x01').skip(1) {
            let (head, paths) = record.split_once('\x03').expect("a whole record");
            let parts: Vec<&str> = head.splitn(5, '\x02').collect();
            let [oid, time, parents, author, message] = parts[..] else { unreachable!() };
            let of_parents = parents.split(' ').filter_map(|p| depths.get(&(p.to_owned(), time)));
            let depth = of_parents.map(|depth: &u32| depth + 1).max().unwrap_or(0);
            depths.insert((oid.to_owned(), time), depth);
            reachable.insert(oid.to_owned());
            let is_work = |path: &str| !path.is_empty() && !DOCUMENTS.contains(&path);
            let key = (time.parse().expect("seconds"), depth, oid.to_owned());
            let one = Linked::new(key, message, author);
            if !paths.lines().any(is_work) || parents.contains(' ') || one.is_folded() {
                continue;
            }
            if one.names(|feature| matches!(feature, FeatureId::Slug(_))) {
                unlisted.push(one.clone());
            }
            if one.makes_links(world) {
                linked.push(one);
            }
        }
        linked.sort_by(|a, b| a.key.cmp(&b.key));
        Self { reachable, linked, unlisted }
    }

    /// The commits that could have taken the place of one, by who wrote it
    /// when and what it is called.
    pub(super) fn successors(&self, world: &World, hash: &str) -> usize {
        let old = Identity::of(world, hash);
        self.linked.iter().filter(|c| c.author == old.author && c.subject == old.subject).count()
    }

    /// Each task's state, from all links at once.
    pub(super) fn states(&self, world: &World) -> String {
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
    fn new(key: (i64, u32, String), message: &str, author: &str) -> Self {
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

    fn is_folded(&self) -> bool {
        ["fixup! ", "squash! "].iter().any(|s| self.subject.starts_with(s))
    }

    /// Whether it names a feature itself.
    fn names(&self, is_meant: impl Fn(&FeatureId) -> bool) -> bool {
        tag::read(&self.message).tags.iter().any(|tag| is_meant(&tag.feature))
    }

    fn makes_links(&self, world: &World) -> bool {
        self.names(|feature| matches!(feature, FeatureId::Prd(_)))
            || TASKS.iter().any(|task| self.touches(world, task))
    }

    /// What it says of a task itself, the strongest word of several.
    pub(super) fn says(&self, task: &str) -> Option<Word> {
        said(&self.message, task)
    }

    /// Whether it, or what it takes back, says anything of a task.
    fn touches(&self, world: &World, task: &str) -> bool {
        self.says(task).is_some()
            || self.reverts.iter().any(|name| {
                let message = world.git(&["log", "-1", "--format=%B", name]).ok();
                let key = (0, 0, name.clone());
                Self::new(key, &message, "").touches(world, task)
            })
    }

    /// Whether an entry's text is its subject, and nothing but tags behind it.
    pub(super) fn is_told_by(&self, words: &str) -> bool {
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
