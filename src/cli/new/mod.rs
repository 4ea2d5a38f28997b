//! `git spec-log new`

mod files;
mod site;

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::address::Shelf;
use super::{Outcome, views};
use crate::doc::Document;
use crate::doc::dialect::FEATURE_FILE;
use crate::record;
use crate::repo::Moment;
use crate::report::tasks::NextView;
use crate::report::{Exit, Failure, Ui};
use crate::store::Active;
use crate::task::FeatureId;
use crate::template::{self, Phase};
use site::Site;

/// The longest title, in characters.
const LONGEST: usize = 200;

/// Begin a feature: make its document, or a workspace, from a template
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the feature is called
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Its number; the plan's, else the next that is free, where none is given
    #[arg(
        long, value_name = "N", conflicts_with = "workspace",
        value_parser = clap::value_parser!(u32).range(0..=i64::from(site::MOST))
    )]
    pub prd: Option<u32>,
    /// Make a folder with prd.md, tasks.md and recovery.md, known by its name
    #[arg(long)]
    pub workspace: bool,
    /// Take phases and tasks, with their ids, from a plan
    #[arg(long, value_name = "PRD.md")]
    pub from: Option<PathBuf>,
}

/// A plan that tasks are taken from.
struct Plan {
    path: String,
    number: Option<u32>,
    phases: Vec<Phase>,
}

#[derive(Serialize)]
struct Fields {
    feature: String,
    title: String,
    path: String,
    files: Vec<String>,
    /// The repository's template; null where it has none.
    template: Option<String>,
    /// How many tasks the document has.
    tasks: usize,
    next_task: Option<NextView>,
    /// What a commit that does that task says.
    tag: Option<String>,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let title = title(&args.name)?;
    let project = super::project::open(ui)?;
    if project.repo().is_busy(Moment::Other) {
        return Err(record::Error::Busy.into());
    }
    // One at a time, so that no two take one number.
    let _lock = project.lock()?;
    let shelf = Shelf::of(project, ui)?;
    let plan = args.from.as_deref().map(|path| read_plan(&shelf, path)).transpose()?;
    let site = match args.workspace {
        true => site::workspace(&shelf, &title, ui)?,
        false => {
            let number = args.prd.or(plan.as_ref().and_then(|plan| plan.number));
            site::feature_file(&shelf, &title, number, ui)?
        }
    };
    let made = files::of(&shelf, &site, &title, plan.as_ref())?;
    let store = shelf.project.store();
    for (path, _) in &made.files {
        if store.read_prefix(path, 0)?.is_some() {
            return Err(Failure::usage(format!("`{path}` is there already"))
                .hint("give the feature another name, or take that file away"));
        }
    }
    store.create(&made.files)?;
    for (path, _) in &made.files {
        if shelf.project.repo().is_ignored(path).unwrap_or(false) {
            ui.warning(format!("`{path}` is ignored by git"));
        }
    }
    let (path, text) = made.document;
    let document = Document::read(&path, text, site.dialect);
    tell(&fields(&site, &document, title, &made.files, made.template), plan.as_ref(), ui);
    Ok(Exit::Fine)
}

/// A name as a heading can hold it: on one line.
fn title(name: &str) -> Result<String, Failure> {
    let title = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let wrong = match title.as_str() {
        "" => Some("is empty"),
        _ if title.chars().any(char::is_control) => Some("holds control characters"),
        _ if title.chars().count() > LONGEST => Some("is longer than 200 characters"),
        _ => None,
    };
    match wrong {
        None => Ok(title),
        Some(wrong) => Err(Failure::usage(format!("the feature's name {wrong}"))
            .hint("say it in a few words: git spec-log new \"Password reset\"")),
    }
}

/// Reads the plan that tasks are taken from.
fn read_plan(shelf: &Shelf, path: &Path) -> Result<Plan, Failure> {
    let path = shelf.inside(path)?;
    let text = shelf.project.store().read(&path)?;
    let text = text.ok_or_else(|| Failure::usage(format!("there is no `{path}`")))?;
    let document = Document::read(&path, text, &FEATURE_FILE);
    let phases = template::phases(&document);
    if phases.is_empty() {
        return Err(Failure::usage(format!("no phases or tasks are in `{path}`")).hint(
            "tasks are boxes, or numbered items under headings such as `Phase 1: Core`;\n\
             without --from the document begins with those of the template",
        ));
    }
    let number = match document.feature() {
        Some(FeatureId::Prd(number)) => Some(number),
        _ => None,
    };
    Ok(Plan { path, number, phases })
}

fn fields(
    site: &Site,
    document: &Document,
    title: String,
    files: &[(String, Vec<u8>)],
    template: Option<String>,
) -> Fields {
    let open = document.open_tasks();
    let named = open.iter().copied().find(|&task| document.address(task).is_some());
    let address = named.and_then(|task| document.address(task));
    let active = address.map(|task| Active { feature: site.feature.clone(), task });
    let is_task = |task: &&crate::doc::TaskItem| task.checklist.is_none();
    Fields {
        feature: site.feature.to_string(),
        title,
        path: document.path().to_owned(),
        files: files.iter().map(|(path, _)| path.clone()).collect(),
        template,
        tasks: document.tasks().iter().filter(is_task).count(),
        next_task: named.map(|task| views::next(document, task)),
        tag: active.as_ref().and_then(Active::done_tag),
    }
}

fn tell(fields: &Fields, plan: Option<&Plan>, ui: &mut Ui) {
    if ui.is_json() {
        ui.json("new", fields);
        return;
    }
    ui.line(fields.path.as_str());
    if let Some(template) = &fields.template {
        ui.note(format!("made from {template}"));
    }
    let Some(tag) = &fields.tag else { return };
    let first = match plan {
        Some(plan) => {
            let count: usize = plan.phases.iter().map(|phase| phase.tasks.len()).sum();
            let tasks = if count == 1 { "1 task is".into() } else { format!("{count} tasks are") };
            format!("{tasks} from the plan; the commit that does the next ends in")
        }
        None => "write its tasks down; the commit that does the first ends in".to_owned(),
    };
    ui.note(first);
    ui.note(format!("  {tag}"));
}
