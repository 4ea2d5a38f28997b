//! Problems as SARIF 2.1.0 (OASIS), with what GitHub's code scanning reads.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::problem::{Problem, Severity};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name of the work tree's top, to which paths are relative.
const BASE: &str = "SRCROOT";

/// Where a commit's message is a file, as long as it is being made.
const MESSAGE: &str = ".git/COMMIT_EDITMSG";

/// The whole log.
pub(super) fn log(problems: &[Problem]) -> Value {
    let codes: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let rules = codes
        .iter()
        .map(|code| json!({"id": code, "shortDescription": {"text": code.replace('-', " ")}}));
    let driver = json!({
        "name": "spec-log",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules.collect::<Vec<_>>(),
    });
    let results = problems.iter().map(|problem| result(problem, &codes));
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results.collect::<Vec<_>>()}],
    })
}

fn result(problem: &Problem, codes: &[&str]) -> Value {
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let hint = problem.hint.iter().map(|hint| format!("\nhint: {hint}"));
    let text = problem.message.clone() + &hint.collect::<String>();
    json!({
        "ruleId": problem.code,
        "ruleIndex": codes.iter().position(|code| *code == problem.code),
        "level": level,
        "message": {"text": text},
        "locations": [location(problem)],
    })
}

/// A line of a document or of a message, and a commit, which SARIF calls a
/// logical location. GitHub refuses a whole log for one result that has no
/// physical location with a line.
fn location(problem: &Problem) -> Value {
    let path = problem.path.as_deref().unwrap_or(MESSAGE);
    let artifact = json!({"uri": uri(path), "uriBaseId": BASE});
    let region = json!({"startLine": problem.line.unwrap_or(1)});
    let mut location =
        json!({"physicalLocation": {"artifactLocation": artifact, "region": region}});
    if let Some(oid) = problem.oid {
        location["logicalLocations"] =
            json!([{"name": oid.abbrev(7), "fullyQualifiedName": oid.to_string()}]);
    }
    location
}

/// A path as a relative reference (RFC 3986, section 4.2).
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| match is_plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_a_reference() {
        assert_eq!(uri("prd/a b:%ü.md"), "prd/a%20b%3A%25%C3%BC.md");
    }
}
