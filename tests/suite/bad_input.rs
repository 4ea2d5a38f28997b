//! Odd documents and odd repositories: each simply works or says plainly what
//! it does not do, and nothing is lost.

use std::fs;
use std::os::unix::fs::symlink;

use crate::sandbox::{Output, Sandbox};

const PLACE: &str = "prd/tasks/07_login.md";

fn plan(tasks: &str) -> String {
    format!("# Feature: Login (PRD 07)\n\n## Tasks\n\n{tasks}\n## Git Commits\n\n## Notes\n")
}

const TWO: &str = "- [ ] Task 1.1: Store\n- [ ] Task 1.2: Send\n";

/// A repository with this document committed and the hooks in.
fn with(document: impl AsRef<[u8]>) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "core.autocrlf", "false"]).ok();
    sandbox.write(PLACE, document);
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    sandbox
}

fn bytes(sandbox: &Sandbox) -> Vec<u8> {
    fs::read(sandbox.top().join(PLACE)).expect("the document")
}

fn work(sandbox: &Sandbox, message: &str) -> Output {
    sandbox.write("code", message);
    sandbox.git(&["add", "code"]).ok();
    sandbox.git(&["commit", "-qm", message])
}

#[track_caller]
fn has(text: &str, part: &str) {
    assert!(text.contains(part), "`{part}` in\n{text}");
}

/// The line that a first commit to task 1.1 adds to a document.
fn entry(sandbox: &Sandbox) -> String {
    let hash = sandbox.git(&["rev-parse", "--short=7", "HEAD"]).ok();
    format!("- `{}` - feat: store [PRD-07 Task 1.1]", hash.trim())
}

/// Commits to task 1.1 and expects the box ticked, the entry at `place`, and
/// every other byte kept.
#[track_caller]
fn ticks(document: &[u8], place: (&str, &str)) {
    let sandbox = with(document);
    work(&sandbox, "feat: store [PRD-07 Task 1.1]").ok();
    let (found, added) = (bytes(&sandbox), format!("{}{}{}", place.0, entry(&sandbox), place.1));
    let at = found.windows(added.len()).position(|part| part == added.as_bytes());
    let at = at.unwrap_or_else(|| panic!("{added:?} in\n{}", String::from_utf8_lossy(&found)));
    let mut rest = found;
    rest.drain(at..at + added.len());
    let expected = replace(document, b"[ ] Task 1.1", b"[x] Task 1.1");
    assert_eq!(String::from_utf8_lossy(&rest), String::from_utf8_lossy(&expected));
    assert_eq!(rest, expected);
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = text.windows(from.len()).position(|part| part == from).expect("the part to replace");
    [&text[..at], to, &text[at + from.len()..]].concat()
}

#[test]
fn invalid_utf8_a_bom_and_every_line_ending_are_kept() {
    let lf = plan(TWO);
    let invalid = replace(lf.as_bytes(), b"Send", b"S\xff\xfend");
    ticks(&invalid, ("\n", "\n"));
    ticks(format!("\u{feff}{lf}").as_bytes(), ("\n", "\n"));
    ticks(lf.replace('\n', "\r\n").as_bytes(), ("\r\n", "\r\n"));
    let both = lf.replacen("\n", "\r\n", 4);
    ticks(both.as_bytes(), ("\n", "\n"));
}

#[test]
fn a_missing_section_is_made_and_an_unclosed_fence_does_not_swallow_it() {
    let without = format!("# Feature: Login (PRD 07)\n\n## Tasks\n\n{TWO}");
    ticks(without.as_bytes(), ("\n## Git Commits\n\n", "\n"));
    let unclosed = format!("{without}\n## Technical Notes\n\n```sh\necho open\n");
    ticks(unclosed.as_bytes(), ("## Git Commits\n\n", "\n\n"));
    let no_newline = without.trim_end().to_owned();
    ticks(no_newline.as_bytes(), ("\n\n## Git Commits\n\n", ""));
}

#[test]
fn a_document_without_tasks_still_lists_its_commits() {
    let sandbox = with("# Feature: Login (PRD 07)\n");
    work(&sandbox, "feat: store [PRD-07]").ok();
    has(&sandbox.read(PLACE), "## Git Commits\n\n- `");
}

#[test]
fn boxes_in_fences_comments_and_tables_are_no_tasks() {
    let fenced = "```\n- [ ] Task 1.2: example\n```\n<!--\n- [ ] Task 1.3: hidden\n-->\n\n\
                  | a |\n|---|\n| - [ ] Task 1.4 |\n";
    let sandbox = with(plan(&format!("{TWO}\n{fenced}")));
    work(&sandbox, "feat: send [PRD-07 Task 1.2]").ok();
    has(&sandbox.read(PLACE), "- [x] Task 1.2: Send");
    has(&sandbox.read(PLACE), fenced);
    work(&sandbox, "feat: x [PRD-07 Task 1.3]").says("`1.3` is no task").fails_with(1);
}

#[test]
fn a_task_id_that_stands_twice_is_refused_and_neither_is_ticked() {
    let sandbox = with(plan(&format!("{TWO}- [ ] Task 1.1: Again\n")));
    work(&sandbox, "feat: store [PRD-07 Task 1.1]").says("5").fails_with(1);
    sandbox.git(&["commit", "-qnm", "feat: store [PRD-07 Task 1.1]"]).says("lines 5 and 7").ok();
    assert!(!sandbox.read(PLACE).contains("[x]"));
}

#[test]
fn two_documents_with_one_id_are_refused_and_neither_is_written() {
    let sandbox = with(plan(TWO));
    sandbox.write("prd/tasks/07_again.md", plan(TWO));
    sandbox.commit("docs: another plan").ok();
    work(&sandbox, "feat: store [PRD-07 Task 1.1]").says("07_again.md").fails_with(1);
    let output = sandbox.git(&["commit", "-qnm", "feat: store [PRD-07 Task 1.1]"]);
    output.says("is ambiguous").ok();
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), "");
}

#[test]
fn a_document_called_after_its_feature_stands_before_one_that_only_says_so() {
    let sandbox = with(plan(TWO));
    sandbox.write("prd/tasks/08_copied.md", plan(TWO));
    sandbox.commit("docs: a copy whose title is still the old one").ok();
    work(&sandbox, "feat: store [PRD-07 Task 1.1]").ok();
    has(&sandbox.read(PLACE), "- [x] Task 1.1");
    assert_eq!(sandbox.read("prd/tasks/08_copied.md"), plan(TWO));
    let checked = sandbox.spec_log(&["check"]);
    assert!(checked.stdout.contains("`PRD-07` is tracked by"), "{checked:#?}");
    let _ = checked.fails_with(1);
}

#[test]
fn what_a_document_says_it_tracks_counts_whatever_it_is_called() {
    let sandbox = with(plan(TWO).replace("PRD 07", "PRD 08"));
    sandbox.write("prd/tasks/09_moved.md", plan(TWO));
    sandbox.commit("docs: numbers that moved").ok();
    work(&sandbox, "feat: store [PRD-07 Task 1.1]").ok();
    has(&sandbox.read("prd/tasks/09_moved.md"), "- [x] Task 1.1");
    assert!(!sandbox.read(PLACE).contains("[x]"));
}

#[test]
fn a_document_of_more_than_eight_mebibytes_is_refused_with_a_word() {
    let mut large = plan(TWO);
    large.push_str(&"words of prose\n".repeat(600_000));
    let sandbox = with(&large);
    sandbox.write("code", "x");
    sandbox.git(&["add", "code"]).ok();
    let output = sandbox.git(&["commit", "-qnm", "feat: store [PRD-07 Task 1.1]"]);
    has(&output.stderr, "8 MiB");
    output.ok();
    assert_eq!(bytes(&sandbox), large.as_bytes());
}

#[test]
fn a_document_of_just_under_eight_mebibytes_works() {
    let mut large = plan(TWO);
    let prose = "words of prose ".repeat(4).trim_end().to_owned() + "\n";
    let filler = "- [ ] another box\n".repeat(60_000) + &prose.repeat(100_000);
    large.push_str(&filler);
    let sandbox = with(&large);
    work(&sandbox, "feat: store [PRD-07 Task 1.1]").ok();
    has(&sandbox.read(PLACE)[..200], "[x] Task 1.1");
}

#[test]
fn a_document_of_more_than_two_hundred_thousand_lines_is_refused_with_a_word() {
    let long = plan(TWO) + &"x\n".repeat(200_000);
    let sandbox = with(&long);
    sandbox.write("code", "x");
    sandbox.git(&["add", "code"]).ok();
    let output = sandbox.git(&["commit", "-qnm", "feat: store [PRD-07 Task 1.1]"]);
    output.says("more than 200,000 lines").ok();
    assert_eq!(bytes(&sandbox), long.as_bytes());
}

#[test]
fn nothing_is_written_through_a_symlink() {
    for folder in [false, true] {
        let sandbox = Sandbox::new();
        let outside = sandbox.beside("outside");
        fs::create_dir(&outside).expect("a directory");
        fs::write(outside.join("07_login.md"), plan(TWO)).expect("a file");
        match folder {
            true => {
                fs::create_dir(sandbox.top().join("prd")).expect("a directory");
                symlink(&outside, sandbox.top().join("prd/tasks")).expect("a link");
            }
            false => {
                fs::create_dir_all(sandbox.top().join("prd/tasks")).expect("a directory");
                symlink(outside.join("07_login.md"), sandbox.top().join(PLACE)).expect("a link");
            }
        }
        sandbox.commit("start").ok();
        sandbox.install_hooks();
        sandbox.write("code", "x");
        sandbox.git(&["add", "code"]).ok();
        let output = sandbox.git(&["commit", "-qnm", "feat: store [PRD-07 Task 1.1]"]);
        has(&output.stderr, "recorded nowhere");
        output.ok();
        assert_eq!(fs::read_to_string(outside.join("07_login.md")).expect("a file"), plan(TWO));
    }
}

#[test]
fn a_deleted_document_comes_back_true_when_it_comes_back() {
    let sandbox = with(plan(TWO));
    fs::remove_file(sandbox.top().join(PLACE)).expect("a file to remove");
    work(&sandbox, "feat: store [PRD-07 Task 1.1]").ok();
    sandbox.git(&["checkout", "-q", "--", PLACE]).ok();
    sandbox.spec_log(&["sync"]).ok();
    has(&sandbox.read(PLACE), "[x] Task 1.1");
}

#[test]
fn a_document_in_conflict_waits() {
    let sandbox = with(plan(TWO));
    let conflicted =
        plan(&format!("<<<<<<< ours\n{TWO}=======\n- [ ] Task 1.1: S\n>>>>>>> theirs\n"));
    sandbox.write(PLACE, &conflicted);
    work(&sandbox, "feat: store [PRD-07]").says("in conflict").ok();
    assert_eq!(sandbox.read(PLACE), conflicted);
}

#[test]
fn a_repository_without_commits_works_from_its_first_one() {
    let sandbox = Sandbox::new();
    sandbox.write(PLACE, plan(TWO));
    sandbox.install_hooks();
    sandbox.spec_log(&["sync"]).ok();
    sandbox.write("code", "x");
    let output = sandbox.commit("feat: store [PRD-07 Task 1.1]");
    output.ok();
    has(&sandbox.read(PLACE), "[x] Task 1.1");
}

#[test]
fn a_bare_repository_says_that_it_has_no_work_tree() {
    let sandbox = Sandbox::new();
    let bare = sandbox.beside("bare.git");
    sandbox.git(&["init", "-q", "--bare", bare.to_str().expect("UTF-8")]).ok();
    let sandbox = sandbox.moved_to(bare);
    sandbox.spec_log(&["sync"]).fails_with(128).says("no work tree");
}

#[test]
fn outside_a_repository_the_way_in_is_named() {
    let sandbox = Sandbox::new();
    let sandbox = {
        let home = sandbox.home();
        sandbox.moved_to(home)
    };
    sandbox.spec_log(&["sync"]).fails_with(128).says("not in a git repository");
}

#[test]
fn a_shallow_clone_records_what_it_has() {
    let sandbox = with(plan(TWO));
    work(&sandbox, "feat: send [PRD-07 Task 1.2]").ok();
    let clone = sandbox.beside("clone");
    let from = format!("file://{}", sandbox.top().display());
    sandbox.git(&["clone", "-q", "--depth", "1", &from, clone.to_str().expect("UTF-8")]).ok();
    let clone = sandbox.moved_to(clone);
    clone.install_hooks();
    work(&clone, "feat: store [PRD-07 Task 1.1]").ok();
    has(&clone.read(PLACE), "[x] Task 1.1");
}

#[test]
fn a_linked_work_tree_records_in_its_own_files() {
    let sandbox = with(plan(TWO));
    let linked = sandbox.beside("linked");
    sandbox.git(&["worktree", "add", "-q", linked.to_str().expect("UTF-8")]).ok();
    let before = sandbox.read(PLACE);
    let main = sandbox.top().to_owned();
    let linked = sandbox.moved_to(linked);
    work(&linked, "feat: store [PRD-07 Task 1.1]").ok();
    has(&linked.read(PLACE), "[x] Task 1.1");
    assert_eq!(fs::read_to_string(main.join(PLACE)).expect("a file"), before);
}

#[test]
fn a_submodule_records_in_its_own_files() {
    let sandbox = with(plan(TWO));
    let outer = sandbox.beside("outer");
    sandbox.git(&["init", "-q", outer.to_str().expect("UTF-8")]).ok();
    let from = sandbox.top().to_str().expect("UTF-8").to_owned();
    let outer = sandbox.moved_to(outer);
    outer
        .git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &from, "sub"])
        .ok();
    let inner = {
        let sub = outer.top().join("sub");
        outer.moved_to(sub)
    };
    inner.install_hooks();
    work(&inner, "feat: store [PRD-07 Task 1.1]").ok();
    has(&inner.read(PLACE), "[x] Task 1.1");
}

#[test]
fn a_work_tree_elsewhere_is_found() {
    let sandbox = Sandbox::new();
    let git_dir = sandbox.beside("elsewhere.git");
    let git_dir = git_dir.to_str().expect("UTF-8");
    let tree = sandbox.top().to_str().expect("UTF-8").to_owned();
    fs::rename(sandbox.top().join(".git"), git_dir).expect("a move");
    let at = [format!("--git-dir={git_dir}"), format!("--work-tree={tree}")];
    let git =
        |arguments: &[&str]| sandbox.git(&[&[at[0].as_str(), at[1].as_str()], arguments].concat());
    sandbox.write(PLACE, plan(TWO));
    git(&["add", "-A"]).ok();
    git(&["commit", "-qm", "docs: plan"]).ok();
    git(&["spec-log", "init", "-q"]).ok();
    sandbox.write("code", "x");
    git(&["add", "-A"]).ok();
    git(&["commit", "-qm", "feat: store [PRD-07 Task 1.1]"]).ok();
    has(&sandbox.read(PLACE), "[x] Task 1.1");
}

#[test]
fn a_workspace_is_a_feature_by_its_folder() {
    let sandbox = Sandbox::new();
    let place = "specs/active/oracle-secrets/tasks.md";
    sandbox.write(place, "# Tasks: Secrets\n\n- [ ] **A1**: Read them\n- [ ] **A2**: Keep them\n");
    sandbox.write("specs/template-spec/tasks.md", "# Tasks\n\n- [ ] **A1**: Read them\n");
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    work(&sandbox, "feat: read secrets [oracle-secrets Task A1]").ok();
    assert_eq!(
        sandbox.read(place),
        "# Tasks: Secrets\n\n- [x] **A1**: Read them\n- [ ] **A2**: Keep them\n"
    );
    sandbox.spec_log(&["sync"]).ok();
    // A person unticks and commits: that is the last word.
    sandbox.commit("docs: keep books").ok();
    sandbox.write(place, sandbox.read(place).replace("[x]", "[ ]"));
    sandbox.spec_log(&["sync"]).ok();
    has(&sandbox.read(place), "- [ ] **A1**");
    work(&sandbox, "feat: prose [some-slug Task 9]").ok();
}

#[test]
fn a_document_outside_a_sparse_checkout_changes_in_the_index_alone() {
    let sandbox = with(plan(TWO));
    sandbox.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/prd/"]).ok();
    assert!(!sandbox.top().join(PLACE).exists());
    work(&sandbox, "feat: store [PRD-07 Task 1.1]").ok();
    assert!(!sandbox.top().join(PLACE).exists());
    has(&sandbox.git(&["show", &format!(":{PLACE}")]).ok(), "[x] Task 1.1");
}

#[test]
fn a_record_outside_a_sparse_checkout_follows_its_commit_and_can_be_parked() {
    let sandbox = with(plan(TWO));
    sandbox.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/prd/"]).ok();
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    work(&sandbox, "feat: store [PRD-07 Task 1.1]").ok();
    let is_staged = || !sandbox.git(&["diff", "--cached", "--name-only"]).ok().is_empty();
    assert!(is_staged());
    sandbox.git(&["switch", "-q", "main"]).ok();
    assert!(!is_staged());
    sandbox.git(&["switch", "-q", "topic"]).ok();
    assert!(is_staged());
    sandbox.spec_log(&["park"]).ok();
    assert!(!is_staged());
    sandbox.spec_log(&["sync"]).ok();
    assert!(is_staged() && !sandbox.top().join(PLACE).exists());
}

#[test]
fn a_document_inside_a_collapsed_directory_of_a_sparse_index_has_one_entry() {
    let sandbox = with(plan(TWO));
    sandbox.write("kept/code", "x");
    sandbox.commit("feat: code").ok();
    sandbox.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "kept"]).ok();
    let record = |message: &str| {
        sandbox.write("kept/code", message);
        sandbox.git(&["commit", "-qam", message]).ok();
    };
    record("feat: store [PRD-07 Task 1.1]");
    let staged = sandbox.git(&["ls-files", "-t", "--", "prd"]).ok();
    assert_eq!(staged, format!("S {PLACE}\n"));
    has(&sandbox.git(&["show", &format!(":{PLACE}")]).ok(), "[x] Task 1.1");
    sandbox.git(&["commit", "-qm", "docs: keep books"]).ok();
    sandbox.git(&["config", "speclog.record", "off"]).ok();
    record("feat: mail [PRD-07 Task 1.2]");
    sandbox.spec_log(&["sync", "--commit"]).ok();
    has(&sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok(), "[x] Task 1.2");
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), "");
    sandbox.git(&["fsck", "--no-dangling"]).ok();
}

#[test]
fn a_document_that_cannot_be_read_or_written_is_no_other_documents_trouble() {
    let sandbox = with(plan(TWO));
    let lines = "- [ ] Task 1.1: Endless\n".to_owned() + &"\n".repeat(200_001);
    sandbox.write("prd/tasks/08_lines.md", format!("# Feature: Lines (PRD 08)\n{lines}"));
    let full = "# Feature: Full (PRD 09)\n\n- [ ] Task 1.1: Endless\n\n";
    sandbox.write("prd/tasks/09_full.md", full.to_owned() + &"x".repeat((8 << 20) - full.len()));
    sandbox.write("specs/active/big/tasks.md", "x".repeat((8 << 20) + 1));
    sandbox.commit("docs: plan more").ok();
    let all = "feat: all [PRD-08 Task 1.1] [PRD-09 Task 1.1] [big Task A1] [PRD-07 Task 1.1]";
    let said = work(&sandbox, all).says("`prd/tasks/08_lines.md` has more than 200,000 lines");
    let said = said.says("cannot read `prd/tasks/09_full.md`: it is larger than 8 MiB");
    said.says("cannot read `specs/active/big/tasks.md`: it is larger than 8 MiB").ok();
    has(&sandbox.read(PLACE), "- [x] Task 1.1");
    let told = sandbox.spec_log(&["sync"]).fails_with(128).says("08_lines.md");
    assert!(!told.stderr.contains("nothing to record"), "{told:?}");
    let doctor = sandbox.spec_log(&["doctor"]).stdout;
    has(&doctor, "specs/active/big/tasks.md");
}
