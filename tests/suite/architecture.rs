//! Arrows point down, and a dependency is named in its place alone
//! (`docs/design.md`).

use std::fs;
use std::path::{Path, PathBuf};

/// Modules that read no file, ask no clock, know no git and print nothing.
const CORE: &[&str] = &[
    "task", "tag", "commit", "patch", "doc", "plan", "check", "merge", "template", "problem",
    "config",
];

/// What the core may not name.
const RIM: &[&str] = &["repo", "store", "record", "hook", "cli", "report"];

/// A name, and the only places that may hold it.
const CONFINED: &[(&str, &[&str])] = &[
    ("regex", &["tag"]),
    ("pulldown_cmark", &["doc/outline"]),
    ("git2", &["repo"]),
    ("flate2", &["repo/peek", "repo/sweep"]),
    ("rustix", &["repo", "store"]),
    ("tempfile", &["store", "repo"]),
    ("std::fs", &["store", "repo/testing"]),
    ("std::process::Command", &["repo", "report/pager"]),
    ("clap", &["cli", "main"]),
    ("clap_complete", &["cli/completions"]),
    ("clap_mangen", &["cli/man"]),
    ("anstyle", &["report"]),
    ("std::io::stdout", &["report"]),
    ("std::io::stderr", &["report"]),
    ("io::stdout", &["report"]),
    ("io::stderr", &["report"]),
    ("print!", &[]),
    ("println!", &[]),
    ("eprint!", &[]),
    ("eprintln!", &[]),
    ("dbg!", &[]),
    ("SystemTime", &["cli"]),
];

/// Which of our modules each of our modules may not name, besides the core's.
const UP: &[(&str, &[&str])] = &[
    ("task", CORE),
    ("commit", &["tag", "patch", "doc", "plan", "check", "merge", "problem", "config"]),
    ("patch", CORE),
    ("tag", &["doc", "plan", "check", "merge"]),
    ("doc", &["plan", "check", "merge"]),
    ("plan", &["check", "merge", "template"]),
    ("check", &["merge", "template"]),
    ("merge", &["check", "template"]),
    ("template", &["check", "merge"]),
    ("repo", &["record", "hook", "cli", "report"]),
    ("store", &["record", "hook", "cli", "report"]),
    ("record", &["hook", "cli"]),
    ("report", &["repo", "store", "hook", "cli"]),
    ("hook", &["cli"]),
];

#[test]
fn a_dependency_is_named_in_its_place_alone() {
    for (module, paths) in sources() {
        for (name, places) in CONFINED {
            let at_home = places.iter().any(|place| is_within(&module, place));
            let found = paths.iter().find(|path| names(path, name));
            assert!(at_home || found.is_none(), "src/{module} names {}", found.unwrap());
        }
    }
}

#[test]
fn no_arrow_points_up() {
    for (module, paths) in sources() {
        let own = module.split('/').next().expect("a module").to_owned();
        let core: &[&str] = if CORE.contains(&own.as_str()) { RIM } else { &[] };
        let up = UP.iter().filter(|(from, _)| *from == own).flat_map(|(_, up)| up.iter());
        for name in core.iter().chain(up).filter(|name| **name != own) {
            let target = format!("crate::{name}");
            let found = paths.iter().find(|path| names(path, &target));
            assert!(found.is_none(), "src/{module} names {}", found.unwrap());
        }
    }
}

#[test]
fn the_hooks_do_nothing_but_call_the_library() {
    for file in rust_files(&root().join("hooks")) {
        let code = code_of(&fs::read_to_string(&file).expect("a file"));
        let paths: Vec<_> =
            paths_in(&code).into_iter().filter(|path| path.contains("::")).collect();
        let is_plain =
            |path: &String| path.starts_with("spec_log::hook") || path == "std::process::ExitCode";
        assert!(paths.iter().all(is_plain), "{}: {paths:?}", file.display());
        assert!(code.lines().count() < 12, "{}", file.display());
    }
}

#[test]
fn the_reader_of_paths_sees_groups_renames_and_inline_paths() {
    let code = code_of(
        "use std::{fs, io::{self, Write as W}};\n// git2::Repository in a comment\n\
         fn f() { let s = \"regex::Regex\"; eprintln!(\"x\"); crate::cli::g(); let c = '\"'; }\n\
         #[cfg(test)]\nmod tests { use git2::Oid; fn f() { '{'; } }\nfn last() { std::env::vars(); }",
    );
    let paths = paths_in(&code);
    for seen in
        ["std::fs", "std::io", "std::io::Write", "eprintln!", "crate::cli::g", "std::env::vars"]
    {
        assert!(paths.iter().any(|path| path == seen), "{seen} in {paths:?}");
    }
    for unseen in ["git2", "regex"] {
        assert!(!paths.iter().any(|path| names(path, unseen)), "{unseen} in {paths:?}");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether a path is this one or goes on from it.
fn names(path: &str, name: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn is_within(module: &str, place: &str) -> bool {
    module.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Every file below `src` as `doc/outline` (`mod.rs` is its directory), with
/// the paths in it.
fn sources() -> Vec<(String, Vec<String>)> {
    let source = root().join("src");
    let files = rust_files(&source);
    assert!(files.len() > 10, "the sources are found");
    let read = |file: PathBuf| {
        let name = file.strip_prefix(&source).expect("inside").with_extension("");
        let name = name.to_str().expect("UTF-8").trim_end_matches("/mod").to_owned();
        (name, paths_in(&code_of(&fs::read_to_string(file).expect("a file"))))
    };
    files.into_iter().filter(|file| !file.ends_with("tests.rs")).map(read).collect()
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The code without comments, strings, characters and test modules.
fn code_of(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '/' if rest.starts_with("//") => rest.find('\n'),
            '/' if rest.starts_with("/*") => rest.find("*/").map(|at| at + 2),
            '"' => string(rest),
            '\'' => character(rest),
            'r' => raw_string(rest),
            _ => Some(0),
        };
        rest = match skipped {
            Some(0) => {
                code.push(c);
                &rest[c.len_utf8()..]
            }
            Some(end) => &rest[end..],
            None => "",
        };
    }
    without_tests(&code)
}

fn without_tests(code: &str) -> String {
    let Some((before, after)) = code.split_once("#[cfg(test)]\nmod ") else {
        return code.to_owned();
    };
    let mut depth = 0;
    let end = after.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0 && matches!(c, '}' | ';')
    });
    before.to_owned() + &without_tests(end.map_or("", |end| &after[end + 1..]))
}

/// The end of a character literal; 0 for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, c))) => {
            let after = at + c.len_utf8();
            rest[after..].find('\'').map(|end| after + end + 1)
        }
        (_, Some((at, '\''))) => Some(at + 1),
        _ => Some(0),
    }
}

fn string(rest: &str) -> Option<usize> {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map(|(at, _)| at + 1)
}

/// The end of a raw string; 0 for a word that begins with `r`.
fn raw_string(rest: &str) -> Option<usize> {
    let hashes = rest.bytes().skip(1).take_while(|&byte| byte == b'#').count();
    let Some(body) = rest[1 + hashes..].strip_prefix('"') else { return Some(0) };
    let close = format!("\"{}", "#".repeat(hashes));
    Some(1 + hashes + 1 + body.find(&close)? + close.len())
}

/// Every path in the code: those of `use` written out, and those in between.
fn paths_in(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for statement in code.split(';') {
        let (before, tree) = match statement.rfind("use ").filter(|&at| is_use(statement, at)) {
            Some(at) => (&statement[..at], Some(&statement[at + "use ".len()..])),
            None => (statement, None),
        };
        inline(before, &mut paths);
        tree.into_iter().for_each(|tree| spread("", tree, &mut paths));
    }
    paths
}

fn is_use(statement: &str, at: usize) -> bool {
    statement[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || c == '{')
}

/// Writes `a::{b, c::{self, d as e}}` out.
fn spread(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let join = |name: &str| {
        let name = name.split(" as ").next().unwrap_or_default().trim().trim_end_matches("::");
        match (prefix, name) {
            ("", name) => name.to_owned(),
            (prefix, "self") => prefix.to_owned(),
            (prefix, name) => format!("{prefix}::{name}"),
        }
    };
    let Some(open) = tree.find('{') else { return paths.push(join(tree)) };
    let group = join(&tree[..open]);
    let body = &tree[open + 1..];
    let body = body.strip_suffix('}').unwrap_or(body);
    let mut depth = 0;
    let parts = body.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    parts.filter(|part| !part.trim().is_empty()).for_each(|part| spread(&group, part, paths));
}

fn inline(code: &str, paths: &mut Vec<String>) {
    let is_part = |c: char| c.is_alphanumeric() || "_:!".contains(c);
    let words = code.split(|c| !is_part(c));
    let words = words.map(|word| word.trim_start_matches([':', '!']).trim_end_matches(':'));
    paths.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
}
