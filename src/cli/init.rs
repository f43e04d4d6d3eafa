//! `digestgen init`: a new digest's folder.

use std::path::Path;

use digestgen::store::write_atomic;

use super::args::Init;
use super::exit::{Exit, Stop};

const TEMPLATE: &str = include_str!("../../templates/digest.toml");

/// Writes a commented `digest.toml`; what is there is not touched.
pub(crate) fn run(options: &Init) -> Result<Exit, Stop> {
    let path = options.folder.join("digest.toml");
    if path.exists() {
        return Err(Stop::usage(format!(
            "{} is there already and was not touched; choose another folder",
            path.display()
        )));
    }
    write_atomic(&path, TEMPLATE.as_bytes())?;
    eprintln!("wrote {}", path.display());
    eprintln!("next: put your sources into it, then run {}", next(&options.folder));
    Ok(Exit::Done)
}

fn next(folder: &Path) -> String {
    if folder == Path::new(".") {
        "`digestgen run`".to_owned()
    } else {
        format!("`digestgen run --config {}`", folder.join("digest.toml").display())
    }
}
