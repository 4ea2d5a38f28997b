//! What is built into the programs: from where, under which licence, each
//! once, and with which Rust. `deny.toml` says what is allowed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Every crate that is built here, the project's own included.
fn packages() -> Vec<Value> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = stdout(Command::new(rustc).arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(["metadata", "--locked", "--offline"]);
    let metadata = stdout(cargo.args(["--format-version=1", "--filter-platform", host]));
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

fn stdout(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}

fn list(rules: &toml::Table, section: &str, key: &str) -> Vec<String> {
    let list = rules[section][key].as_array().expect("a list");
    list.iter().map(|item| item.as_str().expect("a text").to_owned()).collect()
}

/// Whether a licence expression, a conjunction of choices, leaves one that is
/// allowed.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    expression.replace('/', " OR ").split(" AND ").all(|choices| {
        let mut choices = choices.trim_matches(['(', ')']).split(" OR ");
        choices.any(|licence| allowed.iter().any(|allowed| allowed == licence))
    })
}

#[test]
fn every_dependency_is_there_once_from_an_allowed_place_under_an_allowed_licence() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    let rules = std::fs::read_to_string(path).expect("the rules");
    let rules: toml::Table = toml::from_str(&rules).expect("TOML");
    let licences = list(&rules, "licenses", "allow");
    let mut versions = BTreeMap::<String, usize>::new();
    for package in packages() {
        let name = text(&package, "name");
        *versions.entry(name.to_owned()).or_default() += 1;
        let licence = text(&package, "license");
        assert!(is_allowed(licence, &licences), "{name} is under `{licence}`");
        if let Some(source) = package["source"].as_str() {
            assert!(source.starts_with("registry+"), "{name} is from {source}");
        }
    }
    versions.retain(|_, count| *count > 1);
    assert!(versions.is_empty(), "more than one version of {:?}", versions.keys());
}

#[test]
fn the_rust_that_we_ask_for_is_enough_for_every_dependency() {
    let number = |text: &str| -> Vec<u32> {
        text.split('.').map(|part| part.parse().expect("a number")).chain([0]).take(2).collect()
    };
    let ours = number(env!("CARGO_PKG_RUST_VERSION"));
    let asks = packages().into_iter().filter(|package| !text(package, "rust_version").is_empty());
    let more = asks.filter(|package| number(text(package, "rust_version")) > ours);
    let more: Vec<String> = more.map(|package| package["name"].to_string()).collect();
    assert!(more.is_empty(), "these ask for a newer Rust: {more:?}");
}
