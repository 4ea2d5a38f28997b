//! Writes the seeds into `corpus/<target>/` beside this crate.

use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = fuzz.parent().ok_or("the crate lies in the project")?;
    for (at, (target, input)) in targets::seeds::seeds(root).iter().enumerate() {
        let folder = fuzz.join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("seed-{at}")), input)?;
    }
    Ok(())
}
