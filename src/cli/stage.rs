//! `digestgen stage`: one room as a filter.
//!
//! Rooms that work line by line give one line for each, in order, with the line's `id`; a line
//! that cannot be used gives `{id, error}`. No configuration, network or state is needed.

use std::io::{BufRead, Read, Write};

use base64::Engine;
use serde_json::{Map, Value, json};

use digestgen::{collect, extract, format, select, summarize, verify};

use super::args::{Stage, StageName};
use super::exit::{Exit, Stop, print};

/// Runs one room over standard input.
pub(crate) fn run(options: &Stage) -> Result<Exit, Stop> {
    match options.name {
        StageName::Parse => whole(|text| {
            let issue = format::stage_parse(text).map_err(|e| e.to_string())?;
            serde_json::to_string_pretty(&issue).map(|s| s + "\n").map_err(|e| e.to_string())
        }),
        StageName::Render => whole(|text| format::stage_render(text).map_err(|e| e.to_string())),
        StageName::Extract => each(|line| extract::stage(with_file(line)?)),
        StageName::Summarize => each(summarize::extractive::stage),
        StageName::Verify => each(verify::stage),
        StageName::Feed => each(collect::stage),
        StageName::Cluster => all(select::stage),
    }
}

fn whole(room: impl Fn(&str) -> Result<String, String>) -> Result<Exit, Stop> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|e| Stop::usage(format!("cannot read standard input: {e}")))?;
    match room(&text) {
        Ok(out) => {
            print(&out)?;
            Ok(Exit::Done)
        }
        Err(e) => Err(Stop::new(Exit::Refused, e)),
    }
}

fn each(room: impl Fn(Value) -> Result<Value, String>) -> Result<Exit, Stop> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| Stop::usage(format!("cannot read standard input: {e}")))?;
        if line.trim().is_empty() {
            continue;
        }
        let (id, parsed) = parse(&line);
        let result = with_id(id, parsed.and_then(&room));
        if let Err(e) = writeln!(out, "{result}") {
            return gone(&e);
        }
    }
    match out.flush() {
        Ok(()) => Ok(Exit::Done),
        Err(e) => gone(&e),
    }
}

fn all(room: impl Fn(Vec<Value>) -> Vec<Result<Value, String>>) -> Result<Exit, Stop> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|e| Stop::usage(format!("cannot read standard input: {e}")))?;
    let lines: Vec<_> = text.lines().filter(|l| !l.trim().is_empty()).map(parse).collect();
    let good: Vec<Value> = lines.iter().filter_map(|(_, v)| v.clone().ok()).collect();
    let mut results = room(good).into_iter();
    for (id, parsed) in lines {
        let result = match parsed {
            Ok(_) => results.next().unwrap_or_else(|| Err("no result".to_owned())),
            Err(e) => Err(e),
        };
        print(&format!("{}\n", with_id(id, result)))?;
    }
    Ok(Exit::Done)
}

/// A reader that went away (`| head`) is no fault.
fn gone(error: &std::io::Error) -> Result<Exit, Stop> {
    match error.kind() {
        std::io::ErrorKind::BrokenPipe => Ok(Exit::Done),
        _ => Err(Stop::new(Exit::Disk, format!("cannot write to standard output: {error}"))),
    }
}

fn parse(line: &str) -> (Value, Result<Value, String>) {
    match serde_json::from_str::<Value>(line) {
        Ok(value) if value.is_object() => {
            (value.get("id").cloned().unwrap_or(Value::Null), Ok(value))
        }
        Ok(_) => (Value::Null, Err("the line is no JSON object".to_owned())),
        Err(e) => (Value::Null, Err(format!("the line is no JSON: {e}"))),
    }
}

fn with_id(id: Value, result: Result<Value, String>) -> Value {
    match result {
        Ok(Value::Object(fields)) => {
            let mut out = Map::new();
            out.insert("id".to_owned(), id);
            out.extend(fields.into_iter().filter(|(key, _)| key != "id"));
            Value::Object(out)
        }
        Ok(other) => json!({ "id": id, "result": other }),
        Err(error) => json!({ "id": id, "error": error }),
    }
}

/// `path` names a file whose bytes are the page.
fn with_file(mut line: Value) -> Result<Value, String> {
    let Some(path) = line.get("path").and_then(Value::as_str) else {
        return Ok(line);
    };
    if line.get("html").is_some() || line.get("html_base64").is_some() {
        return Ok(line);
    }
    let bytes = std::fs::read(path).map_err(|e| format!("cannot read {path}: {e}"))?;
    line["html_base64"] = base64::engine::general_purpose::STANDARD.encode(bytes).into();
    Ok(line)
}
