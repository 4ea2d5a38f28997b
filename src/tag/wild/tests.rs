use proptest::prelude::*;

use super::*;

const ALL: Grammar<'_> = Grammar { forms: Forms::ALL, prefixes: &["BACK"] };

/// The mentions of a message as `form feature tasks`, with a mark for what
/// they say.
fn told(message: &str) -> Vec<String> {
    let tell = |mention: &Mention| {
        assert!(message.get(mention.span.clone()).is_some_and(|text| !text.is_empty()));
        let tasks: Vec<String> = mention.tasks.iter().map(task).collect();
        let feature = mention.feature.as_ref().map_or("-", |hint| &hint.word);
        let mark = match mention.says {
            Says::Nothing => "",
            Says::Complete => " complete",
            Says::Wip => " wip",
            Says::Books => " books",
        };
        format!("{} {feature} {}{mark}", mention.form.name(), tasks.join(","))
    };
    read(message, ALL).iter().map(tell).collect()
}

fn task(task: &Selector) -> String {
    match task {
        Selector::One(id) => id.to_string(),
        Selector::Range(from, to) => format!("{from}..{to}"),
    }
}

#[test]
fn a_mention_stands_where_it_is_written() {
    for (message, expected) in [
        ("feat: add a [T013]", &["[T013]"][..]),
        ("feat(prd-12): a (Task 2.4) (#12).", &["(Task 2.4)"]),
        ("fix(004-events/T031)!: a", &["004-events/T031"]),
        ("feat(004-events): a", &["004-events"]),
        ("feat(events, 004-events): a", &["004-events"]),
        ("feat: a\n\nmore\n\n* feat(WP04): b [T013]\n", &["WP04", "[T013]"]),
    ] {
        let spans: Vec<&str> =
            read(message, ALL).iter().map(|mention| &message[mention.span.clone()]).collect();
        assert_eq!(spans, expected, "{message}");
    }
}

#[test]
fn each_form_is_read() {
    for (message, expected) in [
        ("feat: add a [T013]", "bracket - T013"),
        ("[PRD-016/US-2] add a", "bracket PRD-016 US-2"),
        ("add a [004-events T013 wip]", "bracket 004-events T013 wip"),
        ("add a [Task 1.2]", "bracket - 1.2"),
        ("feat(prd-12): a (Task 2.4)", "parenthesis prd-12 2.4"),
        ("feat(prd-12): a (Tasks 2.4, 2.6) (#12).", "parenthesis prd-12 2.4,2.6"),
        ("a (WP03, FR-004, #34)", "parenthesis - WP03"),
        ("a (Task 11 - Part 1)", "parenthesis - 11 wip"),
        ("a (oracle-secrets Task A1)", "parenthesis oracle-secrets A1"),
        ("test(WP04): a", "scope - WP04"),
        ("fix(004-events/T031-T034a)!: a", "scope 004-events T031..T034a"),
        ("feat(004-events): a", "scope 004-events "),
        ("Task 0.5.11: a", "title - 0.5.11"),
        ("Tasks 3+4.1 Complete: a", "title - 3,4.1 complete"),
        ("Task Complete: Task 5 (Lina) Complete: a", "title - 5 complete"),
        ("Task Complete: Spec 088 Task 4 Complete: a", "title 088 4 complete"),
        ("Task Complete: 7. Integrate", "title - 7 complete"),
        ("feat(spec): complete task 14 - a", "title spec 14 complete"),
        ("PRD-07 Task 1.2: a", "title PRD-07 1.2"),
        ("T013: a", "lead - T013"),
        ("BACK-222.1 - a", "lead - BACK-222.1"),
        ("feat(004-events): T012 add a", "lead 004-events T012"),
        ("TASK-41 to 51 - a (#80)", "lead - TASK-41..TASK-51"),
        ("WP06 T106-T107: a", "lead - WP06,T106..T107"),
        ("013 (T030 + T031): a", "lead 013 T030,T031"),
        ("013 (T046 partial): a", "lead 013 T046 wip"),
        ("013 T030 a", "lead 013 T030"),
        ("013: a", "scope 013 "),
        ("test(015 T036): a", "scope 015 T036"),
        ("feat(027): T041-T048 a", "lead 027 T041..T048"),
        ("feat(004-events): add a T013", "tail 004-events T013"),
        ("feat: a - task 5.5", "tail - 5.5"),
        ("Implement a - Tasks 1-3 Complete", "tail - 1..3 complete"),
        ("a\n\nTask: 1.2", "trailer - 1.2"),
        ("feat(004-events): a\n\nTasks: T013, T014\nRefs: #12", "trailer 004-events T013,T014"),
        ("a\n\nb\n\nRefs: PRD-07 Task 1.2\nSigned-off-by: A <a@b>\n", "trailer PRD-07 1.2"),
        ("a\n\nCompletes: T013", "trailer - T013 complete"),
        ("a\n\nSee there [T013].", "bracket - T013"),
        ("a\n\n(Task 1.2)\n", "parenthesis - 1.2"),
        ("a\n\n* feat(004-events): b T013\n", "tail 004-events T013"),
        ("wip: a\n\nTask: 1.2", "trailer - 1.2 wip"),
        ("wip: a (Task 1.2)", "parenthesis - 1.2 wip"),
    ] {
        assert_eq!(told(message), [expected], "{message}");
    }
}

#[test]
fn lists_and_ranges_take_every_spelling() {
    for (list, expected) in [
        ("1.1–1.4", "1.1..1.4"),
        ("1.1-1.4 and 2.1", "1.1..1.4,2.1"),
        ("20-21", "20..21"),
        ("7 & 8", "7,8"),
        ("T031-034", "T031..T034"),
        ("T036/T035", "T036,T035"),
        ("BACK-613..616", "BACK-613..BACK-616"),
        ("1.2a, Task 1.3", "1.2a,1.3"),
    ] {
        assert_eq!(told(&format!("a (Tasks {list})")), [format!("parenthesis - {expected}")]);
    }
}

#[test]
fn what_only_looks_like_a_task_is_none() {
    for message in [
        "a (#123)",
        "a [P] b [US1]",
        "fix(#123): a",
        "fix(2048): a",
        "feat(ui): a",
        "chore(release): 1.2.0",
        "bump b from 1.2 to 1.3",
        "a (2.3 MB)",
        "a (2026-05-01)",
        "a (FR-001)",
        "a (OPS-05)",
        "a [1.2]",
        "a (1.2)",
        "task 1 of many",
        "a (task 1 of 3)",
        "a (task 1/3)",
        "a (Task #12)",
        "Task 1.2.FIX: a",
        "phase 2: a",
        "Task 1 is slow",
        "T054b-4: a",
        "a (R1-001, R1-002)",
        "Task 2 to 5 workers: a",
        "Task Complete: 054b Spec Realignment",
        "Add Task 1.2 completion documentation",
        "fix task 24.1 filename",
        "make a agree with T013",
        "unblock T014",
        "a after WP04",
        "WP03's order",
        "a `[T013]`",
        "a\n\n```\n[T013]\n(Task 1.2)\n```",
        "a \\[T013]",
        "[T013](specs/004/tasks.md)",
        "[PRD-07 Task 1.2] a",
        "Revert \"T013: a\"\n\nThis reverts commit 0123456.",
        "a\n\nThis waits for the lock (Task 1.2)",
        "a\n\n- Phase 1: one (task-1, task-2)\n",
        "a\n\nRelated: task-085\n\nb",
        "a\n\n- Platform: task-230 through task-236",
        "a\n\nTask 1.3 comes later",
        "a\n\n- T014: left for later",
        "a\n\nTask: 1.2\nwhich is prose",
        "a\nTask: 1.2",
        "a\n\nRefs: #12, 1.2",
    ] {
        assert_eq!(told(message), [""; 0], "{message}");
    }
}

#[test]
fn books_are_no_evidence() {
    for message in [
        "chore: Mark T022 as done",
        "chore: Move WP02 to planned",
        "chore: Start WP01 review",
        "chore: WP01 approved (cycle 1/3)",
        "docs(WP08): sync task checklist",
        "docs(spec): mark task 6.1 as completed",
        "feat(spec): mark task 0.1.1 complete in tasks.md",
        "chore(WP08): record review completion in tasks board",
        "Complete WP03: Move to for_review lane",
        "TASK-105 - Create task task-105",
        "BACK-457 - Create stale read fix task",
        "chore: status transition T013",
        "tasks: add 10 prompts (WP01-WP10)",
        "Create task-266 - Fix-heading.md",
        "Chore: done T013",
        "chore: mark the list\n\nTask: T013",
        "revert: T013 the list",
        "revert(T013): the list",
        "Start T013",
        "fix: undo T013",
        "chore(backlog): close task-085, task-086; start task-182",
        "feat: Generate work packages for events (WP01-WP10)",
        "feat: go on\n\nFirst WP01, then [WP02, WP03], then WP04",
    ] {
        let is_work = |mention: &Mention| mention.says != Says::Books;
        assert!(!read(message, ALL).iter().any(is_work), "{message}: {:?}", told(message));
    }
    for message in [
        "feat(WP07): Implement sync command for workspaces",
        "feat(WP13): add status reconcile",
        "BACK-430 - Create tasks with an intent-first composer",
        "TASK-95 - Add priority field to tasks (#123)",
        "fix(WP01): address review findings",
        "chore(T001): set up the build",
    ] {
        let mentions = read(message, ALL);
        assert!(mentions.iter().all(|mention| mention.says == Says::Nothing), "{message}");
        assert!(!mentions.is_empty(), "{message}");
    }
}

#[test]
fn a_repository_reads_only_the_forms_it_allows() {
    let message = "feat(WP04): T012 add a (Task 1.2)\n\nTask: 1.3";
    assert_eq!(read(message, Grammar::default()), []);
    for form in [Form::Scope, Form::Lead, Form::Parenthesis, Form::Trailer] {
        let found = read(message, Grammar { forms: Forms::of(&[form]), ..ALL });
        assert!(matches!(&found[..], [mention] if mention.form == form), "{found:?}");
    }
    let foreign = Grammar { prefixes: &[], ..ALL };
    assert_eq!(read("BACK-12 - a", foreign), []);
}

#[test]
fn a_message_is_let_go_only_where_no_repository_reads_a_mention_in_it() {
    for text in ["feat(api): raise zlib to 1.3.1", "fix: two of 2026-01-05 (#12)", "x (:"] {
        assert!(!may_mention(text.as_bytes()), "{text}");
    }
    for text in ["feat(api): x (T013)", "x BACK-12", "x OWN-3", "feat(004-events): x"] {
        assert!(may_mention(text.as_bytes()), "{text}");
    }
}

#[test]
fn a_trailer_names_the_feature_of_every_mention() {
    assert_eq!(
        told("feat(ui): a (Task 1.2)\n\nSpec: 004-events"),
        ["parenthesis ui 1.2", "trailer 004-events "]
    );
    assert_eq!(told("a (T013)\n\nSpec: 004-events")[0], "parenthesis 004-events T013");
}

#[test]
fn every_commit_that_a_squash_quotes_is_read() {
    let quoted = "Squashed commit of the following:\n\ncommit 2f2a096\nAuthor: A <a@b>\n\n    \
                  feat(004-events): b (T013)\n\ncommit 361533b\nAuthor: A <a@b>\n\n    \
                  feat(004-events): a (T001)\n";
    let expected = ["parenthesis 004-events T013", "parenthesis 004-events T001"];
    assert_eq!(told(quoted), expected);
}

#[test]
fn a_huge_message_is_read_in_one_pass() {
    // Small enough for a debug build, and minutes if anything were quadratic.
    const SIZE: usize = 1 << 17;
    for unit in [
        "(",
        ")",
        "[",
        "[T013",
        "(Task 1.2)",
        "(T013)\n",
        "T013 ",
        "T013, ",
        "1-",
        "1.",
        "..",
        "feat(",
        "feat(a/",
        "Task: 1.2\n",
        "- (Task 1.2)\n",
        "* feat: a T013\n",
        "Task Complete: ",
        "a:",
        "\n",
        " ",
        "Revert \"T013\n",
        "é",
    ] {
        let body = unit.repeat(SIZE / unit.len());
        for message in [body.clone(), format!("a\n\n{body}"), format!("Tasks {body}"), body + ")"] {
            read(&message, ALL);
        }
    }
}

fn message() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "feat",
        "chore",
        "(",
        ")",
        "[",
        "]",
        ":",
        ": ",
        " - ",
        "-",
        "–",
        "..",
        ".",
        ",",
        "/",
        "+",
        " ",
        "\n",
        "\n\n",
        "* ",
        "- ",
        "Task",
        "Tasks ",
        "Task Complete: ",
        "complete ",
        "Complete",
        "T013",
        "T014a",
        "WP04",
        "BACK-12",
        "1.2",
        "3",
        "A1",
        "US-2",
        "FR-001",
        "PRD-07",
        "Spec 08",
        "004-events",
        "#12",
        "wip",
        "to ",
        "and ",
        "`",
        "```\n",
        "\"",
        "Revert \"",
        "Task: ",
        "Refs: ",
        "mark ",
        "done",
        "é",
        "\u{a0}",
        "—",
        "\u{feff}",
        "\0",
        "99999999999",
        "0",
    ]);
    prop_oneof![
        prop::collection::vec(word, 0..30).prop_map(|words| words.concat()),
        any::<String>()
    ]
}

proptest! {
    #[test]
    fn no_message_is_too_strange(text in message()) {
        let found = read(&text, ALL);
        prop_assert!(found.len() <= MAX_TAGS);
        prop_assert!(found.is_sorted_by_key(|mention| mention.span.start));
        prop_assert!(found.is_empty() || may_mention(text.as_bytes()));
        for mention in &found {
            prop_assert!(text.get(mention.span.clone()).is_some_and(|text| !text.is_empty()));
            prop_assert!(!mention.tasks.is_empty() || mention.feature.is_some());
            for task in &mention.tasks {
                prop_assert!(!matches!(task, Selector::Range(from, to) if from > to));
            }
        }
        for form in Form::ALL {
            let alone = read(&text, Grammar { forms: Forms::of(&[form]), ..ALL });
            prop_assert!(alone.iter().all(|mention| mention.form == form));
            let named = |of: &[Mention]| -> Vec<_> {
                let named = of.iter().filter(|one| one.form == form && !one.tasks.is_empty());
                named.map(|one| one.span.clone()).collect()
            };
            prop_assert_eq!(named(&alone), named(&found));
        }
    }
}

#[test]
fn a_blank_stands_between_an_id_and_what_is_said_of_it() {
    assert_eq!(told("feat: T001 make it"), ["lead - T001"]);
    for message in ["feat: T001, make it", "feat: T001/x make it", "feat: T001's parts"] {
        assert_eq!(told(message), [""; 0], "{message}");
    }
}
