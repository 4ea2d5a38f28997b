//! Opening what a command works on.

use std::path::Path;

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

/// Opens the work tree that the current directory lies in, and lets git's
/// configuration decide on colour and pager.
pub(super) fn open(ui: &mut Ui) -> Result<Project, Failure> {
    let repo = Repo::discover(Path::new(".")).map_err(record::Error::from)?;
    let (color, pager) = (repo.config_get("color.ui"), repo.config_get("core.pager"));
    ui.configure(color.as_deref(), pager.as_deref());
    Ok(Project::open(repo, &crate::hook::environment())?)
}
