//! What a configuration reads as, and what is said about a wrong one.

use proptest::prelude::*;

use super::*;

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn team(text: &str) -> Result<Config, Error> {
    load(Some((FILE, text)), &[], &[])
}

/// Message and hint of the error that a configuration gives.
fn said(result: Result<Config, Error>) -> (String, String) {
    let error = result.expect_err("a wrong configuration");
    (error.to_string(), error.hint().unwrap_or_default())
}

#[test]
fn nothing_set_is_the_built_in() {
    assert_eq!(load(None, &[], &[]), Ok(Config::default()));
    assert_eq!(team(""), Ok(Config::default()));
    assert_eq!(Config::default().abbrev, 7);
}

#[test]
fn the_teams_file_is_read_whole() {
    let text = "\u{feff}# ours\r\nrecord = \"stage\"\r\ntick = \"done-only\"\nrequire = \"warn\"\nabbrev = 10\n\
        [[documents]]\npath = \"plans/*.md\"\n[[documents]]\npath = \"x/*/t.md\"\ndialect = \"kiro\"\n\
        [dialect.ours]\nlike = \"kiro\"\nchecklists = [\"A\", \"B\"]\n";
    let config = team(text).expect("a good file");
    assert_eq!((config.record, config.tick), (RecordMode::Stage, Tick::DoneOnly));
    assert_eq!((config.require, config.abbrev), (Require::Warn, 10));
    let places: Vec<_> = config
        .documents
        .iter()
        .map(|place| (place.path.as_str(), place.dialect.as_deref()))
        .collect();
    assert_eq!(places, [("plans/*.md", None), ("x/*/t.md", Some("kiro"))]);
    let ours = &config.dialects["ours"];
    assert_eq!(ours.like.as_deref(), Some("kiro"));
    assert_eq!(ours.checklists.as_deref(), Some(&["a".to_owned(), "b".to_owned()][..]));
    assert_eq!(ours.places, None);
}

#[test]
fn every_word_is_known() {
    for (word, mode) in [
        ("worktree", RecordMode::Worktree),
        ("stage", RecordMode::Stage),
        ("next", RecordMode::Next),
        ("off", RecordMode::Off),
        ("Off", RecordMode::Off),
    ] {
        assert_eq!(team(&format!("record = \"{word}\"")).map(|config| config.record), Ok(mode));
    }
    for (word, tick) in
        [("on", Tick::Default), ("done-only", Tick::DoneOnly), ("never", Tick::Never)]
    {
        assert_eq!(team(&format!("tick = '{word}'")).map(|config| config.tick), Ok(tick));
    }
    for (word, require) in
        [("off", Require::Off), ("warn", Require::Warn), ("error", Require::Error)]
    {
        assert_eq!(team(&format!("require = '{word}'")).map(|config| config.require), Ok(require));
    }
}

#[test]
fn the_environment_goes_before_the_person_and_the_person_before_the_team() {
    let file = Some((FILE, "record = 'stage'\ntick = 'never'\nrequire = 'warn'\n"));
    let git = pairs(&[("record", "next"), ("tick", "on"), ("tick", "done-only")]);
    let environment =
        pairs(&[("SPECLOG_RECORD", "off"), ("SPECLOG_REQUIRE", ""), ("PATH", "x"), ("SPEC", "y")]);
    let config = load(file, &git, &environment).expect("a good configuration");
    assert_eq!(config.record, RecordMode::Off);
    assert_eq!(config.tick, Tick::DoneOnly);
    assert_eq!(config.require, Require::Warn);
}

#[test]
fn a_person_may_look_for_documents_elsewhere() {
    let file = Some((
        FILE,
        "[[documents]]\npath = 'a/*.md'\n[dialect.x]\nlike = 'kiro'\nnaming = 'path'\n",
    ));
    let git = pairs(&[
        ("documents.path", "b/*.md"),
        ("documents.dialect", "kiro"),
        ("Documents.Path", "c/*.md"),
        ("dialect.x.like", "bmad"),
        ("dialect.My.Own.Places", "a/*.md, b/*.md"),
    ]);
    let config = load(file, &git, &[]).expect("a good configuration");
    assert_eq!(config.documents.len(), 2);
    assert_eq!(config.documents[0].dialect.as_deref(), Some("kiro"));
    assert_eq!(config.dialects["x"].like.as_deref(), Some("bmad"));
    assert_eq!(config.dialects["x"].naming, Some(DialectNaming::Path));
    assert_eq!(config.dialects["My.Own"].places.as_ref().map(Vec::len), Some(2));
}

#[test]
fn a_fault_in_the_teams_file_is_named_with_its_line() {
    for (text, message, hint) in [
        ("\n\nrecrod = 1", "line 3: unknown key `recrod`", "did you mean `record`?"),
        ("Ticks = 'on'", "line 1: unknown key `Ticks`", "did you mean `tick`?"),
        (
            "editor = 'rm'",
            "line 1: unknown key `editor`",
            "the keys are `record`, `tick`, `require`, `abbrev`, `documents`, `dialect`",
        ),
        (
            "#\nrecord = 'index'",
            "line 2: bad value `index` for `record`",
            "`record` is `worktree`, `stage`, `next`, `off`",
        ),
        (
            "tick = false",
            "line 1: bad value `false` for `tick`",
            "`tick` is `on`, `done-only`, `never`",
        ),
        ("abbrev = 3", "line 1: bad value `3` for `abbrev`", "`abbrev` is a number from 4 to 64"),
        ("abbrev = '7'", "line 1: bad value `7` for `abbrev`", "`abbrev` is a number from 4 to 64"),
        (
            "abbrev = 99999999999999999999",
            "line 1: bad value `99999999999999999999` for `abbrev`",
            "`abbrev` is a number from 4 to 64",
        ),
        (
            "documents = 'a'",
            "line 1: bad value `a` for `documents`",
            "`documents` is a list of tables, `[[documents]]`",
        ),
        ("[[documents]]\ndialect = 'a'", "line 1: `path` is missing", "add `path = …`"),
        ("[[documents]]\npaht = 'a'", "line 2: unknown key `paht`", "did you mean `path`?"),
        ("[[documents]]\npath = 1", "line 2: bad value `1` for `path`", "`path` is a text"),
        (
            "[[documents]]\npath = '../a'",
            "line 2: path `../a` leads out of the work tree",
            "write a glob below the root, such as `docs/plans/*.md`",
        ),
        (
            "[[documents]]\npath = 'a/.GIT/b'",
            "line 2: path `a/.GIT/b` leads into `.git`",
            "write a glob below the root, such as `docs/plans/*.md`",
        ),
        (
            "dialect = 1",
            "line 1: bad value `1` for `dialect`",
            "`dialect` is a table, `[dialect.NAME]`",
        ),
        ("[dialect.x]\nplace = 'a'", "line 2: unknown key `place`", "did you mean `places`?"),
        (
            "[dialect.x]\nnaming = 'folder'",
            "line 2: bad value `folder` for `naming`",
            "`naming` is `number`, `path`",
        ),
        (
            "[dialect.x]\nplaces = ['../a']",
            "line 2: path `../a` leads out of the work tree",
            "write a glob below the root, such as `docs/plans/*.md`",
        ),
        (
            "[dialect.x]\nlike = 1",
            "line 2: bad value `1` for `like`",
            "`like` is a text or a list of texts",
        ),
        (
            "[dialect]\nx = 1",
            "line 2: bad value `1` for `dialect.x`",
            "`dialect.x` is a table, `[dialect.NAME]`",
        ),
    ] {
        let expected = (format!("`.spec-log.toml`, {message}"), hint.to_owned());
        assert_eq!(said(team(text)), expected, "{text}");
    }
    assert!(said(team("a = 1\nrecord = ")).0.starts_with("`.spec-log.toml`, line 2: "));
    assert!(
        said(team("record = 'off'\nrecord = 'off'"))
            .0
            .starts_with("`.spec-log.toml`, line 2: duplicate key")
    );
}

#[test]
fn a_fault_elsewhere_is_named_with_its_key_or_variable() {
    for (git, environment, message, hint) in [
        (
            ("recrod", "off"),
            ("", ""),
            "git config `speclog.recrod`: unknown key `recrod`",
            "did you mean `record`?",
        ),
        (
            ("documents", "a"),
            ("", ""),
            "git config `speclog.documents`: unknown key `documents`",
            "did you mean `documents.path`?",
        ),
        (
            ("record", ""),
            ("", ""),
            "git config `speclog.record`: bad value `` for `record`",
            "`record` is `worktree`, `stage`, `next`, `off`",
        ),
        (
            ("abbrev", "9"),
            ("", ""),
            "git config `speclog.abbrev`: `abbrev` is the team's to set",
            "set `abbrev` in `.spec-log.toml`, for everyone alike",
        ),
        (
            ("documents.path", "/a"),
            ("", ""),
            "git config `speclog.documents.path`: path `/a` is not relative to the root of the work tree",
            "write a glob below the root, such as `docs/plans/*.md`",
        ),
        (
            ("documents.dialect", "a"),
            ("", ""),
            "git config `speclog.documents.dialect`: `documents.path` is missing",
            "add `documents.path = …`",
        ),
        (
            ("tick", "on"),
            ("SPECLOG_TICK", "of"),
            "environment variable `SPECLOG_TICK`: bad value `of` for `tick`",
            "`tick` is `on`, `done-only`, `never`",
        ),
        (
            ("tick", "on"),
            ("SPECLOG_TIK", "on"),
            "environment variable `SPECLOG_TIK`: unknown key `tik`",
            "did you mean `tick`?",
        ),
    ] {
        let result = load(None, &pairs(&[git]), &pairs(&[environment]));
        assert_eq!(said(result), (message.to_owned(), hint.to_owned()));
    }
}

#[test]
fn a_hostile_file_is_only_an_error() {
    for text in ["a = ".to_owned() + &"[".repeat(100_000), "[a.".repeat(50_000), "\0".to_owned()] {
        assert!(team(&text).is_err());
    }
}

proptest! {
    #[test]
    fn no_configuration_is_too_strange(text: String, key in "[a-zA-Z.]{0,20}|documents.path|dialect.x.y", value: String) {
        let _ = team(&text);
        let _ = team(&format!("{key} = {value:?}"));
        let _ = load(None, &[(key.clone(), value.clone())], &[(format!("SPECLOG_{key}"), value)]);
    }
}
