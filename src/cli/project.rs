//! Opening what a command works on.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::record::{self, Project};
use crate::repo::Repo;
use crate::report::{Failure, Ui};

impl From<record::Error> for Failure {
    fn from(error: record::Error) -> Self {
        let failure = Self::from_error(error.code(), &error);
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// How long a walk goes on in silence.
const SILENCE: Duration = Duration::from_secs(2);

/// Opens the work tree that the current directory lies in, and lets git's
/// configuration decide on colour and pager.
pub(super) fn open(ui: &mut Ui) -> Result<Project, Failure> {
    let mut repo = Repo::discover(Path::new(".")).map_err(record::Error::from)?;
    let (color, pager) = (repo.config_get("color.ui"), repo.config_get("core.pager"));
    ui.configure(color.as_deref(), pager.as_deref());
    tell_progress(&mut repo, ui);
    Ok(Project::open(repo, &crate::hook::environment())?)
}

/// Lets whoever watches know that a long walk goes on.
fn tell_progress(repo: &mut Repo, ui: &Ui) {
    let Some(mut progress) = ui.progress() else { return };
    let mut since = None;
    repo.watch(Box::new(move |met| match met {
        None => {
            progress.clear();
            since = None;
        }
        Some(met) if since.get_or_insert_with(Instant::now).elapsed() > SILENCE => {
            progress.show(met);
        }
        Some(_) => {}
    }));
}
