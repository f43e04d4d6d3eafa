//! `digestgen check`: whether files follow the format.

use digestgen::format::{self, Problem, Severity};
use serde_json::json;

use super::args::{Check, Shared};
use super::exit::{Exit, Stop, print};

/// Prints each problem with file and line; refuses (exit 8) where one is an error.
pub(crate) fn run(shared: &Shared, options: &Check) -> Result<Exit, Stop> {
    let mut exit = Exit::Done;
    for path in &options.files {
        let text = std::fs::read_to_string(path).map_err(|e| {
            Stop::usage(format!("cannot read {}: {e}; name a Markdown file", path.display()))
        })?;
        let problems = format::check(&text);
        let (mut errors, mut warnings) = (0, 0);
        for problem in &problems {
            match problem.severity {
                Severity::Error => errors += 1,
                Severity::Warning => warnings += 1,
            }
            print(&line(shared, &path.display().to_string(), problem))?;
        }
        if errors > 0 {
            exit = Exit::Refused;
        }
        if !shared.quiet {
            eprintln!("{}: {errors} errors, {warnings} warnings", path.display());
        }
    }
    Ok(exit)
}

fn line(shared: &Shared, path: &str, problem: &Problem) -> String {
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    if shared.json {
        let row = json!({
            "file": path, "line": problem.line, "severity": severity,
            "expected": problem.expected, "found": problem.found,
        });
        return format!("{row}\n");
    }
    format!(
        "{path}:{}: {severity}: expected {}, found {}\n",
        problem.line, problem.expected, problem.found
    )
}
