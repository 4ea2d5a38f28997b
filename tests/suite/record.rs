//! Where records go, and that nothing else is touched.

use std::fs;
use std::process::Child;

use crate::sandbox::Sandbox;

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n**Status:** Not Started\n\n## Tasks\n\n### Phase 1: Core\n\n\
    - [ ] Task 1.1: Store\n- [ ] Task 1.2: Send\n- [ ] Task 1.3: Redeem\n\n## Progress Summary\n\n\
    - **Phase 1:** 0% complete (0/3 tasks done)\n\n## Git Commits\n\n## Notes\n\nnone\n";

fn planned() -> Sandbox {
    Sandbox::planned(PLACE, PLAN)
}

#[track_caller]
fn has(text: &str, part: &str) {
    assert!(text.contains(part), "`{part}` in\n{text}");
}

#[track_caller]
fn lacks(text: &str, part: &str) {
    assert!(!text.contains(part), "no `{part}` in\n{text}");
}

#[test]
fn the_index_is_never_touched_by_default() {
    let sandbox = planned();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    has(&sandbox.read(PLACE), "- [x] Task 1.1: Store");
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), format!(" M {PLACE}\n"));
}

#[test]
fn off_records_nothing_until_sync_is_asked() {
    let sandbox = planned();
    sandbox.git(&["config", "speclog.record", "off"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    assert_eq!(sandbox.read(PLACE), PLAN);
    sandbox.spec_log(&["sync"]).ok();
    has(&sandbox.read(PLACE), "- [x] Task 1.1: Store");
}

#[test]
fn stage_keeps_a_persons_staged_and_unstaged_edits_apart() {
    let sandbox = planned();
    sandbox.git(&["config", "speclog.record", "stage"]).ok();
    let staged = PLAN.replace("none", "staged note");
    let unstaged = staged.replace("## Tasks", "Unstaged words.\n\n## Tasks");
    sandbox.write(PLACE, &staged);
    sandbox.git(&["add", PLACE]).ok();
    sandbox.write(PLACE, &unstaged);
    sandbox.write("a", "a");
    sandbox.git(&["add", "a"]).ok();
    // A partial commit leaves the document's staged edit where it is.
    sandbox.git(&["commit", "-qm", "feat: store [PRD-07 Task 1.1]", "--", "a"]).ok();
    let index = sandbox.git(&["show", &format!(":{PLACE}")]).ok();
    let tree = sandbox.read(PLACE);
    for text in [&index, &tree] {
        has(text, "- [x] Task 1.1: Store");
        has(text, "(1/3 tasks done)");
        has(text, "staged note");
    }
    assert_eq!(index, tree.replace("Unstaged words.\n\n", ""));
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), format!("MM {PLACE}\n"));
}

#[test]
fn stage_writes_the_work_tree_all_the_same_when_the_index_is_locked() {
    let sandbox = planned();
    sandbox.git(&["config", "speclog.record", "stage"]).ok();
    sandbox.work("a", "untagged");
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: store [PRD-07 Task 1.1]"]).ok();
    sandbox.git(&["reset", "-q", "--hard"]).ok();
    sandbox.write(".git/index.lock", "");
    let output = sandbox.spec_log(&["sync"]);
    assert_eq!(output.status, 0, "{output:?}");
    has(&output.stderr, "not staged");
    has(&sandbox.read(PLACE), "- [x] Task 1.1: Store");
}

#[test]
fn an_untracked_document_is_written_in_the_work_tree_only() {
    for ignored in [false, true] {
        let sandbox = Sandbox::new();
        sandbox.commit("start").ok();
        if ignored {
            sandbox.write(".git/info/exclude", "prd/\n");
        }
        sandbox.write(PLACE, PLAN);
        sandbox.install_hooks();
        sandbox.git(&["config", "speclog.record", "stage"]).ok();
        sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
        has(&sandbox.read(PLACE), "- [x] Task 1.1: Store");
        assert_eq!(sandbox.git(&["ls-files", "prd"]).ok(), "");
    }
}

#[test]
fn main_never_claims_the_topics_task() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    let on_topic = sandbox.read(PLACE);
    sandbox.git(&["switch", "-q", "main"]).ok();
    assert_eq!(sandbox.read(PLACE), PLAN);
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    let on_main = sandbox.read(PLACE);
    lacks(&on_main, "[x] Task 1.1");
    lacks(&on_main, "feat: store");
    has(&on_main, "[x] Task 1.2");
    sandbox.git(&["switch", "-q", "topic"]).ok();
    assert_eq!(sandbox.read(PLACE), on_topic);
}

#[test]
fn a_persons_edit_stays_when_a_record_is_taken_back() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.write(PLACE, sandbox.read(PLACE).replace("none", "my own words"));
    sandbox.git(&["switch", "-q", "main"]).ok();
    assert_eq!(sandbox.read(PLACE), PLAN.replace("none", "my own words"));
}

#[test]
fn an_amend_that_changes_the_tag_takes_the_old_tick_back() {
    let sandbox = planned();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: send [PRD-07 Task 1.2]"]).ok();
    let text = sandbox.read(PLACE);
    lacks(&text, "[x] Task 1.1");
    lacks(&text, "feat: store");
    has(&text, "[x] Task 1.2");
    assert_eq!(text.matches("- `").count(), 1);
}

#[test]
fn the_records_of_a_document_that_cannot_be_read_for_a_while_are_not_forgotten() {
    let sandbox = planned();
    let before = sandbox.read(PLACE);
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    let document = fs::File::options().write(true).open(sandbox.top().join(PLACE));
    let (document, len) = (document.expect("a file"), sandbox.read(PLACE).len() as u64);
    document.set_len(16 << 20).expect("too large a document");
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: keep [PRD-07 Task 1.1]"]).ok();
    sandbox.spec_log(&["sync"]).says("larger than").ok();
    document.set_len(len).expect("the document");
    assert!(sandbox.read(PLACE).contains("feat: store"));
    sandbox.git(&["switch", "-q", "main"]).ok();
    assert_eq!(sandbox.read(PLACE), before);
    sandbox.git(&["switch", "-q", "topic"]).ok();
    sandbox.spec_log(&["sync"]).ok();
    assert!(sandbox.read(PLACE).contains("feat: keep"));
}

#[test]
fn what_a_person_unticks_stays_open() {
    let sandbox = planned();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.write(PLACE, sandbox.read(PLACE).replace("[x] Task 1.1", "[ ] Task 1.1"));
    sandbox.spec_log(&["sync"]).ok();
    has(&sandbox.read(PLACE), "- [ ] Task 1.1");
    has(&sandbox.read(PLACE), "(0/3 tasks done)");
}

#[test]
fn a_commit_of_documents_alone_makes_no_link() {
    let sandbox = planned();
    sandbox.write(PLACE, PLAN.replace("none", "x"));
    let output = sandbox.commit("docs: plan more [PRD-07 Task 1.1]");
    has(&output.stderr, "keeps books");
    output.ok();
    lacks(&sandbox.read(PLACE), "[x]");
    let empty =
        sandbox.git(&["commit", "-q", "--allow-empty", "-m", "feat: nothing [PRD-07 Task 1.1]"]);
    empty.ok();
    lacks(&sandbox.read(PLACE), "[x]");
}

#[test]
fn sync_commit_takes_the_documents_and_nothing_else() {
    let sandbox = planned();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.write("staged", "s");
    sandbox.git(&["add", "staged"]).ok();
    sandbox.write(PLACE, sandbox.read(PLACE).replace("none", "unfinished words"));
    sandbox.spec_log(&["sync", "--commit"]).ok();
    let shown = sandbox.git(&["show", "--name-only", "--format=%s"]).ok();
    assert_eq!(shown, format!("docs: record commits in {PLACE}\n\n{PLACE}\n"));
    has(&sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok(), "[x] Task 1.1");
    lacks(&sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok(), "unfinished");
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), format!(" M {PLACE}\nA  staged\n"));
    let again = sandbox.spec_log(&["sync", "--commit"]).says("nothing to commit");
    again.ok();
}

#[test]
fn a_commit_that_sync_made_stays_staged_though_git_says_that_it_failed() {
    let sandbox = planned();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    let [git, own] = ["git", "own-git"].map(|name| sandbox.bin().join(name));
    std::fs::rename(&git, &own).expect("git");
    let script = "#!/bin/sh\n\"${0%/*}/own-git\" \"$@\" || exit\n\
        case \" $* \" in *' commit '*) exit 1 ;; esac\n";
    sandbox.write_program(&git, script);
    let told = sandbox.run(sandbox.command("git-spec-log").args(["sync", "--commit"]));
    std::fs::rename(&own, &git).expect("git");
    told.fails_with(128);
    has(&sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok(), "[x] Task 1.1");
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), "");
}

#[test]
fn where_sync_can_make_no_commit_the_index_stays_as_it_was() {
    let sandbox = planned();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    for (name, value) in [("commit.gpgsign", "true"), ("gpg.program", "true")] {
        sandbox.git(&["config", name, value]).ok();
    }
    sandbox.spec_log(&["sync", "--commit"]).fails_with(128).says("sign");
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), format!(" M {PLACE}\n"));
    sandbox.git(&["config", "commit.gpgsign", "false"]).ok();
    sandbox.spec_log(&["sync", "--commit"]).ok();
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), "");
}

#[test]
fn a_rehearsal_writes_nothing_and_shows_the_change() {
    let sandbox = planned();
    sandbox.git(&["config", "speclog.record", "off"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    let shown = sandbox.spec_log(&["sync", "--dry-run", "--diff"]).ok();
    has(&shown, "\n-- [ ] Task 1.1: Store\n+- [x] Task 1.1: Store\n");
    assert_eq!(sandbox.read(PLACE), PLAN);
    let json = sandbox.spec_log(&["sync", "--dry-run", "--diff", "--json"]).ok();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["schema"], "spec-log/sync/1");
    assert_eq!(json["documents"][0]["ticked"][0], "1.1");
    sandbox.spec_log(&["sync"]).ok();
    sandbox.spec_log(&["untick", "1.1"]).ok();
    sandbox.spec_log(&["sync", "--dry-run"]).says("counted again").says("a rehearsal").ok();
}

#[test]
fn eight_committers_in_one_work_tree_lose_nothing() {
    let sandbox = planned();
    let start = |committer: usize| -> Child {
        let script = format!(
            "n=0; while [ $n -lt 25 ]; do n=$((n+1)); echo $n > f{committer}-$n; \
             until git add f{committer}-$n && git commit -qm \"feat: {committer}.$n [PRD-07 Task 1.1 wip]\" -- f{committer}-$n; \
             do :; done; done"
        );
        let mut command = sandbox.command("sh");
        command.args(["-c", &script]).stderr(std::process::Stdio::null());
        command.spawn().expect("sh starts")
    };
    let committers: Vec<Child> = (0..8).map(start).collect();
    for mut committer in committers {
        assert!(committer.wait().expect("sh ends").success());
    }
    let text = sandbox.read(PLACE);
    let mut entries: Vec<&str> = text.lines().filter(|line| line.starts_with("- `")).collect();
    assert_eq!(entries.len(), 200, "{text}");
    entries.sort_unstable();
    entries.dedup();
    assert_eq!(entries.len(), 200);
    let before = sandbox.read(PLACE);
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(PLACE), before);
}

#[test]
fn a_revert_takes_the_tick_back_and_reverting_it_brings_it_again() {
    let sandbox = planned();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    sandbox.git(&["revert", "--no-edit", "HEAD~1"]).ok();
    has(&sandbox.read(PLACE), "- [ ] Task 1.1");
    has(&sandbox.read(PLACE), "Revert \"feat: store");
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    sandbox.git(&["revert", "--no-edit", "HEAD~1"]).ok();
    has(&sandbox.read(PLACE), "- [x] Task 1.1");
}

#[test]
fn a_commit_that_repeats_what_an_older_one_said_acts_anew_and_one_that_moved_does_not() {
    let sandbox = planned();
    let untick = || {
        let text = sandbox.read(PLACE);
        assert!(text.contains("- [x] Task 1.1"), "{text}");
        sandbox.write(PLACE, text.replace("- [x] Task 1.1", "- [ ] Task 1.1"));
    };
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    untick();
    // It asks for what was asked before, and is another commit.
    sandbox.work("b", "feat: store again [PRD-07 Task 1.1]");
    untick();
    // The same commit under another name, beside one that is new.
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: store it [PRD-07 Task 1.1]"]).ok();
    sandbox.work("c", "feat: send [PRD-07 Task 1.2]");
    sandbox.spec_log(&["sync", "-q"]).ok();
    let text = sandbox.read(PLACE);
    has(&text, "- [ ] Task 1.1");
    has(&text, "feat: store it [PRD-07 Task 1.1]");
}

#[test]
fn what_commits_hold_by_now_is_not_remembered_for_ever() {
    let sandbox = planned();
    let waiting = || sandbox.read(".git/spec-log/pending").lines().count();
    for nth in 0..33 {
        sandbox.write("a", nth.to_string());
        sandbox.git(&["add", "a"]).ok();
        let message = format!("feat: part {nth} [PRD-07 Task 1.1 wip]");
        sandbox.git(&["commit", "-qam", &message]).ok();
    }
    // The last one, and the one that was written when the list was looked through.
    assert!(waiting() <= 3, "{}", sandbox.read(".git/spec-log/pending"));
    // What is in no commit yet still follows its commit.
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: the rest [PRD-07 Task 1.2]"]).ok();
    let document = sandbox.read(PLACE);
    lacks(&document, "- feat: part 32");
    has(&document, "- feat: the rest");
    assert_eq!(document.matches("` - feat: ").count(), 33, "{document}");
}
