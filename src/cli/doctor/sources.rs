//! Sources: how each did when it was last asked.

use digestgen::collect::SourceStatus;
use digestgen::config::Config;
use digestgen::pipeline;

use super::super::exit::Stop;
use super::{Check, Ground};

/// A line for all that do well, and one for each that does not.
pub(super) fn look(config: &Config, ground: &Ground) -> Result<Vec<Check>, Stop> {
    let (mut well, mut unasked) = (0, 0);
    let mut out = Vec::new();
    for source in &config.sources {
        let health = match &ground.store {
            Some(store) => pipeline::health(store, source)?,
            None => pipeline::Health::default(),
        };
        let silent = health
            .visits
            .last()
            .is_some_and(|v| matches!(v.status, SourceStatus::Failed | SourceStatus::Silent));
        match health.trouble {
            None if health.visits.is_empty() => unasked += 1,
            None => well += 1,
            Some(trouble) => {
                let day = config.zone.to_datetime(trouble.since).date();
                let name = source.name();
                let detail = format!("{name}, since {day}: {}: {}", trouble.reason, trouble.detail);
                out.push(match silent {
                    true => Check::wrong(
                        "source",
                        detail,
                        "`digestgen sources --probe` asks it now; mend its address or take it out",
                    ),
                    false => Check::warning("source", detail, "look whether it still publishes"),
                });
            }
        }
    }
    let detail = format!("{well} do well, {} do not, {unasked} were not asked yet", out.len());
    out.insert(0, Check::ok("sources", detail));
    Ok(out)
}
