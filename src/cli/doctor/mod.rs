//! `git spec-log doctor`: does git really reach us here, and what do we find?

pub(super) mod documents;
mod hooks;
mod repository;

use std::path::Path;

use serde::Serialize;

use super::Outcome;
use crate::record::{self, Project};
use crate::repo::{self, Environment, Repo, Site};
use crate::report::{Exit, Ink, Line, Ui};

/// How many sound documents are named to people.
const NAMED: usize = 20;

/// Find out whether git really reaches spec-log here
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// How a finding is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    /// As it should be.
    Ok,
    /// Works, and deserves a look.
    Warning,
    /// Does not work.
    Error,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Finding {
    code: &'static str,
    severity: Severity,
    message: String,
    hint: Option<String>,
}

impl Finding {
    fn ok(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Ok, message: message.into(), hint: None }
    }

    fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::ok(code, message) }
    }

    fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, ..Self::ok(code, message) }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn is_sound_document(&self) -> bool {
        self.code == "document" && self.severity == Severity::Ok
    }

    fn of(error: &record::Error) -> Self {
        Self { hint: error.hint(), ..Self::error(error.code(), error.to_string()) }
    }
}

pub(super) fn run(_args: &Args, ui: &mut Ui) -> Outcome {
    let site = Site::ask(Environment::of_process()).map_err(record::Error::from)?;
    ui.configure(site.setting("color.ui").as_deref(), site.setting("core.pager").as_deref());
    if site.top.is_none() {
        return Err(record::Error::from(repo::Error::Bare).into());
    }
    let mut findings = vec![repository::git(&site)];
    findings.extend(hooks::examine(&site)?);
    match Repo::discover_in(Path::new(""), site.environment().clone()) {
        Err(error) => findings.push(Finding::of(&error.into())),
        Ok(repo) => {
            findings.extend(repository::examine(&repo));
            match Project::open(repo, &crate::hook::environment()) {
                Err(error) => findings.push(Finding::of(&error)),
                Ok(project) => findings.extend(documents::examine(&project, &site)),
            }
        }
    }
    tell(&findings, ui);
    let is_error = |finding: &Finding| finding.severity == Severity::Error;
    Ok(if findings.iter().any(is_error) { Exit::Findings } else { Exit::Fine })
}

fn tell(findings: &[Finding], ui: &mut Ui) {
    if ui.is_json() {
        return ui.json("doctor", &Answer { findings });
    }
    let mut sound = 0;
    for finding in findings {
        sound += usize::from(finding.is_sound_document());
        if finding.is_sound_document() && sound > NAMED {
            continue;
        }
        let (ink, word) = match finding.severity {
            Severity::Ok => (Ink::Good, "ok       "),
            Severity::Warning => (Ink::Warn, "warning  "),
            Severity::Error => (Ink::Bad, "error    "),
        };
        ui.line(Line::new(ink, word).plain(&finding.message));
        let hint = finding.hint.as_deref().unwrap_or_default();
        hint.lines().for_each(|line| ui.line(Line::new(Ink::Hint, "   hint: ").plain(line)));
    }
    if sound > NAMED {
        let more = format!("and {} more documents", sound - NAMED);
        ui.line(Line::new(Ink::Good, "ok       ").plain(&more));
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    findings: &'a [Finding],
}
