//! `digestgen review`: the review page on 127.0.0.1.

use std::process::{Command, Stdio};
use std::sync::Arc;

use digestgen::format::DEFAULT_TEMPLATE;
use digestgen::pipeline::desk::Desk;
use digestgen::server::{Listening, Room, ServerError};
use serde_json::json;

use super::args::{Review, Shared};
use super::exit::{Exit, Stop, print};
use super::include::window_of;
use super::overrides::{TEMPLATE, override_of, prompts};
use super::place::{Place, clock, environment};
use super::run::model;
use super::tell::holder;
use super::web::{client, finish_recording};

impl From<ServerError> for Stop {
    fn from(error: ServerError) -> Self {
        let message = error.to_string();
        match error {
            ServerError::Bind(..) => Self::usage(message),
            ServerError::Serve(_) => Self::new(Exit::Disk, message),
            ServerError::Words(_) | ServerError::Templates(_) => Self::new(Exit::Bug, message),
        }
    }
}

/// Serves the page until it is interrupted, which is how it ends.
pub(crate) fn run(shared: &Shared, options: &Review) -> Result<Exit, Stop> {
    let place = Place::find(shared)?;
    let issue = place.issue(options.issue.as_deref())?;
    let template = override_of(&place.dir, "templates", TEMPLATE)?;
    let prompts = prompts(&place.dir)?;
    let client = client(&place.config.net, false, &options.web)?;
    let store = Arc::new(place.store()?);
    let client = client.with_cache(Arc::clone(&store));
    let window = window_of(&place, &issue)?;
    let holder = holder(place.now);
    let desk = Desk::open(&place.config, &place.dir, Arc::clone(&store), &issue, &holder)?;
    let key = format!("{}/{issue}", place.config.edition.id);
    // Without its key the model cannot rewrite; all the rest of the page works.
    let model = model(&place, false, &store, &key).unwrap_or_else(|stop| {
        eprintln!("warning: nothing can be rewritten: {}", stop.message);
        None
    });
    let (now, fixed) = (place.now, shared.now.is_some());
    let room = Room {
        desk,
        window,
        client: client.clone(),
        template: template.unwrap_or_else(|| DEFAULT_TEMPLATE.to_owned()),
        who: environment("USER").unwrap_or_else(|| "editor".to_owned()),
        holder,
        clock: Arc::new(move || if fixed { now } else { clock() }),
        config: place.config,
        config_dir: place.config_dir,
        dir: place.dir,
        store,
        model,
        prompts,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Stop::new(Exit::Disk, format!("cannot start: {e}")))?;
    runtime.block_on(async {
        let mut end = Box::pin(interrupted());
        // Looked at once, so that Ctrl-C is heard from before the address is known.
        tokio::select! {
            biased;
            () = &mut end => return Ok(()),
            () = std::future::ready(()) => {}
        }
        let listening = Listening::bind(options.port, token()?).await?;
        let url = listening.url().to_owned();
        let line = if shared.json { json!({ "url": url }).to_string() } else { url.clone() };
        print(&format!("{line}\n"))?;
        if !shared.quiet {
            eprintln!("the review page stands open until Ctrl-C; its address is for you alone");
        }
        if !options.no_open && has_display() {
            open(&url);
        }
        listening.serve(room, end).await?;
        Ok::<(), Stop>(())
    })?;
    finish_recording(&client)?;
    Ok(Exit::Done)
}

/// Ends at Ctrl-C. Where none can be waited for, the page stands open until the process is ended.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// What nobody can guess.
fn token() -> Result<String, Stop> {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes)
        .map_err(|e| Stop::new(Exit::Disk, format!("the system gives no random numbers: {e}")))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// Whether there is a screen that a browser could be shown on.
fn has_display() -> bool {
    let unix = ["DISPLAY", "WAYLAND_DISPLAY"];
    cfg!(any(target_os = "macos", windows)) || unix.iter().any(|name| environment(name).is_some())
}

/// Opens the browser by the system's own opener. That it could not be is told, and no error.
fn open(url: &str) {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(url).stdout(Stdio::null()).stderr(Stdio::null());
    if let Err(e) = command.spawn() {
        eprintln!("cannot open a browser ({program}: {e}); open the address above yourself");
    }
}
