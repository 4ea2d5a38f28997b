//! `git spec-log why`

use serde::Serialize;

use super::address::Shelf;
use super::show;
use super::views::Links;
use super::{Outcome, views};
use crate::commit::Oid;
use crate::report::commits::CommitView;
use crate::report::tasks::TaskView;
use crate::report::{Exit, Failure, Ui};

/// Tell for which task a line, or a file, was written
///
/// A line leads to the commit that git blames for it, and that commit to its
/// tasks. A file leads to all its linked commits, newest first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, with the number of a line behind it or without: src/a.rs:12
    #[arg(value_name = "PATH[:LINE]")]
    pub place: String,
}

#[derive(Serialize)]
struct Fields {
    path: String,
    line: Option<usize>,
    /// The commit of the line.
    commit: Option<CommitView>,
    /// What that commit names.
    tasks: Vec<TaskView>,
    /// The linked commits of the file.
    commits: Vec<CommitView>,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let links = Links::new(&shelf);
    let (path, line) = split(&args.place);
    let path = shelf.inside(path.as_ref())?;
    let fields = match line {
        Some(line) => of_line(path, line, &shelf, &links)?,
        None => of_file(path, &shelf, &links)?,
    };
    links.warn(ui);
    if ui.is_json() {
        ui.json("why", &fields);
        return Ok(Exit::Fine);
    }
    ui.page();
    tell(&fields, ui);
    Ok(Exit::Fine)
}

/// The number behind the last colon, if there is one.
fn split(place: &str) -> (&str, Option<usize>) {
    let numbered = place.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?)));
    numbered.map_or((place, None), |(path, line)| (path, Some(line)))
}

fn of_line(path: String, line: usize, shelf: &Shelf, links: &Links<'_>) -> Result<Fields, Failure> {
    let blamed = shelf.project.repo().blame(&path, line).map_err(crate::record::Error::from)?;
    let (mut commit, mut tasks) = (None, Vec::new());
    if let Some(oid) = blamed {
        let view = views::commit(oid, shelf, links)?;
        tasks = show::named_tasks(&view, shelf, links);
        commit = Some(view);
    }
    Ok(Fields { path, line: Some(line), commit, tasks, commits: Vec::new() })
}

fn of_file(path: String, shelf: &Shelf, links: &Links<'_>) -> Result<Fields, Failure> {
    let oids = shelf.project.repo().commits_of_file(&path).map_err(crate::record::Error::from)?;
    if oids.is_empty() {
        let said = format!("no commit of HEAD has changed `{path}`");
        return Err(Failure::usage(said).hint("name a file as it is called in the work tree"));
    }
    let linked = |oid: Oid| match views::commit(oid, shelf, links) {
        Ok(view) if view.links.is_empty() => None,
        view => Some(view),
    };
    let commits = oids.into_iter().filter_map(linked).collect::<Result<_, _>>()?;
    Ok(Fields { path, line: None, commit: None, tasks: Vec::new(), commits })
}

fn tell(fields: &Fields, ui: &mut Ui) {
    match (&fields.line, &fields.commit) {
        (None, _) => {
            if fields.commits.is_empty() {
                ui.note(format!("no commit of `{}` links to a task", fields.path));
            }
            fields.commits.iter().for_each(|commit| ui.line(commit.line()));
        }
        (Some(line), None) => {
            ui.note(format!("line {line} of `{}` is not committed yet", fields.path));
        }
        (Some(_), Some(commit)) => {
            ui.line(commit.line());
            if commit.links.is_empty() {
                ui.note("that commit links to no task");
            }
            fields.tasks.iter().for_each(|task| ui.line(task.line_with_feature()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_line_is_the_number_behind_the_last_colon() {
        assert_eq!(split("a.rs:12"), ("a.rs", Some(12)));
        assert_eq!(split("a.rs"), ("a.rs", None));
        assert_eq!(split("c:a.rs:"), ("c:a.rs:", None));
    }
}
