//! Inputs to begin with, made of what the project has: its templates and the
//! documents and messages of its tests.

use std::fs;
use std::path::{Path, PathBuf};

use super::choices::COUNT;
use super::merge::SEPARATOR;

/// The inputs to begin with, each with the name of its target.
///
/// `root` is the top of the project.
pub fn seeds(root: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let documents = documents(root);
    let mut seeds = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        for variant in 0..4 {
            let input = [&choices(at * 4 + variant), document.as_slice()].concat();
            seeds.extend(["document", "edit", "session"].map(|target| (target, input.clone())));
            seeds.push(("merge", merged(&input, document)));
        }
    }
    for (at, message) in messages(root).into_iter().enumerate() {
        seeds.push(("message", [&choices(at), message.as_bytes()].concat()));
        seeds.push(("tag", message.into_bytes()));
    }
    seeds.extend(CONFIGS.map(|config| ("config", config.as_bytes().to_vec())));
    seeds.extend(LISTS.map(|list| ("rewritten", list.as_bytes().to_vec())));
    seeds
}

/// Bytes that decide, unlike for each number.
fn choices(number: usize) -> [u8; COUNT] {
    std::array::from_fn(|at| (number * 31 + at * (number + 7)) as u8)
}

/// Three versions: the last lines of the first half differ.
fn merged(input: &[u8], document: &[u8]) -> Vec<u8> {
    let mut ours = document.to_vec();
    if let Some(at) = ours.windows(3).position(|part| part == b"[ ]") {
        ours[at + 1] = b'x';
    }
    let theirs = [document, b"\n## Ours\n\n- `abc1234` - by hand\n"].concat();
    [input, SEPARATOR, &ours, SEPARATOR, &theirs].concat()
}

fn documents(root: &Path) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    for folder in ["tests/golden", "tests/fixtures/whole-feature", "src/template/built_in"] {
        collect(&root.join(folder), &mut paths);
    }
    let is_document = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "md" || extension == "markdown")
    };
    paths.retain(is_document);
    paths.sort();
    let mut documents: Vec<Vec<u8>> = paths.iter().filter_map(|path| fs::read(path).ok()).collect();
    documents.extend(SHAPES.map(|shape| shape.as_bytes().to_vec()));
    documents
}

fn messages(root: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    collect(&root.join("tests/golden"), &mut paths);
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let mut messages: Vec<String> =
        paths.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    messages.extend(MESSAGES.map(str::to_owned));
    messages
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => collect(&path, found),
            false => found.push(path),
        }
    }
}

/// How else documents look.
const SHAPES: [&str; 8] = [
    "# X (PRD 07)\r\n\r\n**Status**: Not Started  \r\n**Last Updated:** YYYY-MM-DD\r\n\r\n\
     - [ ] 1.1 a\r\n  - [ ] 1.1.1 b\r\n- [X] 1.2 c \u{2713}\r\n\n## Git Commits\n\n- `abc1234` - x\r\n",
    "\u{feff}---\nstatus: Not Started\nlast_updated: 2026-01-01\n---\n# Tasks\n\n- [ ] T001 [P] [US1] a\n\
     - [~] T002 b\n\n```\n- [ ] T003 no task\n```\n",
    "# X (PRD 07)\n\n| Field | Value |\n|---|---|\n| Status | Not Started |\n| Last Updated | 2026-01-01 |\n\n\
     ## Git Commits\n\n| Hash | Message | Date |\n|---|---|---|\n| `abc1234` | x | 2026-01-01 |\n\n## Notes\n",
    "# X (PRD 07)\n\n> **Status:** In Progress\n\n### Phase 1\n\n- [x] Task 1.1: a\n- [ ] Task 1.2: b (IN PROGRESS)\n\n\
     ## Progress Summary\n\n- Phase 1: 50% (1/2)\n- **Overall Progress:** 50%\n\n## Session Log\n\n\
     ### Session 1 (2026-01-01 10:00 - 11:00)\n- Completed: 1.1\n\n## Next Session Priorities\n\n1. Task 1.2: b\n",
    "# Session Recovery: X\n\n**Last Updated:** 2026-01-01 10:00\n**Current Phase:** Planning\n\n## Completed\n\n\
     - [x] 1.1 a\n\n## In Progress\n\n- **Current focus:** 1.2 b\n- **Last action:** x\n\n## Files Modified So Far\n\n\
     - `a.rs` - x\n\n## Next Steps\n\n1. **Immediate**: 1.2 b\n2. 1.3 c\n",
    "## 1. Set up\n\n- [ ] 1.1 a\n\t- [ ] 1.1.1 b\n* [ ] 1.2 c\n1. [ ] 1.3 d\n\n<!-- - [ ] 1.4 no task -->\n",
    "# X (PRD 07)\n\n- [ ] 1.1 a\n- [ ] 1.1 again\n\n## Manual Testing\n\n- [ ] 9.9 no task\n\n## Git Commits\n\n_None yet_\n",
    "# X (PRD 07)\n\n## Phase 2: Do (0/2)\n\n- [ ] Write the mail\n- [ ] Write the page\n\n~~~\nnever closed\n",
];

const MESSAGES: [&str; 14] = [
    "feat: x [PRD-07 Tasks 1.2, 1.4-1.6 wip]\n\nbody [PRD-7] [slug Task A1 done]\n",
    "[prd 07 Task 1.2a and 1.3+1.4] x\n",
    "x [PRD07 Task1.2] [PRD-07 Tsk 1.2] [PRD-07 1.2] [PRD-XX Task N.N] [PRD-07 wip]\n",
    "Revert \"x [PRD-07 Task 1.2]\"\n\nThis reverts commit 0123456789012345678901234567890123456789.\n",
    "x `[PRD-07 Task 1.2]`\n\n```\n[PRD-07 Task 1.2]\n```\n    [PRD-07 Task 1.3]\n",
    "x\n\nCloses: T013\nTask: 1.2\nFeature: 004-events\n",
    "feat(004-events): T012-T014 do it (task 17 partial)\n\n- WP02: x\n- [x] T015\n",
    "Task 1.2 Complete: x\n\nwip: TASK-105 BACK-12 story 1.2\n",
    "chore(WP02): mark checkboxes\n",
    "fixup! feat: x [PRD-07 Task 1.2]\n",
    "\n\n# help\nx\ny\n# ------------------------ >8 ------------------------\n# diff\n[PRD-07 Task 1.2]\n",
    "; x\n\nbody\n; help\n;\tnew file\n",
    "\u{feff}x\u{a0}\r\n\r\n// y\r\n\0z",
    "#12 x [PRD-07 Task 1.2]\n// y\n\u{e9} z\n",
];

const CONFIGS: [&str; 5] = [
    "record = \"stage\"\ntick = \"done-only\"\nrequire = \"warn\"\nabbrev = 10\n",
    "[[documents]]\npath = \"docs/**/*.md\"\ndialect = \"plan\"\n\n[dialect.mine]\nlike = \"workspace\"\n\
     naming = \"number\"\nplaces = [\"a/{b,c}/*.md\"]\ntags = [\"scope\"]\ncommits = [\"Log\"]\n",
    "[[documents]]\npath = \"../x\"\n",
    "recrod = 1\n[dialect]\nx = 1\n",
    "record = \"off\"\n\n=====8<=====\nrecord=next\ndocuments.path=a/*.md\ndocuments.dialect=plan\n\
     dialect.mine.places=a/*.md, b/[!.]*.md\nSPECLOG_TICK=never\nHOME=/x\n",
];

const LISTS: [&str; 3] = [
    "0123456789012345678901234567890123456789 9876543210987654321098765432109876543210\n",
    "0123456789012345678901234567890123456789 9876543210987654321098765432109876543210 extra\r\n\
     9876543210987654321098765432109876543210 0123456789012345678901234567890123456789\n",
    "x y\n\n0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef \
     fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210\n",
];
