//! The open web as the terminal sets it up: live, recorded, replayed or offline; and waiting for
//! what is under way.

use std::future::Future;
use std::sync::Arc;

use digestgen::net::{Client, Options, Recorder};

use super::args::Web;
use super::exit::{Exit, Stop};
use super::place::clock;

/// The client that was asked for.
pub(crate) fn client(options: &Options, offline: bool, web: &Web) -> Result<Client, Stop> {
    if offline {
        return Ok(Client::offline());
    }
    if let Some(path) = &web.replay {
        return Client::replay(path)
            .map_err(|e| Stop::usage(format!("cannot replay {e}; name a WARC file")));
    }
    let recorder = match &web.record {
        Some(path) => {
            Some(Recorder::create(path).map_err(|e| Stop::new(Exit::Disk, e.to_string()))?)
        }
        None => None,
    };
    Client::live(options, Arc::new(clock), recorder).map_err(|e| Stop::usage(e.to_string()))
}

/// Writes the recording, where one is made.
pub(crate) fn finish_recording(client: &Client) -> Result<(), Stop> {
    client.finish_recording().map_err(|e| Stop::new(Exit::Disk, e.to_string()))
}

/// Works until it is done or a person interrupts it; what is stored by then stays.
pub(crate) fn drive<T>(work: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Stop::new(Exit::Disk, format!("cannot start: {e}")))?;
    runtime.block_on(async {
        tokio::select! {
            done = work => done,
            _ = tokio::signal::ctrl_c() => Err(Stop::new(
                Exit::Interrupted,
                "interrupted; what was fetched and paid for is stored, run again to continue",
            )),
        }
    })
}
