//! `digestgen init`: a new digest's folder.

use std::path::Path;

use digestgen::store::write_atomic;

use super::args::{Init, ReadyEdition};
use super::exit::{Exit, Stop};

const TEMPLATE: &str = include_str!("../../templates/digest.toml");
const ZH_AI: &str = include_str!("../../templates/edition-zh-ai.toml");
const EN_AI: &str = include_str!("../../templates/edition-en-ai.toml");

/// Writes a commented `digest.toml`, or a ready edition; what is there is not touched.
pub(crate) fn run(options: &Init) -> Result<Exit, Stop> {
    let path = options.folder.join("digest.toml");
    if path.exists() {
        return Err(Stop::usage(format!(
            "{} is there already and was not touched; choose another folder",
            path.display()
        )));
    }
    let text = match options.edition {
        None => TEMPLATE,
        Some(ReadyEdition::ZhAi) => ZH_AI,
        Some(ReadyEdition::EnAi) => EN_AI,
    };
    write_atomic(&path, text.as_bytes())?;
    eprintln!("wrote {}", path.display());
    let then = next(&options.folder);
    match options.edition {
        None => eprintln!(
            "next: put your sources into it (`digestgen sources add URL`), then run {then}"
        ),
        Some(_) => eprintln!(
            "next: `digestgen sources --probe` shows which sources answer; then run {then}"
        ),
    }
    Ok(Exit::Done)
}

fn next(folder: &Path) -> String {
    if folder == Path::new(".") {
        "`digestgen run`".to_owned()
    } else {
        format!("`digestgen run --config {}`", folder.join("digest.toml").display())
    }
}
