//! Linked commits: their JSON, and a line for each.

use serde::Serialize;

use super::{Ink, Line};

/// A linked commit as `log` and `show` give it.
#[derive(Clone, Debug, Serialize)]
pub struct CommitView {
    /// Its name in full.
    pub oid: String,
    /// Its subject, tags included.
    pub summary: String,
    /// When it was authored: RFC 3339 with the author's own offset.
    pub author_time: String,
    /// When it was committed: RFC 3339 with the committer's own offset.
    pub commit_time: String,
    /// `Name <address>`.
    pub author: String,
    /// What it says of which tasks, in the order of the message.
    pub links: Vec<LinkView>,
    /// The same for people.
    #[serde(skip)]
    pub brief: Brief,
}

/// The parts of a commit's line.
#[derive(Clone, Debug)]
pub struct Brief {
    /// Its name cut short.
    pub hash: String,
    /// The day it was committed.
    pub date: String,
    /// Its subject without the tags that the line shows anyway.
    pub subject: String,
}

/// One link of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkView {
    /// The feature.
    pub feature: String,
    /// The task; `None` where the commit is about the feature as a whole.
    pub task: Option<String>,
    /// `done`, `wip`, `reopen`, `ref` or `revert`.
    pub effect: &'static str,
    /// The document, where exactly one tracks the feature.
    pub path: Option<String>,
}

impl CommitView {
    /// The same without colour.
    pub fn words(&self) -> String {
        let Brief { hash, date, subject } = &self.brief;
        match self.links.as_slice() {
            [] => format!("{hash} {date} {subject}"),
            links => format!("{hash} {date} ({}) {subject}", said(links)),
        }
    }

    /// `3f2a1bc 2026-01-15 (PRD-07 1.2 done) feat: send the mail`
    pub fn line(&self) -> Line {
        let Brief { hash, date, subject } = &self.brief;
        let line = Line::new(Ink::Hash, hash).plain(" ").add(Ink::Faint, date).plain(" ");
        if self.links.is_empty() {
            return line.plain(subject);
        }
        let said = format!("({})", said(&self.links));
        line.add(self.ink(), &said).plain(" ").plain(subject)
    }

    fn ink(&self) -> Ink {
        let all = |effect: &str| self.links.iter().all(|link| link.effect == effect);
        match () {
            () if all("done") => Ink::Good,
            () if all("ref") => Ink::Name,
            () => Ink::Warn,
        }
    }
}

/// `PRD-07 1.1, 1.2 done, 1.3 wip; PRD-08`
pub(super) fn said(links: &[LinkView]) -> String {
    let mut text = String::new();
    for (at, link) in links.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &links[at]);
        match before {
            Some(before) if before.feature == link.feature => text.push_str(", "),
            Some(_) => text = text + "; " + &link.feature,
            None => text.push_str(&link.feature),
        }
        let is_first = before.is_none_or(|before| before.feature != link.feature);
        if let Some(task) = &link.task {
            text.push_str(if is_first { " " } else { "" });
            text.push_str(task);
        } else if !is_first {
            text.push_str(&link.feature);
        }
        let after = links.get(at + 1);
        let goes_on = after
            .is_some_and(|after| (&after.feature, after.effect) == (&link.feature, link.effect));
        match link.effect {
            "ref" => {}
            _ if goes_on => {}
            "revert" => text.push_str(" reverted"),
            effect => text = text + " " + effect,
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_told_feature_by_feature_and_effect_by_effect() {
        let link = |feature: &str, task: Option<&str>, effect| LinkView {
            feature: feature.to_owned(),
            task: task.map(str::to_owned),
            effect,
            path: None,
        };
        let links = [
            link("PRD-07", Some("1.1"), "done"),
            link("PRD-07", Some("1.2"), "done"),
            link("PRD-07", Some("1.3"), "wip"),
            link("PRD-08", None, "ref"),
            link("api", Some("A1"), "revert"),
        ];
        assert_eq!(said(&links), "PRD-07 1.1, 1.2 done, 1.3 wip; PRD-08; api A1 reverted");
    }
}
