//! Documents as people dress them: what is written once is found again.

use crate::sandbox::Sandbox;

const PLACE: &str = "prd/tasks/07_login.md";

/// What two commits make of a document, recorded by the hooks one by one. A
/// `sync` behind them finds nothing left to do, and one that looks at the later
/// commit first gives the same.
fn recorded(plan: &str) -> String {
    let sandbox = Sandbox::new();
    sandbox.write(PLACE, plan);
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    for (file, message) in [("a", "feat: a [PRD-07 Task 1.1]"), ("b", "feat: b [PRD-07 Task 1.2]")]
    {
        sandbox.write(file, message);
        sandbox.git(&["add", file]).ok();
        sandbox.git(&["commit", "-qm", message]).ok();
    }
    let recorded = sandbox.read(PLACE);
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(sandbox.read(PLACE), recorded, "{plan}");
    sandbox.write(PLACE, plan);
    for range in ["HEAD~1..HEAD", "HEAD~2..HEAD~1"] {
        sandbox.spec_log(&["sync", range]).ok();
    }
    assert_eq!(sandbox.read(PLACE), recorded, "{plan}");
    recorded
}

/// The text behind the tasks, hashes and backticks left out.
fn section(head: &str, section: &str) -> String {
    let plan = format!("{head}\n- [ ] 1.1 a\n- [ ] 1.2 b\n\n{section}");
    let recorded = recorded(&plan);
    let (_, tail) = recorded.split_once("1.2 b\n\n").expect("the tasks");
    let is_hash = |word: &&str| word.len() == 7 && word.bytes().all(|b| b.is_ascii_hexdigit());
    tail.split('`').filter(|word| !is_hash(word)).collect()
}

const LIST: &str = "-  - feat: a [PRD-07 Task 1.1]\n-  - feat: b [PRD-07 Task 1.2]\n";

#[test]
fn a_section_is_found_again_however_its_heading_is_dressed() {
    for heading in ["## 📝 Git Commits", "## 9. Git Commits:", "# **Git Commits**"] {
        let found = section("# Sessions (PRD 07)\n", &format!("{heading}\n\n_None yet_\n"));
        assert_eq!(found, format!("{heading}\n\n{LIST}"));
    }
}

#[test]
fn a_table_without_commits_takes_them_where_it_ends() {
    let head = "## Git Commits\n\n| Hash | Message |\n|---|---|\n";
    for (rows, kept) in [("", ""), ("| - | - |\n", ""), ("| see | below |\n", "| see | below |\n")]
    {
        let found = section("# X (PRD 07)\n", &format!("{head}{rows}\n## Notes\n"));
        let mine = "|  | feat: a [PRD-07 Task 1.1] |\n|  | feat: b [PRD-07 Task 1.2] |\n";
        assert_eq!(found, format!("{head}{kept}{mine}\n## Notes\n"), "{rows}");
    }
}

#[test]
fn entries_end_alike_whichever_is_written_first() {
    let plan = "# X (PRD 07)\r\n\n- [ ] 1.1 a\r\n- [ ] 1.2 b\n\n## Git Commits\n\n- `abc1234` - x\r\n\
        - `def5678` - y\n";
    let recorded = recorded(plan);
    assert_eq!(recorded.matches("]\r\n").count(), 2, "{recorded:?}");
}

#[test]
fn an_older_range_does_not_overrule_what_came_after_it() {
    let place = "specs/active/login/tasks.md";
    let sandbox = Sandbox::new();
    sandbox.write(place, "# Tasks\n\n- [ ] 1.1 a\n- [ ] 1.2 b\n");
    sandbox.commit("docs: plan").ok();
    for (file, tag) in [("a", "[login Task 1.1 wip]"), ("b", "[login Task 1.1]")] {
        sandbox.write(file, tag);
        sandbox.commit(&format!("feat: {file} {tag}")).ok();
    }
    for range in ["HEAD~1..HEAD", "HEAD~2..HEAD~1"] {
        sandbox.spec_log(&["sync", range]).ok();
        assert_eq!(sandbox.read(place), "# Tasks\n\n- [x] 1.1 a\n- [ ] 1.2 b\n", "{range}");
    }
}
