//! What every command has in common.

use std::fs::File;
use std::process::Stdio;

use crate::sandbox::Sandbox;

#[test]
fn a_wrong_command_line_ends_with_2_and_says_so_in_json_too() {
    let sandbox = Sandbox::new();
    let plain = sandbox.spec_log(&["init", "--bogus"]).fails_with(2).says("--bogus");
    assert_eq!(plain.stdout, "");
    let json = sandbox.spec_log(&["init", "--bogus", "--json"]).fails_with(2);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(value["schema"], "spec-log/error/1");
    assert_eq!(value["error"]["code"], "usage");
}

#[test]
fn outside_a_repository_init_ends_with_128() {
    let sandbox = Sandbox::new();
    let outside = sandbox.home();
    let outside = outside.to_str().expect("UTF-8");
    let json = sandbox.spec_log(&["-C", outside, "init", "--json"]).fails_with(128);
    let json = json.says("is not in a git repository");
    let value: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(value["error"]["code"], "not-a-repository");
    assert!(value["error"]["hint"].is_string());
    sandbox.spec_log(&["-C", "/nowhere", "init"]).fails_with(128).says("`/nowhere`");
}

#[test]
fn a_full_or_closed_stderr_changes_nothing() {
    let sandbox = Sandbox::new();
    let full = File::options().write(true).open("/dev/full").expect("a full device");
    let mut command = sandbox.command("git");
    command.args(["spec-log", "init"]).stderr(Stdio::from(full));
    assert!(command.status().expect("git starts").success());
    let mut command = sandbox.command("sh");
    command.args(["-c", "exec git spec-log init 2>&-"]);
    sandbox.run(&mut command).ok();
}

#[test]
fn lost_data_is_fatal_and_data_nobody_reads_is_not() {
    let sandbox = Sandbox::new();
    let full = File::options().write(true).open("/dev/full").expect("a full device");
    let mut command = sandbox.command("git");
    let status = command.args(["spec-log", "man"]).stdout(Stdio::from(full)).stderr(Stdio::null());
    assert_eq!(status.status().expect("git starts").code(), Some(128));
    let mut command = sandbox.command("bash");
    command.args(["-c", "git spec-log man | true; echo ${PIPESTATUS[0]}"]);
    let output = sandbox.run(&mut command);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("0\n", ""));
}

#[test]
fn colour_follows_the_flag_then_no_color_then_git() {
    let sandbox = Sandbox::new();
    let said = |arguments: &[&str], no_color: &str| {
        let mut command = sandbox.command("git");
        command.arg("spec-log").args(arguments).args(["init", "--dry-run"]);
        sandbox.run(command.env("NO_COLOR", no_color)).stderr
    };
    assert!(!said(&[], "").contains('\x1b'));
    assert!(said(&["--color"], "1").contains('\x1b'));
    sandbox.git(&["config", "color.ui", "always"]).ok();
    assert!(said(&[], "").contains('\x1b'));
    assert!(!said(&[], "1").contains('\x1b'));
    assert!(!said(&["--color=never"], "").contains('\x1b'));
}

#[test]
fn every_command_has_a_manual_page_and_help() {
    let sandbox = Sandbox::new();
    assert!(sandbox.spec_log(&["man"]).ok().contains(".TH git-spec-log 1"));
    for command in sandbox.spec_log(&["man", "--list"]).ok().lines() {
        let page = sandbox.spec_log(&["man", command]).ok();
        assert!(page.contains(&format!(".TH git-spec-log-{command} 1")), "{page}");
        assert!(sandbox.spec_log(&[command, "-h"]).ok().contains("Usage: git spec-log"));
    }
}

#[test]
fn gits_own_completion_for_bash_completes_our_commands_and_flags() {
    let sandbox = Sandbox::new();
    let script = sandbox.spec_log(&["completions", "bash"]).ok();
    sandbox.write("complete.bash", script);
    let complete = |line: &str| {
        let ask = format!(
            "source complete.bash\nwords=({line}); cword=$((${{#words[@]}} - 1))\n\
             cur=${{words[cword]}}; prev=${{words[cword-1]}}\n_git_spec_log\necho \
             \"${{COMPREPLY[@]}}\""
        );
        sandbox.run(sandbox.command("bash").args(["-c", &ask])).ok()
    };
    assert!(complete("git spec-log st").contains("status"));
    assert!(complete("git spec-log ''").contains("doctor"));
    assert!(complete("git -C x spec-log init --dr").contains("--dry-run"));
}

#[test]
fn hook_does_the_work_of_a_named_hook_only() {
    let sandbox = Sandbox::new();
    sandbox.spec_log(&["hook", "post-checkout", "--", "a", "b", "1"]).ok();
    sandbox.spec_log(&["hook", "pre-push"]).fails_with(2).says("hint:   commit-msg");
}

#[test]
fn a_hint_that_lists_boxes_fits_a_terminal() {
    let sandbox = Sandbox::new();
    let wide = "端末の幅を超える長い説明文".repeat(9);
    let document = format!("# Feature: X (PRD 07)\n\n- [ ] Task 1.1: {wide}\n");
    sandbox.write("prd/tasks/07_x.md", document);
    let told = sandbox.spec_log(&["tick", "9.9"]).fails_with(2).says("the nearest are:");
    let longest = told.stderr.lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(70), "{told:?}");
}

#[test]
fn what_has_json_answers_in_it_and_what_has_none_says_so() {
    let sandbox = Sandbox::new();
    sandbox.commit("one").ok();
    let parked = sandbox.spec_log(&["park", "--json"]).ok();
    let parked: serde_json::Value = serde_json::from_str(&parked).expect("JSON");
    assert_eq!(parked["schema"], "spec-log/park/1");
    assert_eq!(parked["parked"], serde_json::json!([]));
    for words in [["init", "--mode=print", "--json"], ["demo", "x", "--json"]] {
        let told = sandbox.spec_log(&words).fails_with(2);
        assert!(told.stdout.starts_with("{\"schema\":\"spec-log/error/1\""), "{told:?}");
    }
}

#[test]
fn a_failure_names_its_cause_once() {
    let sandbox = Sandbox::new();
    sandbox.commit("one").ok();
    sandbox.write(".git/spec-log", "in the way");
    let told = sandbox.spec_log(&["sync"]).fails_with(128);
    assert!(told.stderr.ends_with("/.git/spec-log/lock`: not a directory\n"), "{told:?}");
}
