//! What these commits touch is read, planned and written: the one function
//! behind every hook and `git spec-log sync`.

mod acted;
mod active;
mod audit;
mod backfill;
mod books;
mod catch_up;
mod checkpoint;
mod draft;
mod edit;
mod elsewhere;
mod error;
mod folders;
mod judge;
mod links;
mod mentions;
mod merging;
mod names;
mod next;
mod park;
mod pending;
mod places;
mod prepare;
mod project;
mod reading;
mod reconcile;
mod templates;
mod view;
mod write;

pub use active::finishes;
pub use backfill::{Basis, Confidence, LeftOut, Past, Reason, Traced};
pub use books::Books;
pub use catch_up::Caught;
pub use draft::{Draft, Making};
pub use error::Error;
pub use links::{Linked, may_link};
pub use mentions::{Candidates, Meant};
pub use park::Parked;
pub use pending::Followed;
pub use places::{Catalog, Pattern, Place, Places};
pub use prepare::{Change, Extent, Prepared, Scope, Unplaced};
pub use project::Project;
pub use reconcile::Rewrites;
pub use write::Outcome;
