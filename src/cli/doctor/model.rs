//! The model: endpoint, key, price, and one tiny question where that is asked for.

use std::sync::Arc;

use digestgen::config::Config;
use digestgen::model::{Described, Level, Model, Options, Probed, Writer};
use digestgen::store::Store;

use super::super::args::Doctor;
use super::super::exit::{Exit, Stop};
use super::super::place::environment;
use super::super::web::drive;
use super::{Check, Ground, State};

/// Looks at the model, where one shall write.
pub(super) fn look(
    config: &Config,
    ground: &Ground,
    options: &Doctor,
    checks: &mut Vec<Check>,
) -> Result<(), Stop> {
    let Some(model) = config.model.as_ref().filter(|m| m.writer == Writer::Model) else {
        let detail = "none: the extractive writer writes, word for word from the articles";
        checks.push(Check::ok("model", detail));
        if options.probe {
            checks.push(Check::ok("probe", "there is no model to ask"));
        }
        return Ok(());
    };
    let about = model.describe()?;
    checks.push(endpoint(model, &about));
    let key = key(model);
    let usable = key.is_ok();
    match &key {
        Ok((check, _)) => checks.push(check.clone()),
        Err(stop) => checks.push(Check::failed("key", stop)),
    }
    checks.push(price(model, &about));
    if !options.probe {
        let detail = "the endpoint was not asked: --probe sends one tiny question to each model";
        checks.push(Check::ok("probe", detail));
    } else if options.offline {
        checks.push(Check::ok("probe", "left out: --offline asks nothing of the network"));
    } else if let (true, Ok((_, key))) = (usable, key) {
        probe(model, &about, key, ground, checks)?;
    } else {
        checks.push(Check::warning(
            "probe",
            "left out: there is no key to ask with",
            "set the key",
        ));
    }
    Ok(())
}

fn endpoint(model: &Options, about: &Described) -> Check {
    let models: Vec<String> = about
        .models
        .iter()
        .map(|(kind, name, _)| match kind {
            digestgen::model::Kind::Triage => format!("{name} for the triage"),
            digestgen::model::Kind::Judge => format!("{name} as judge"),
            _ => name.clone(),
        })
        .collect();
    let preset = model.preset.as_ref().map(|p| format!("preset {p}, ")).unwrap_or_default();
    let detail = format!("{preset}{}, {}", about.base_url, models.join(", "));
    match about.private {
        true => Check::ok("model", detail),
        false => Check::warning(
            "model",
            format!("{detail}: key and articles travel unencrypted"),
            "use an address that begins with https, if this is not a network of your own",
        ),
    }
}

/// The key and what there is to say of it; never its text.
fn key(model: &Options) -> Result<(Check, String), Stop> {
    let Some(name) = model.key_env()? else {
        return Ok((Check::ok("key", "none needed"), String::new()));
    };
    let key = environment(&name).filter(|k| !k.trim().is_empty()).ok_or_else(|| {
        Stop::new(
            Exit::Usage,
            format!("the environment variable {name} is not set; set it to your account's key"),
        )
    })?;
    model.check_key(key.clone().into())?;
    Ok((Check::ok("key", format!("{name} is set")), key))
}

fn price(model: &Options, about: &Described) -> Check {
    let unknown: Vec<&str> = about
        .models
        .iter()
        .filter(|(_, _, price)| price.is_none())
        .map(|(_, name, _)| name.as_str())
        .collect();
    let currency = &model.currency;
    match (unknown.is_empty(), model.max_cost, about.local) {
        (true, Some(most), _) => {
            Check::ok("price", format!("known; an issue may cost {most} {currency}"))
        }
        (true, None, _) => Check::warning(
            "price",
            "known, but there is no ceiling",
            "set [model] max_cost to the most that one issue may cost",
        ),
        (false, _, true) => Check::ok("price", "unknown, on this machine: cost is not counted"),
        (false, _, false) => Check::warning(
            "price",
            format!("unknown for {}: cost cannot be told or limited", unknown.join(", ")),
            "set [model] price = { input = …, output = …, per = 1_000_000 }, and max_cost",
        ),
    }
}

fn probe(
    model: &Options,
    about: &Described,
    key: String,
    ground: &Ground,
    checks: &mut Vec<Check>,
) -> Result<(), Stop> {
    // Where there is no state yet none is made: what was found out is then forgotten.
    let scratch = tempfile::tempdir()
        .map_err(|e| Stop::new(Exit::Disk, format!("no temporary folder: {e}; free some space")))?;
    let store = match &ground.store {
        Some(store) => store.clone(),
        None => Arc::new(Store::open(scratch.path())?),
    };
    let door = Model::new(model.clone(), key.into(), store, "doctor")?;
    for (kind, name, _) in &about.models {
        let answer = drive(async { Ok(door.probe(*kind).await) })?;
        checks.push(match answer {
            Ok(probed) => probed_line(&probed, door.currency()),
            Err(failure) => {
                let exit = if failure.is_fatal() { Exit::Usage } else { Exit::Gaps };
                let stop = Stop::new(exit, format!("{name}: {failure}"));
                Check::failed("probe", &stop)
            }
        });
        if checks.last().is_some_and(|c| c.unusable) {
            break;
        }
    }
    Ok(())
}

fn probed_line(probed: &Probed, currency: &str) -> Check {
    let level = |level: Level| match level {
        Level::JsonSchema => "json_schema",
        Level::JsonObject => "json_object",
        Level::Plain => "plain",
    };
    let mut detail = format!(
        "{} answered at level {} in {} ms",
        probed.model,
        level(probed.level),
        probed.time.as_millis()
    );
    if !probed.refused.is_empty() {
        let refused: Vec<&str> = probed.refused.iter().map(|l| level(*l)).collect();
        detail.push_str(&format!(" (it refuses {})", refused.join(" and ")));
    }
    match probed.usage {
        Some(usage) => {
            detail.push_str(&format!(", {} tokens in, {} out", usage.input, usage.output));
        }
        None => detail.push_str(", and does not tell how many tokens that took"),
    }
    match probed.cost_micros {
        Some(micros) => detail.push_str(&format!(", {:.6} {currency}", micros as f64 / 1e6)),
        None => detail.push_str(", cost unknown"),
    }
    detail.push_str(", which counts for no issue");
    match &probed.complaint {
        None => Check::ok("probe", detail),
        Some(complaint) => Check {
            state: State::Warning,
            ..Check::wrong(
                "probe",
                format!("{detail}; but {complaint}"),
                "set [model] output to a lower level (json_object, plain), or choose another model",
            )
        },
    }
}
