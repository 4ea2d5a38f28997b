//! The dialects that are known without configuration.
//!
//! Folders, file names and headings are facts of the tools that write them.

use super::{Dialect, EntrySection, Naming};
use crate::tag::wild::Forms;

/// Check lists that are no tasks in any dialect.
const CHECKLISTS: &[&str] =
    &["manual testing", "before marking complete", "code quality checklist"];

/// The same, and what Backlog.md's files end with: its lines are numbered from
/// 1, as the criteria are.
const BACKLOG_CHECKLISTS: &[&str] =
    &["manual testing", "before marking complete", "code quality checklist", "definition of done"];

/// What a dialect has unless it says otherwise: a list of tasks that is named
/// by its path and has no place for commits.
const LIST: Dialect = Dialect {
    name: "",
    places: &[],
    companions: &[],
    views: &[],
    naming: Naming::Path,
    numbered: None,
    prefixes: &[],
    id_words: &[],
    states: ["Not Started", "In Progress", "Completed"],
    forms: Forms::ALL,
    begun: None,
    signed: false,
    entries: None,
    checklists: CHECKLISTS,
};

/// A feature's plan in one file, as in `prd/tasks/07_login.md`.
pub const FEATURE_FILE: Dialect = Dialect {
    name: "feature-file",
    places: &["prd/tasks/*.md", "features/**/*.md", "docs/features/**/*.md"],
    naming: Naming::Numbered,
    forms: Forms::NONE,
    entries: Some(EntrySection {
        names: &["git commits", "related commits", "commits", "commit log", "commit history"],
        title: "Git Commits",
        before: &["notes"],
    }),
    ..LIST
};

/// A folder that tracks a feature, as in `specs/active/oracle-secrets/`.
pub const WORKSPACE: Dialect = Dialect {
    name: "workspace",
    places: &["specs/active/*/tasks.md", "specs/archive/*/tasks.md"],
    companions: &["prd.md", "recovery.md", "RECOVERY.md"],
    views: &["recovery.md", "RECOVERY.md"],
    forms: Forms::NONE,
    ..LIST
};

/// What a reader who lost the context begins with, beside a workspace's tasks.
pub const RECOVERY: Dialect = Dialect { name: "recovery", ..LIST };

/// GitHub's spec-kit: `T001 [P] [US1] …`.
const SPEC_KIT: Dialect = Dialect {
    name: "spec-kit",
    places: &["specs/*/tasks.md", ".specify/specs/*/tasks.md"],
    companions: &["spec.md", "plan.md", "research.md", "data-model.md", "quickstart.md"],
    ..LIST
};

/// spec-kitty: tasks `T001` below work packages `WP01`.
const SPEC_KITTY: Dialect = Dialect {
    name: "spec-kitty",
    places: &["kitty-specs/*/tasks.md"],
    companions: &["spec.md", "plan.md", "research.md", "data-model.md", "quickstart.md"],
    ..LIST
};

/// OpenSpec: a folder for each change.
const OPENSPEC: Dialect = Dialect {
    name: "openspec",
    places: &["openspec/changes/*/tasks.md", "openspec/changes/archive/*/tasks.md"],
    companions: &["proposal.md", "design.md"],
    ..LIST
};

/// Kiro and cc-sdd.
const KIRO: Dialect = Dialect {
    name: "kiro",
    places: &[".kiro/specs/**/tasks.md"],
    companions: &["requirements.md", "bugfix.md", "design.md", "spec.json"],
    begun: Some('-'),
    ..LIST
};

/// spec-workflow.
const SPEC_WORKFLOW: Dialect = Dialect {
    name: "spec-workflow",
    places: &[
        ".spec-workflow/specs/*/tasks.md",
        ".spec-workflow/archive/specs/*/tasks.md",
        ".claude/specs/*/tasks.md",
    ],
    companions: &["requirements.md", "design.md"],
    begun: Some('-'),
    ..LIST
};

/// Conductor: a folder for each track.
const CONDUCTOR: Dialect = Dialect {
    name: "conductor",
    places: &["conductor/tracks/*/plan.md", "conductor/archive/*/plan.md"],
    companions: &["spec.md", "index.md", "metadata.json"],
    begun: Some('~'),
    signed: true,
    ..LIST
};

/// ai-dev-tasks: a list for each product requirement document.
const AI_DEV_TASKS: Dialect =
    Dialect { name: "ai-dev-tasks", places: &["tasks/*tasks*.md", "docs/*tasks*.md"], ..LIST };

/// Backlog.md: a file for each task; what is ticked are its criteria.
const BACKLOG: Dialect = Dialect {
    name: "backlog",
    places: &[
        "backlog/tasks/*.md",
        "backlog/completed/*.md",
        "backlog/archive/tasks/*.md",
        ".backlog/tasks/*.md",
        ".backlog/completed/*.md",
        ".backlog/archive/tasks/*.md",
    ],
    prefixes: &["task", "back"],
    id_words: &["#"],
    states: ["To Do", "In Progress", "Done"],
    checklists: BACKLOG_CHECKLISTS,
    ..LIST
};

/// BMAD: a file for each story.
const BMAD: Dialect = Dialect {
    name: "bmad",
    places: &[
        "docs/stories/*.md",
        "stories/*.md",
        "_bmad-output/implementation-artifacts/*.md",
        "_bmad-output/implementation-artifacts/stories/*.md",
    ],
    prefixes: &["story"],
    ..LIST
};

/// GSD: a road map, and a plan for each part of a phase.
const GSD: Dialect = Dialect {
    name: "gsd",
    places: &[".planning/ROADMAP.md", ".planning/phases/*/*PLAN.md"],
    id_words: &["phase"],
    ..LIST
};

/// Trellis: a folder for each task.
const TRELLIS: Dialect = Dialect {
    name: "trellis",
    places: &[
        ".trellis/tasks/*/implement.md",
        ".trellis/tasks/*/prd.md",
        ".trellis/tasks/archive/*/*/implement.md",
        ".trellis/tasks/archive/*/*/prd.md",
    ],
    companions: &["design.md", "task.json"],
    ..LIST
};

/// Any other list of tasks.
pub const PLAN: Dialect = Dialect {
    name: "plan",
    places: &[
        "PLAN.md",
        "TODO.md",
        "TASKS.md",
        "plan.md",
        "todo.md",
        "tasks.md",
        "plans/*.md",
        "docs/plans/*.md",
        "docs/superpowers/plans/*.md",
    ],
    numbered: Some(&FEATURE_FILE),
    ..LIST
};

/// Every dialect that is looked for without configuration, in the order in
/// which their places are tried.
pub const BUILT_IN: &[&Dialect] = &[
    &FEATURE_FILE,
    &WORKSPACE,
    &SPEC_KIT,
    &SPEC_KITTY,
    &OPENSPEC,
    &KIRO,
    &SPEC_WORKFLOW,
    &CONDUCTOR,
    &AI_DEV_TASKS,
    &BACKLOG,
    &BMAD,
    &GSD,
    &TRELLIS,
    &PLAN,
];
