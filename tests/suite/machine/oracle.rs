//! What a document must say, worked out from history in the simple way.

use super::history::History;
use super::world::World;
use crate::histories::{LIST, LIST_PLAN, LIST_TASKS, PLACE, PLAN};

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
    /// Ticks in the document without entries.
    pub(super) ticks: usize,
}

impl Counts {
    pub(super) fn add(&mut self, other: Self) {
        self.right += other.right;
        self.missing += other.missing;
        self.wrong += other.wrong;
        self.dropped += other.dropped;
        self.ambiguous += other.ambiguous;
        self.ticks += other.ticks;
    }
}

/// Syncs and holds the document against the history.
pub(super) fn judge(world: &World) -> Result<Counts, String> {
    let told = world.spec_log(&["sync"]);
    let warned = told.stderr.clone();
    told.ok();
    let (text, all) = (world.read(PLACE), world.documents());
    world.spec_log(&["sync", "-q"]).ok();
    same("sync again changes a document", &all, &world.documents())?;
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
    counts.ticks = history.compare_list(world)?;
    let committed = world.git(&["show", &format!("HEAD:{PLACE}")]).stdout;
    // The box that is a person's alone may be set anew.
    let is_kept = |note: &&str| note.starts_with("Note ") && !world.gave_up(note);
    let mut prose = notes(&committed).filter(is_kept);
    if let Some(lost) = prose.find(|note| !notes(&text).any(|own| own == *note)) {
        return Err(format!("{lost:?} is lost in\n{text}"));
    }
    if counts.ambiguous == 0 {
        let [wanted, found] = [history.states(world), states(&settled)];
        same("the states", &world.by_commits(&wanted), &world.by_commits(&found))
            .map_err(|fault| format!("{fault}\n{settled}"))?;
    }
    same("the figures", &figures(&settled), &progress(&settled))?;
    same("the log", &history.names(), &logged(world))?;
    counts.right += history.linked.len();
    Ok(counts)
}

/// The commits that a reader is told of, who asks what is remembered of walks
/// over the history as it was.
fn logged(world: &World) -> String {
    let told = world.spec_log(&["log", "--json", "PRD-07"]).ok();
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let commits = told["commits"].as_array().expect("commits").iter();
    let mut names: Vec<&str> = commits.filter_map(|commit| commit["oid"].as_str()).collect();
    names.sort_unstable();
    names.join("\n")
}

fn same(what: &str, wanted: &str, found: &str) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    Err(format!("{what}: wanted\n{wanted}\nfound\n{found}"))
}

impl History {
    /// The names of the commits that make links.
    fn names(&self) -> String {
        let mut names: Vec<&str> = self.linked.iter().map(|commit| commit.oid.as_str()).collect();
        names.sort_unstable();
        names.join("\n")
    }

    /// Holds the document without entries against the commits that name it;
    /// answers how many ticks are there. What a person took back, in a revert
    /// or a conflict, may be open.
    fn compare_list(&self, world: &World) -> Result<usize, String> {
        let text = world.read(LIST);
        same("the person's own list", LIST_PLAN, &text.replace("[x]", "[ ]"))?;
        let is_named = |task: &&&str| self.unlisted.iter().any(|c| c.says(task).is_some());
        let is_open = |task: &&&str| text.contains(&format!("[ ] {task}:"));
        if let Some(task) = LIST_TASKS.iter().filter(is_named).find(is_open)
            && !world.took_back()
        {
            return Err(format!("{task} is open in\n{text}"));
        }
        Ok(text.matches("[x]").count())
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
}

fn entries(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| line.strip_prefix("- `")?.split_once("` - "))
}

/// The lines that a person alone writes.
pub(super) fn notes(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| line.starts_with("Note ") || line.contains("] Task 2.3"))
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
        + &line("Phase 2", &["2.1", "2.2", "2.3"])
        + &line("Overall", &["1.1", "1.2", "2.1", "2.2", "2.3"])
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
