//! The phases and tasks of a plan.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::doc::id::leading_id;
use crate::doc::outline::unnumbered;
use crate::doc::{Document, State};
use crate::task::TaskId;

/// A part of the work, under a heading of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Its heading.
    pub title: String,
    /// Its tasks, each before its parts.
    pub tasks: Vec<Task>,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id: the plan's, or the next that is free in its phase; `None` where
    /// that would be too long for one.
    pub id: Option<TaskId>,
    /// What it says besides.
    pub text: String,
    /// How many tasks it is part of.
    pub depth: usize,
    /// Whether the plan has ticked it.
    pub is_done: bool,
}

/// A task as the plan has it.
struct Found {
    id: Option<TaskId>,
    text: String,
    depth: usize,
    is_done: bool,
}

/// The phases of a plan, those without tasks left out: the headings called
/// phases; where there are none, the sections that speak of tasks, or their
/// parts; else whatever holds boxes.
///
/// Boxes are its tasks; in a phase or a section that has none, the items of
/// its numbered lists and those that begin with an id; where there are none of
/// these either, its other bullets. An id that stands twice counts once, and
/// what has none gets the next one of its phase.
pub fn phases(plan: &Document) -> Vec<Phase> {
    let all = || phase_of(plan, "Tasks", &(0..plan.text().len()), &[], &mut HashSet::new());
    let phases = whole(plan, sections(plan, is_phase));
    let work: Vec<Scope> =
        sections(plan, is_work).into_iter().flat_map(|at| parts(plan, at)).collect();
    let boxed = whole(plan, plan.phases());
    let read = |scope: &[Scope], forms: &[Form]| {
        let mut taken = HashSet::new();
        let title = |at: usize| plan.headings()[at].text.as_str();
        let phases = scope
            .iter()
            .filter_map(|(at, body)| phase_of(plan, title(*at), body, forms, &mut taken));
        phases.collect::<Vec<_>>()
    };
    let with_bullets = [numbered as Form, bulleted];
    // Bullets of a phase are often prose: they come behind all that is clear.
    let ways: [(&[Scope], &[Form]); 5] = [
        (&phases, &[numbered]),
        (&work, &[numbered]),
        (&work, &with_bullets),
        (&boxed, &[]),
        (&phases, &with_bullets),
    ];
    let found = ways.into_iter().find(|(scope, forms)| !read(scope, forms).is_empty());
    match found {
        Some((scope, [])) => read(scope, &[]),
        Some((scope, _)) => read(scope, &with_bullets),
        None => all().into_iter().collect(),
    }
}

/// A way in which tasks without boxes are written.
type Form = fn(&Document, &Range<usize>) -> Vec<Found>;

/// What a section is called that lists tasks, besides those that say so.
const WORK: &[&str] = &[
    "implementation",
    "implementation plan",
    "implementation steps",
    "implementation phases",
    "work breakdown",
    "work items",
    "action items",
    "todo",
    "to do",
];

/// Words of headings whose bullets are no tasks, whatever stands below them.
const PROSE: &[&str] = &["goal", "risk", "metric", "success", "criteria", "scope", "requirement"];

/// What a line says of a phase, and not what is to be done in it.
const FACTS: &[&str] = &[
    "goal",
    "goals",
    "objective",
    "duration",
    "estimate",
    "effort",
    "timeline",
    "owner",
    "status",
    "risk",
    "risks",
    "dependencies",
    "depends on",
    "note",
    "notes",
    "outcome",
    "why",
];

fn is_phase(heading: &str) -> bool {
    starts_with_word(heading, "phase")
}

fn is_work(heading: &str) -> bool {
    names_tasks(heading) || WORK.contains(&unnumbered(&heading.to_lowercase()))
}

fn names_tasks(heading: &str) -> bool {
    heading.to_lowercase().contains("task")
}

/// A heading and what belongs to it.
type Scope = (usize, Range<usize>);

fn whole(plan: &Document, headings: Vec<usize>) -> Vec<Scope> {
    headings.into_iter().map(|at| (at, plan.headings()[at].body.clone())).collect()
}

/// The parts of a section that lists tasks: what stands over its first part,
/// and those parts. It has some where it holds phases, or says of all it holds
/// that they are tasks and no heading in it is one itself.
fn parts(plan: &Document, section: usize) -> Vec<Scope> {
    let headings = plan.headings();
    let body = headings[section].body.clone();
    let below = |at: &usize| headings[*at].span.start < body.end;
    let inside: Vec<usize> = (section + 1..headings.len()).take_while(below).collect();
    let holds_phases = || inside.iter().any(|&at| is_phase(&headings[at].text));
    let is_task =
        |at: usize| names_tasks(&headings[at].text) || !boxes(plan, &headings[at].span).is_empty();
    let holds_groups =
        || names_tasks(&headings[section].text) && !inside.iter().any(|&at| is_task(at));
    if !holds_phases() && !holds_groups() {
        return whole(plan, vec![section]);
    }
    let own = |at: &usize| headings[*at].parent == Some(section);
    let parts: Vec<usize> = inside.iter().copied().filter(own).collect();
    let first = parts.first().map_or(body.end, |&part| headings[part].span.start);
    let below = |part: usize| match is_phase(&headings[part].text) {
        true => whole(plan, vec![part]),
        false => self::parts(plan, part),
    };
    std::iter::once((section, body.start..first)).chain(parts.into_iter().flat_map(below)).collect()
}

/// The sections whose heading says so, none inside another.
fn sections(plan: &Document, says_so: impl Fn(&str) -> bool) -> Vec<usize> {
    let headings = plan.headings();
    let named = |at: &usize| headings[*at].level > 1 && says_so(&headings[*at].text);
    let above = |at: usize| std::iter::successors(headings[at].parent, |&up| headings[up].parent);
    (0..headings.len()).filter(|at| named(at) && !above(*at).any(|up| named(&up))).collect()
}

/// The phase of one title.
fn phase_of(
    plan: &Document,
    title: &str,
    body: &Range<usize>,
    forms: &[Form],
    taken: &mut HashSet<TaskId>,
) -> Option<Phase> {
    let title = title.trim().trim_end_matches(['✓', '✅', ' ']).to_owned();
    let others = forms.iter().map(|form| form(plan, body));
    let mut all = std::iter::once(boxes(plan, body)).chain(others);
    let found = all.find(|found| !found.is_empty()).unwrap_or_default();
    let number = number_of(&title).unwrap_or_else(|| next_number(taken));
    let tasks = with_ids(found, number, taken);
    (!tasks.is_empty()).then_some(Phase { title, tasks })
}

fn boxes(plan: &Document, body: &Range<usize>) -> Vec<Found> {
    let here = plan.tasks().iter().enumerate();
    let here = here.filter(|(_, task)| task.checklist.is_none() && body.contains(&task.text.start));
    let found = here.map(|(at, task)| Found {
        id: task.id.clone(),
        text: plain(&(plan.task_title(at).to_owned() + &continued(plan, task.text.end))),
        depth: task.depth,
        is_done: task.state == State::Done,
    });
    found.collect()
}

/// The items of numbered lists, and those that begin with an id.
fn numbered(plan: &Document, body: &Range<usize>) -> Vec<Found> {
    let items = &plan.outline().items;
    let mut found: Vec<Found> = Vec::new();
    let mut depths: HashMap<usize, usize> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        if !body.contains(&item.span.start) {
            continue;
        }
        let end = plan.text()[item.span.start..].find('\n');
        let end = end.map_or(plan.text().len(), |len| item.span.start + len);
        let line = plan.slice(&(item.span.start..end)).trim_end();
        let is_numbered = line.starts_with(|c: char| c.is_ascii_digit());
        let bare = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let bare = bare.get(1..).unwrap_or_default().trim_start();
        let id = leading_id(bare, &[]);
        if bare.is_empty() || !(is_numbered || id.is_some()) {
            continue;
        }
        let text = id.as_ref().map_or(bare, |(_, span)| &bare[span.end..]);
        let mut above = std::iter::successors(item.parent, |&up| items[up].parent);
        let depth = above.find_map(|up| depths.get(&up)).map_or(0, |depth| depth + 1);
        depths.insert(at, depth);
        found.push(Found {
            id: id.map(|(id, _)| id),
            text: plain(&(text.to_owned() + &continued(plan, end))),
            depth,
            is_done: false,
        });
    }
    found
}

/// The bullets that are part of no other, where neither a heading nor a label
/// (`**Deliverables:**`) above them says that they are something else.
fn bulleted(plan: &Document, body: &Range<usize>) -> Vec<Found> {
    let mut found = Vec::new();
    let (mut end_of_last, mut is_other) = (None, false);
    for item in plan.outline().items.iter().filter(|item| item.parent.is_none()) {
        let goes_on = |end: usize| plan.slice(&(end..item.span.start)).trim().is_empty();
        if !end_of_last.replace(item.span.end).is_some_and(goes_on) {
            is_other = is_labelled(plan, item.span.start);
        }
        if !body.contains(&item.span.start) || is_other {
            continue;
        }
        let rest = &plan.text()[item.span.start..];
        let line = rest.lines().next().unwrap_or_default();
        let text = line.trim_start_matches(['-', '*', '+']).trim_start();
        if text.is_empty() || text.starts_with(['`', '[']) || is_fact(text) {
            continue;
        }
        let end = item.span.start + line.len();
        let text = plain(&(text.to_owned() + &continued(plan, end)));
        found.push(Found { id: None, text, depth: 0, is_done: false });
    }
    found
}

/// Whether the heading over an item, one further up, or the line before its
/// list says that it is no task.
fn is_labelled(plan: &Document, item: usize) -> bool {
    let headings = plan.headings();
    let own = headings.iter().rposition(|heading| heading.span.start < item);
    let mut above = std::iter::successors(own, |&at| headings[at].parent);
    let is_prose = |text: &str| PROSE.iter().any(|word| text.to_lowercase().contains(word));
    if above.any(|at| headings[at].level > 1 && is_prose(&headings[at].text)) {
        return true;
    }
    let mut before = plan.text()[..item].lines().rev().map(str::trim);
    let label = before.find(|line| !line.is_empty()).unwrap_or_default().trim_matches(['*', '_']);
    !label.starts_with('#') && label.ends_with(':') && !is_work(label.trim_end_matches(':'))
}

/// Whether a bullet says something of its phase: `**Goal**: …`.
fn is_fact(text: &str) -> bool {
    let (label, _) = text.split_once(':').unwrap_or_default();
    FACTS.contains(&label.trim_matches(['*', '_', ' ']).to_lowercase().as_str())
}

/// The lines of prose that go on behind an item's first one.
fn continued(plan: &Document, end: usize) -> String {
    let rest = plan.text()[end..].split_once('\n').map_or("", |(_, rest)| rest);
    let begins_block = |line: &str| {
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.is_empty()
            || line.starts_with(['-', '*', '+', '#', '`', '|', '>', '<'])
            || number.len() < line.len() && number.starts_with(['.', ')'])
    };
    let lines = rest.lines().map(str::trim).take_while(|line| !begins_block(line));
    lines.fold(String::new(), |text, line| text + " " + line)
}

/// A text without what joins it to its id, and without bold type that its id
/// has left open.
fn plain(text: &str) -> String {
    let text = text.trim_start_matches([' ', ':', '.', ')', ']', '*', '-', '–', '—']);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.matches("**").count() % 2 {
        0 => text,
        _ => text.replacen("**", "", 1),
    }
}

/// Gives every task an id that no other has.
fn with_ids(found: Vec<Found>, phase: u32, taken: &mut HashSet<TaskId>) -> Vec<Task> {
    // Ids that stand there come before those that are made up.
    let own: Vec<Option<TaskId>> =
        found.iter().map(|one| one.id.clone().filter(|id| taken.insert(id.clone()))).collect();
    let mut free = Free::default();
    // The ids of the phase and of the tasks that one is part of.
    let mut above = vec![phase.to_string()];
    let mut tasks = Vec::new();
    for (one, own) in found.into_iter().zip(own) {
        above.truncate(one.depth + 1);
        let parent = above.last().map_or("", String::as_str);
        let id = own.or_else(|| free.below(parent, taken));
        above.push(id.as_ref().map_or_else(String::new, ToString::to_string));
        tasks.push(Task { id, text: one.text, depth: one.depth, is_done: one.is_done });
    }
    tasks
}

/// How many ids have been made up below each.
#[derive(Default)]
struct Free(HashMap<String, usize>);

impl Free {
    /// Takes the next free id below another.
    fn below(&mut self, above: &str, taken: &mut HashSet<TaskId>) -> Option<TaskId> {
        let last = self.0.entry(above.to_owned()).or_default();
        loop {
            *last += 1;
            let id = TaskId::parse(&format!("{above}.{last}"))?;
            if taken.insert(id.clone()) {
                return Some(id);
            }
        }
    }
}

/// The number in `Phase 2: …`.
pub(super) fn number_of(title: &str) -> Option<u32> {
    let rest = starts_with_word(title, "phase").then(|| title[5..].trim_start())?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..digits].parse().ok()
}

/// One more than the greatest first number of an id.
fn next_number(taken: &HashSet<TaskId>) -> u32 {
    let first = |id: &TaskId| id.as_str().split('.').next()?.parse::<u32>().ok();
    taken.iter().filter_map(first).max().map_or(1, |most| most.saturating_add(1))
}

pub(super) fn starts_with_word(text: &str, word: &str) -> bool {
    let start = text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    start && !text[word.len()..].starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::super::put::section;
    use super::*;
    use crate::doc::dialect::FEATURE_FILE;

    fn document(text: &str) -> Document {
        Document::read("prd/07_x.md", text.into(), &FEATURE_FILE)
    }

    fn shown(text: &str) -> String {
        phases(&document(text)).iter().map(|phase| section(phase, 3) + "\n").collect()
    }

    #[test]
    fn boxes_under_phases_come_with_their_ids_and_parts() {
        let plan = "# PRD: X\n\n## Affected\n\n- [ ] Frontend\n\n## Plan\n\n### Phase 1: Core ✓\n\n\
            - [x] Task 1.1: Schema ✓\n  - [ ] down\n    and up\n- [ ] **A1: Table** of all\n  - why\n\n\
            ### Phase 3: Tests\n\nProse.\n\n1. Unit\n   - detail\n2. Task 1.1: Twice\n";
        assert_eq!(
            shown(plan),
            "### Phase 1: Core\n\n- [x] Task 1.1: Schema\n  - [ ] Subtask 1.1.1: down and up\n\
             - [ ] Task A1: Table of all\n### Phase 3: Tests\n\n- [ ] Task 3.1: Unit\n- [ ] Task 3.2: Twice\n"
        );
    }

    #[test]
    fn without_phases_the_sections_of_tasks_are_taken_or_all_boxes() {
        let plan =
            "# X\n\n## Goals\n\n1. Be good\n\n## Implementation Tasks\n\n- **T001** a\n- prose\n";
        assert_eq!(shown(plan), "### Implementation Tasks\n\n- [ ] Task T001: a\n");
        assert_eq!(shown("# X\n\n## Work\n\n- [ ] a\n"), "### Work\n\n- [ ] Task 1.1: a\n");
        assert_eq!(shown("- [ ] a\n"), "### Tasks\n\n- [ ] Task 1.1: a\n");
        assert_eq!(shown("# X\n\n## Goals\n\n1. Be good\n"), "");
    }

    #[test]
    fn bullets_are_tasks_where_a_section_lists_tasks_and_nothing_better() {
        let plan = "# X\n\n## Goals\n\n- be good\n\n## Tasks\n\n- Store it\n  - well\n- Send\n  it\n\n\
            ## Risks\n\n- none\n";
        let tasks = "### Tasks\n\n- [ ] Task 1.1: Store it\n- [ ] Task 1.2: Send it\n";
        assert_eq!(shown(plan), tasks);
        let plan = "# X\n\n## Success Metrics\n\n### Phase 1\n\n- fast\n\n## 4. Implementation Plan\n\n\
            ### Phase 1: Core\n\n**Goal:** a core\n\n- **Duration**: 2 days\n- **Schema**: write it\n\n\
            **Deliverables:**\n\n- a schema\n\n### Phase 2: Rest\n\n- [ ] Test\n- a note\n\n\
            ### Phase 3: Docs\n\nTasks:\n\n* Write\n* `docs/x.md`\n";
        assert_eq!(
            shown(plan),
            "### Phase 1: Core\n\n- [ ] Task 1.1: Schema: write it\n### Phase 2: Rest\n\n\
             - [ ] Task 2.1: Test\n### Phase 3: Docs\n\n- [ ] Task 3.1: Write\n"
        );
        assert_eq!(
            shown("# X\n\n## Tasks\n\n- a\n\n## Other\n\n- [ ] b\n"),
            "### Tasks\n\n- [ ] Task 1.1: a\n"
        );
        assert_eq!(shown("# X\n\n## Implementation Details\n\n- a route\n"), "");
    }

    #[test]
    fn a_section_of_tasks_is_taken_by_its_parts() {
        for head in ["## Implementation Plan", "## Implementation Phases", "## Tasks"] {
            let plan = format!(
                "# X\n\n{head}\n\n### Phase 1: Core\n\n- a\n\n### Phase 2: Docs\n\n**Tasks:**\n\n- b\n"
            );
            assert_eq!(
                shown(&plan),
                "### Phase 1: Core\n\n- [ ] Task 1.1: a\n### Phase 2: Docs\n\n- [ ] Task 2.1: b\n"
            );
        }
        let plan = "# X\n\n## Tasks\n\n- first\n\n### Core\n\n1. a\n2. b\n\n### Docs\n\n- c\n";
        assert_eq!(
            shown(plan),
            "### Tasks\n\n- [ ] Task 1.1: first\n### Core\n\n- [ ] Task 2.1: a\n\
             - [ ] Task 2.2: b\n### Docs\n\n- [ ] Task 3.1: c\n"
        );
    }

    #[test]
    fn a_task_too_deep_for_an_id_is_kept_without_one() {
        let nested = |depth| format!("{}- [ ] a{depth}\n", "  ".repeat(depth));
        let plan: String = (0..40).map(nested).collect();
        let tasks = &phases(&document(&format!("## Phase 1\n\n{plan}")))[0].tasks;
        assert_eq!(tasks.len(), 40);
        assert_eq!(tasks.iter().filter(|task| task.id.is_some()).count(), 31);
        assert!(
            section(&Phase { title: String::new(), tasks: tasks.clone() }, 3)
                .ends_with("- [ ] a39")
        );
    }
}
