//! What people write: sessions, recovery files, disagreements, odd files.

use super::{PLACE, PLAN, REDEEM, STORE, branch, has, keep, listed, planned};

#[test]
fn sessions_of_both_sides_are_kept_by_their_time_and_numbered_anew() {
    let sandbox = planned();
    let session = |name: &str, time: &str| {
        sandbox.git(&["switch", "-qc", name, "main"]).ok();
        let text = sandbox.read(PLACE).replace("**Agent Sessions:** 2", "**Agent Sessions:** 3");
        let log = "- Completed: the plan\n";
        let entry = format!("{log}\n**Session 2 (2026-01-02 {time}):**\n- Completed: {name}\n");
        sandbox.write(PLACE, text.replace(log, &entry));
        keep(&sandbox);
    };
    session("late", "14:00 - 15:00");
    session("early", "09:00 - 10:00");
    sandbox.git(&["merge", "-q", "--no-edit", "late"]).ok();
    has(
        &sandbox.read(PLACE),
        &[
            "**Agent Sessions:** 4\n",
            "- Completed: the plan\n\n**Session 2 (2026-01-02 09:00 - 10:00):**\n- Completed: early\n\n\
             **Session 3 (2026-01-02 14:00 - 15:00):**\n- Completed: late\n\n---\n",
        ],
    );
}

#[test]
fn recovery_files_keep_what_both_sides_did() {
    let sandbox = planned();
    let place = "specs/active/login/recovery.md";
    let text = "# Session Recovery: Login\n\n**Last Updated**: 2026-01-01 08:00\n\n## Current State\n\n\
        ### Completed\n- [x] A1: plan\n\n### In Progress\n- **Last action**: planned\n\n\
        ## Files Modified So Far\n\n- `a.rs` - plan\n\n## Next Steps\n\n1. **Immediate**: A2\n";
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.write(place, text);
    sandbox.commit("docs: recovery").ok();
    let session = |name: &str, hour: &str| {
        sandbox.git(&["switch", "-qc", name, "main"]).ok();
        let text = text
            .replace("08:00", hour)
            .replace("A1: plan\n", &format!("A1: plan\n- [x] {name}\n"))
            .replace("planned", &format!("did {name}"))
            .replace("- plan\n", &format!("- plan\n- `{name}.rs` - new\n- `b.rs` - {name}\n"))
            .replace("**Immediate**: A2", &format!("**Immediate**: after {name}"));
        sandbox.write(place, text);
        keep(&sandbox);
    };
    session("late", "14:00");
    session("early", "09:00");
    sandbox.git(&["merge", "-q", "--no-edit", "late"]).ok();
    has(
        &sandbox.read(place),
        &[
            "**Last Updated**: 2026-01-01 14:00\n",
            "- [x] A1: plan\n- [x] early\n- [x] late\n\n",
            "- **Last action**: did late\n",
            "- `a.rs` - plan\n- `early.rs` - new\n- `b.rs` - late\n- `late.rs` - new\n\n",
            "1. **Immediate**: after late\n",
        ],
    );
}

#[test]
fn a_task_that_both_sides_come_to_stands_once_among_the_next_steps() {
    let sandbox = planned();
    let place = "specs/active/login/recovery.md";
    let text = |hour: &str, steps: [&str; 3]| {
        let [one, other, last] = steps;
        format!(
            "# Session Recovery: Login\n\n**Last Updated**: 2026-01-01 {hour}\n\n## Next Steps\n\n\
             1. **Immediate**: {one}\n2. **After that**: {other}\n3. **Then**: {last}\n4. **Finally**: None\n"
        )
    };
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.write(place, text("08:00", ["A1: a", "A2: b", "B1: c"]));
    sandbox.commit("docs: recovery").ok();
    sandbox.git(&["switch", "-qc", "late"]).ok();
    sandbox.write(place, text("14:00", ["A1: a", "B1: c", "A2: b"]));
    sandbox.commit("docs: late").ok();
    sandbox.git(&["switch", "-qc", "early", "main"]).ok();
    sandbox.write(place, text("09:00", ["A2: b", "B1: c", "C1: d"]));
    sandbox.commit("docs: early").ok();
    sandbox.git(&["merge", "-q", "--no-edit", "late"]).ok();
    assert_eq!(sandbox.read(place), text("14:00", ["A2: b", "B1: c", "C1: d"]));
}

#[test]
fn people_who_disagree_get_ordinary_markers_and_right_figures() {
    let sandbox = planned();
    for (name, message) in [("one", STORE), ("two", REDEEM)] {
        branch(&sandbox, name, &[message]);
        sandbox.write(PLACE, sandbox.read(PLACE).replace("none", &format!("words of {name}")));
        keep(&sandbox);
    }
    sandbox.git(&["merge", "--no-edit", "one"]).fails_with(1);
    let text = sandbox.read(PLACE);
    let conflict = "<<<<<<< ours\nwords of two\n=======\nwords of one\n>>>>>>> theirs\n";
    has(&text, &[conflict, "(2/4 tasks done)", "- [x] Task 1.1", "- [x] Task 1.3"]);
    assert_eq!(listed(&text), [STORE, REDEEM]);
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]).ok().lines().last().unwrap(),
        format!("UU {PLACE}")
    );
}

#[test]
fn two_texts_or_two_unknown_marks_for_one_task_are_a_conflict() {
    let sandbox = planned();
    for (name, mark, title) in [("one", "~", "Begin"), ("two", "-", "Finish")] {
        sandbox.git(&["switch", "-qc", name, "main"]).ok();
        let text = PLAN.replace("[ ] Task 1.1", &format!("[{mark}] Task 1.1"));
        sandbox.write(PLACE, text.replace("Task 1.3: Redeem", &format!("Task 1.3: {title}")));
        keep(&sandbox);
    }
    sandbox.git(&["merge", "--no-edit", "one"]).fails_with(1);
    let text = sandbox.read(PLACE);
    has(&text, &["<<<<<<< ours\n- [-] Task 1.1: Store\n", "=======\n- [~] Task 1.1: Store\n"]);
    has(&text, &["Task 1.3: Finish\n=======\n", "Task 1.3: Begin\n>>>>>>> theirs\n"]);
}

#[test]
fn odd_paths_and_line_endings_are_merged_alike() {
    let sandbox = planned();
    let place = "prd/tasks/08_it's \"odd\" $HOME.md";
    let crlf = PLAN.replace("PRD 07", "PRD 08").replace('\n', "\r\n");
    let text = [b"\xef\xbb\xbf", crlf.as_bytes(), b"caf\xe9\r\n"].concat();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.write(place, &text);
    sandbox.commit("docs: odd").ok();
    branch(&sandbox, "one", &["feat: a [PRD-08 Task 1.1]"]);
    branch(&sandbox, "two", &["feat: b [PRD-08 Task 1.3]"]);
    sandbox.git(&["merge", "-q", "--no-edit", "one"]).ok();
    let merged = std::fs::read(sandbox.top().join(place)).unwrap();
    assert!(merged.starts_with(b"\xef\xbb\xbf# Feature") && merged.ends_with(b"caf\xe9\r\n"));
    let lone =
        merged.iter().zip(merged.iter().skip(1)).filter(|(a, b)| **b == b'\n' && **a != b'\r');
    assert_eq!(lone.count(), 0);
    let shown = String::from_utf8_lossy(&merged);
    has(&shown, &["- [x] Task 1.1", "- [x] Task 1.3", "(2/4 tasks done)"]);
}
