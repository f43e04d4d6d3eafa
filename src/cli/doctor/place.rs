//! Folder, lock, disk, state and clock.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use digestgen::config::Config;
use digestgen::pipeline;
use digestgen::store::{Store, lock_holder, remove_file, write_atomic};
use jiff::{Timestamp, ToSpan};

use super::super::exit::Stop;
use super::{Check, Ground};

/// Below so many kilobytes a run may not find room for its draft and state.
const TOO_LITTLE: u64 = 20 * 1024;
/// Below so many a person should know.
const LITTLE: u64 = 500 * 1024;
/// No clock that is right shows less.
const EARLIEST: &str = "2026-01-01T00:00:00Z";
/// Clocks of one machine differ by less.
const SLACK_MINUTES: i64 = 2;

/// Looks at the folder, the locks in it and its disk.
pub(super) fn look(dir: &Path, checks: &mut Vec<Check>) {
    // What does not exist yet will be made below what does.
    let there = dir.ancestors().find(|a| a.is_dir() || a.as_os_str().is_empty());
    let there = there.filter(|a| !a.as_os_str().is_empty()).unwrap_or(Path::new("."));
    checks.push(folder(dir, there));
    checks.extend(locks(&dir.join(".digestgen")));
    checks.push(disk(there));
}

fn folder(dir: &Path, there: &Path) -> Check {
    let probe = there.join(".digestgen-probe");
    let written = write_atomic(&probe, b"").and_then(|()| remove_file(&probe));
    match written {
        Err(e) => Check::failed("folder", &e.into()),
        Ok(()) if dir.is_dir() || dir.as_os_str().is_empty() => {
            Check::ok("folder", format!("{} can be written", shown(dir)))
        }
        Ok(()) => {
            Check::ok("folder", format!("{} is not there yet and can be made", dir.display()))
        }
    }
}

fn shown(dir: &Path) -> String {
    if dir.as_os_str().is_empty() { ".".to_owned() } else { dir.display().to_string() }
}

fn locks(state: &Path) -> Vec<Check> {
    let names = std::fs::read_dir(state).into_iter().flatten().flatten().map(|e| e.path());
    let mut locks: Vec<_> = names.filter(|p| p.extension().is_some_and(|e| e == "lock")).collect();
    locks.sort();
    let held: Vec<Check> = locks
        .iter()
        .filter_map(|path| {
            let name = path.file_stem().map(|n| n.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            match lock_holder(path) {
                Ok(None) => None,
                Ok(Some(who)) => Some(Check::warning(
                    "lock",
                    format!("{name} is held by {who}"),
                    "wait for it to finish, or stop it",
                )),
                Err(e) => Some(Check::failed("lock", &e.into())),
            }
        })
        .collect();
    if held.is_empty() {
        return vec![Check::ok("lock", "no run is under way")];
    }
    held
}

/// The free space, as `df` tells it.
fn disk(there: &Path) -> Check {
    let told = Command::new("df").arg("-Pk").arg(there).output();
    let free = told.ok().and_then(|out| free_of(&String::from_utf8_lossy(&out.stdout)));
    let Some(free) = free else {
        return Check::ok("disk", "this system does not tell how much space is free");
    };
    let detail = format!("{} MB free", free / 1024);
    match free {
        0..TOO_LITTLE => Check::wrong("disk", detail, "free some space before the next run"),
        TOO_LITTLE..LITTLE => Check::warning("disk", detail, "free some space soon"),
        _ => Check::ok("disk", detail),
    }
}

/// The kilobytes that are free, of the answer of `df -Pk` about one file system.
fn free_of(told: &str) -> Option<u64> {
    let line = told.lines().nth(1)?;
    // The name of the file system may hold spaces; the columns after it are numbers.
    let columns: Vec<&str> = line.split_whitespace().collect();
    let percent = columns.iter().position(|c| c.ends_with('%'))?;
    columns.get(percent.checked_sub(1)?)?.parse().ok()
}

/// Opens the state, where there is one.
pub(super) fn state(dir: &Path, checks: &mut Vec<Check>) -> Option<Arc<Store>> {
    let folder = dir.join(".digestgen");
    let file = folder.join("state.db");
    if !file.exists() {
        checks.push(Check::ok("state", "none yet: the first run makes it"));
        return None;
    }
    let looked = Store::open(&folder).and_then(|store| Ok((store.look_through()?, store)));
    match looked {
        Ok((version, store)) => {
            let size = std::fs::metadata(&file).map_or(0, |m| m.len());
            let detail = format!("{}: version {version}, {} kB", file.display(), size / 1024);
            checks.push(Check::ok("state", detail));
            Some(Arc::new(store))
        }
        Err(e) => {
            checks.push(Check::failed("state", &e.into()));
            None
        }
    }
}

/// Whether the clock can be right.
pub(super) fn clock(ground: &Ground, config: Option<&Config>) -> Result<Check, Stop> {
    let mut last: Option<Timestamp> = None;
    if let (Some(store), Some(config)) = (&ground.store, config) {
        for source in &config.sources {
            let visits = pipeline::health(store, source)?.visits;
            last = last.max(visits.last().map(|v| v.at));
        }
    }
    let now = ground.now;
    let earliest = EARLIEST.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let ahead = |at: Timestamp| at > now.saturating_add(SLACK_MINUTES.minutes()).unwrap_or(now);
    const REMEDY: &str = "set the clock: windows of days and dates of articles rest on it";
    Ok(match last {
        Some(at) if ahead(at) => Check::wrong(
            "clock",
            format!("it is taken to be {now}, but sources were asked at {at}"),
            REMEDY,
        ),
        _ if now < earliest => Check::wrong("clock", format!("it shows {now}"), REMEDY),
        _ => {
            let zone = config.map(|c| &c.zone);
            let here = zone.map(|z| z.to_datetime(now).strftime("%F %H:%M").to_string());
            Check::ok(
                "clock",
                match (here, config) {
                    (Some(here), Some(c)) => format!("{here} in {}", c.zone_name),
                    _ => now.to_string(),
                },
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_free_space_stands_before_the_percentage() {
        let head = "Filesystem     1024-blocks     Used Available Capacity Mounted on\n";
        let line = format!("{head}/dev/vda1  100 40 60 40% /\n");
        assert_eq!(free_of(&line), Some(60));
        let spaces = format!("{head}//host/a share  100 30 70 30% /mnt/a b\n");
        assert_eq!(free_of(&spaces), Some(70));
        assert_eq!(free_of(head), None);
        assert_eq!(free_of("df: no such file"), None);
    }
}
