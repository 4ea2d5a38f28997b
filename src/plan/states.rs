//! What becomes of each task.

use super::targets::{Ask, Fault, targets};
use super::telling::{Telling, cancelled, newest};
use super::{Known, Note, Plan, Settings};
use crate::commit::Oid;
use crate::config::Tick;
use crate::doc::edit::{Habits, Wanted, set_task, sign};
use crate::doc::{Document, State};
use crate::tag::Tag;

/// What a task's newest link says.
#[derive(Clone, Copy, Debug)]
struct Link {
    /// The place of its commit in history order; `None` where what was said
    /// is said no more.
    at: Option<usize>,
    ask: Ask,
    /// Whether it was not the newest one before.
    new: bool,
}

/// The tasks as the links leave them.
pub(super) struct Outcome {
    /// What each task's line is to say.
    pub(super) wanted: Vec<Wanted>,
    /// Whether a new link acted on any task.
    pub(super) acted: bool,
}

/// Works out the states and adds their edits to the plan.
pub(super) fn settle(
    document: &Document,
    known: Known<'_>,
    settings: Settings,
    any_new: bool,
    plan: &mut Plan,
) -> Outcome {
    let tick = settings.tick;
    let mut wanted: Vec<Wanted> = document.tasks().iter().map(Wanted::as_is).collect();
    if tick == Tick::Never || !any_new {
        return Outcome { wanted, acted: false };
    }
    let links = Links::collect(document, known, tick, plan);
    let acted = links.newest.iter().flatten().any(|link| link.new);
    for task in (0..wanted.len()).rev() {
        links.settle_task(document, task, &mut wanted, plan);
    }
    let habits = Habits::of(document);
    for (at, (task, wanted)) in document.tasks().iter().zip(&wanted).enumerate() {
        set_task(document, task, *wanted, habits, &mut plan.patch);
        if let Some(commit) =
            links.signature(document, at, known).filter(|_| wanted.state.is_done())
        {
            sign(document, task, &commit.abbrev(settings.abbrev), &mut plan.patch);
        }
    }
    report(document, &wanted, plan);
    Outcome { wanted, acted }
}

fn report(document: &Document, wanted: &[Wanted], plan: &mut Plan) {
    for (at, task) in document.tasks().iter().enumerate() {
        match (task.state.is_done(), wanted[at].state.is_done()) {
            (false, true) => plan.ticked.push(name(document, at)),
            (true, false) => plan.reopened.push(name(document, at)),
            _ if wanted[at].in_progress && !task.begun => plan.begun.push(name(document, at)),
            _ => {}
        }
    }
    plan.notes.reverse();
}

/// A task's id, or its text where it has none.
fn name(document: &Document, task: usize) -> String {
    match &document.tasks()[task].id {
        Some(id) => id.to_string(),
        None => document.task_title(task).to_owned(),
    }
}

/// The newest link of each task.
struct Links {
    newest: Vec<Option<Link>>,
    /// The places of the newest ones of before.
    before: Vec<Option<usize>>,
    /// Tasks that a new link set with `done`, which alone may replace a mark of
    /// unknown meaning.
    overruled: Vec<bool>,
    /// Tasks that a new link opens, or did, or that are open again since one was
    /// taken back.
    opened: Vec<bool>,
}

impl Links {
    fn collect(document: &Document, known: Known<'_>, tick: Tick, plan: &mut Plan) -> Self {
        let read = |tags: &[Tag]| targets(document, tags, tick, |_| {});
        let (now, before) = (Telling::now(known), Telling::before(known));
        let tasks = document.tasks().len();
        let (last, former) = (newest(&now, tasks, read), newest(&before, tasks, read));
        let link = |task: usize| match (last[task], former[task]) {
            (Some((at, ask)), Some((then, asked))) => {
                let new = ask != asked || !now[at].continues(&before[then]);
                Some(Link { at: Some(at), ask, new })
            }
            (Some((at, ask)), None) => Some(Link { at: Some(at), ask, new: true }),
            (None, Some(_)) => Some(Link { at: None, ask: Ask::Reopen, new: true }),
            (None, None) => None,
        };
        let newest: Vec<Option<Link>> = (0..tasks).map(link).collect();
        let said = asked_anew(document, known, tick, plan);
        let is_open_now =
            |task: usize| newest[task].is_some_and(|link| link.new && !link.ask.finishes());
        Self {
            before: former.iter().map(|link| link.map(|(at, _)| at)).collect(),
            overruled: said.iter().map(|asks| asks.contains(&Ask::TickAll)).collect(),
            opened: (0..tasks)
                .map(|task| is_open_now(task) || said[task].iter().any(|ask| !ask.finishes()))
                .collect(),
            newest,
        }
    }

    /// The newest link of a task and whether it acts.
    fn own(&self, task: usize, now: Wanted) -> Option<Link> {
        let is_unknown = matches!(now.state, State::Other(_));
        self.newest[task]
            .map(|link| Link { new: link.new || (is_unknown && self.overruled[task]), ..link })
    }

    /// The commit that finished a task that is done now: where a new link did,
    /// where only its parts were missing, or where its line still names one
    /// that it took the place of.
    fn signature(&self, document: &Document, task: usize, known: Known<'_>) -> Option<Oid> {
        let link = self.newest[task].filter(|link| matches!(link.ask, Ask::Tick | Ask::TickAll))?;
        let said = known.history[link.at?];
        let hash = document.tasks()[task].hash.as_ref().map(|hash| document.slice(hash).trim());
        let mut formers = said.formers.iter().filter_map(|former| former.commit.as_ref());
        let names_former = hash.is_some_and(|hash| formers.any(|old| old.oid.has_prefix(hash)));
        let was_open = !document.tasks()[task].state.is_done();
        (link.new || was_open || names_former).then_some(said.commit.oid)
    }

    /// Whether a task's own link was the newest of it and its parts before.
    fn was_newest(&self, document: &Document, task: usize) -> bool {
        document.below(task).all(|part| self.before[part] <= self.before[task])
    }

    /// Gives one task its state; its parts have theirs already.
    fn settle_task(
        &self,
        document: &Document,
        task: usize,
        wanted: &mut [Wanted],
        plan: &mut Plan,
    ) {
        let own = self.own(task, wanted[task]);
        if matches!(wanted[task].state, State::Other(_)) {
            if !self.overruled[task] {
                return;
            }
            wanted[task].state = State::Open;
        }
        let own_is_new = own.is_some_and(|link| link.new);
        let children: Vec<usize> = document.children(task).collect();
        if children.is_empty() {
            if let Some(link) = own.filter(|link| link.new) {
                wanted[task] = leaf(link.ask);
            }
            return;
        }
        let below = document.below(task).filter_map(|part| self.newest[part]);
        let (newest_below, new_below) =
            below.fold((None, false), |(at, new), link| (at.max(link.at), new | link.new));
        let own_is_newest = own.is_some_and(|link| link.at >= newest_below);
        let own_was_newest = self.was_newest(document, task);
        let own_acts = own_is_new || !own_was_newest;
        // The links of a task and of its parts may have changed places.
        let has_turned = own.is_some() && own_is_newest != own_was_newest;
        let is_opened = self.opened[task] || document.below(task).any(|part| self.opened[part]);
        if !own_is_new && !new_below && !has_turned && !is_opened {
            return;
        }
        let open: Vec<usize> =
            children.iter().copied().filter(|&c| !wanted[c].state.is_done()).collect();
        wanted[task] = match own.map(|link| link.ask) {
            // A heading has no box: it says what the boxes below it say.
            _ if document.tasks()[task].mark.is_none() => {
                let state = if open.is_empty() { State::Done } else { State::Open };
                Wanted { state, in_progress: false }
            }
            Some(Ask::Reopen | Ask::Begin) if open.is_empty() && own_is_newest => match own {
                Some(link) if own_acts => leaf(link.ask),
                _ => wanted[task],
            },
            _ if open.is_empty() => Wanted { state: State::Done, in_progress: false },
            // Over open parts the tick is a person's.
            _ if wanted[task].state.is_done() && !is_opened => wanted[task],
            own => with_open_parts(wanted[task], own, own_is_new),
        };
        let stays_open = !open.is_empty() && !wanted[task].state.is_done();
        if own_is_new && stays_open && own.is_some_and(|link| link.ask == Ask::Tick) {
            let open = open.iter().map(|&part| name(document, part)).collect();
            plan.notes.push(Note::OpenSubtasks { task: name(document, task), open });
        }
    }
}

/// What new links ask of each task, be it taken back since; what cannot be
/// followed in the tags of new commits that count is noted.
fn asked_anew(document: &Document, known: Known<'_>, tick: Tick, plan: &mut Plan) -> Vec<Vec<Ask>> {
    let cancelled = cancelled(known.history);
    let mut asked = vec![Vec::new(); document.tasks().len()];
    for said in known.history.iter().filter(|said| said.new) {
        let acted: Vec<(usize, Ask)> = said
            .formers
            .iter()
            .flat_map(|former| targets(document, &former.tags, tick, |_| {}))
            .collect();
        let counts = !cancelled.contains(&said.commit.oid);
        let note = |fault: Fault| {
            plan.notes.extend(counts.then(|| fault.note(document, said.commit.oid)));
        };
        for link in targets(document, &said.tags, tick, note) {
            asked[link.0].extend((!acted.contains(&link)).then_some(link.1));
        }
    }
    asked
}

/// A task without parts.
pub(super) fn leaf(ask: Ask) -> Wanted {
    match ask {
        Ask::Tick | Ask::TickAll => Wanted { state: State::Done, in_progress: false },
        Ask::Begin => Wanted { state: State::Open, in_progress: true },
        Ask::Reopen => Wanted { state: State::Open, in_progress: false },
    }
}

/// A task of which a part is open is open; whether it is in progress is what
/// its own newest link says. A link that is not new says so only where the
/// task was done, so that a mark which a person took off stays off.
fn with_open_parts(now: Wanted, own: Option<Ask>, own_is_new: bool) -> Wanted {
    let state = if now.state.is_done() { State::Open } else { now.state };
    let in_progress = match own {
        Some(ask) if own_is_new || now.state.is_done() => ask != Ask::Reopen,
        _ => now.in_progress,
    };
    Wanted { state, in_progress }
}
