//! What other programs read.

use serde_json::Value;

use super::{planned, work};

#[test]
fn a_github_workflow_gets_one_escaped_command_a_problem() {
    let sandbox = planned();
    let commit = work(&sandbox, "100% [PRD-07 Tsk 1.1]");
    sandbox.write("prd/tasks/08_a,b.md", "# X (PRD 08)\n\n- [ ] Task 1: A\n- [ ] Task 1: B\n");
    let out = sandbox.spec_log(&["check", "--format", "github"]).fails_with(1).stdout;
    let expected = format!("::warning title=malformed-tag::{commit}: `[PRD-07 Tsk 1.1]` is not");
    assert!(out.starts_with(&expected), "{out}");
    assert!(out.contains("%0Ahint: 100%25 [PRD-07 Task 1.1]\n"), "{out}");
    assert!(
        out.contains("::error file=prd/tasks/08_a%2Cb.md,line=4,title=duplicate-task::"),
        "{out}"
    );
    assert!(out.lines().all(|line| line.starts_with("::")), "{out}");
}

#[test]
fn sarif_names_rules_places_and_commits() {
    let sandbox = planned();
    let commit = work(&sandbox, "x [PRD-07 Tsk 1.1]");
    sandbox.write("prd/tasks/08 ü.md", "# X (PRD 08)\n\n- [ ] Task 1: A\n- [ ] Task 1: B\n");
    let out = sandbox.spec_log(&["check", "--format=sarif"]).fails_with(1).stdout;
    let log: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(
        (&driver["name"], &driver["rules"][0]["id"]),
        (&"spec-log".into(), &"duplicate-task".into())
    );
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), 2);
    for result in results {
        let rule = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(driver["rules"][rule]["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string());
    }
    let [message, document] = [0, 1].map(|at| &results[at]["locations"][0]);
    assert_eq!(message["logicalLocations"][0]["name"], *commit);
    assert_eq!((&results[0]["level"], &results[1]["level"]), (&"warning".into(), &"error".into()));
    // GitHub takes no log in which a result has no file and line.
    assert_eq!(message["physicalLocation"]["region"]["startLine"], 1);
    let file = &message["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(file, ".git/COMMIT_EDITMSG");
    let place = &document["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "prd/tasks/08%20%C3%BC.md");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "SRCROOT");
    assert_eq!(place["region"]["startLine"], 4);
}

/// What the SARIF 2.1.0 schema requires, and which properties it allows where.
#[test]
fn sarif_holds_what_its_schema_requires() {
    let keys = |value: &Value, allowed: &[&str]| {
        let object = value.as_object().expect("an object");
        assert!(object.keys().all(|key| allowed.contains(&key.as_str())), "{object:?}");
    };
    let sandbox = planned();
    let clean = sandbox.spec_log(&["check", "--format=sarif"]).ok();
    work(&sandbox, "x [PRD-07 Tsk 1.1]");
    work(&sandbox, "[PRD-07 Task 1.1] y");
    sandbox.write("prd/tasks/08 b.md", "# X (PRD 08)\n\n- [x] Task 1: A\n- [ ] Task 1: B\n");
    let faulty = sandbox.spec_log(&["check", "--format=sarif"]).fails_with(1).stdout;
    for (out, is_clean) in [(clean, true), (faulty, false)] {
        let log: Value = serde_json::from_str(&out).expect("one JSON document");
        keys(&log, &["$schema", "version", "runs"]);
        assert_eq!(log["version"], "2.1.0");
        assert!(log["$schema"].as_str().expect("a text").ends_with("sarif-schema-2.1.0.json"));
        let [run] = log["runs"].as_array().expect("runs").as_slice() else { panic!("{log}") };
        keys(run, &["tool", "results"]);
        let driver = &run["tool"]["driver"];
        keys(driver, &["name", "version", "rules"]);
        assert!(!driver["name"].as_str().expect("a name").is_empty());
        let rules = driver["rules"].as_array().expect("rules");
        let mut ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
        for rule in rules {
            keys(rule, &["id", "shortDescription"]);
            assert!(rule["shortDescription"]["text"].is_string());
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), rules.len(), "ids are unique");
        let results = run["results"].as_array().expect("results");
        assert_eq!(results.is_empty(), is_clean);
        for result in results {
            keys(result, &["ruleId", "ruleIndex", "level", "message", "locations"]);
            let rule = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(rules[rule]["id"], result["ruleId"]);
            let level = result["level"].as_str().expect("a level");
            assert!(["none", "note", "warning", "error"].contains(&level), "{level}");
            assert!(!result["message"]["text"].as_str().expect("a text").is_empty());
            for location in result["locations"].as_array().expect("locations") {
                keys(location, &["physicalLocation", "logicalLocations"]);
                let place = &location["physicalLocation"];
                keys(place, &["artifactLocation", "region"]);
                let uri = place["artifactLocation"]["uri"].as_str().expect("a reference");
                let is_plain = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
                assert!(!uri.is_empty() && !uri.starts_with('/') && uri.bytes().all(is_plain));
                assert!(place["region"]["startLine"].as_u64().expect("a line") >= 1);
            }
        }
    }
}

#[test]
fn colour_and_strangers_words_are_kept_apart() {
    let sandbox = planned();
    work(&sandbox, "x \u{1b}[31mred [PRD-07 Tsk 1.1]");
    let out = sandbox.spec_log(&["check", "--color", "HEAD~1..HEAD"]).fails_with(1).stdout;
    assert!(out.contains("\u{1b}[1m\u{1b}[31merror: \u{1b}[0m"), "{out:?}");
    assert!(out.contains("x \\x1b[31mred"), "{out:?}");
}
