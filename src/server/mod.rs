//! The review page on 127.0.0.1: an editor reads, decides, edits and approves in a browser.
//!
//! The file and the page are one. The server keeps nothing of its own: each answer is made of what
//! stands on the disk, each change goes through [`crate::pipeline`] with the text that the editor
//! saw, and a page that is behind sees that by the version. Everything printed goes through strict
//! templates that escape; nothing is loaded from elsewhere, and who does not know the token is
//! refused (see `guard`).

mod account;
mod act;
mod address;
mod answer;
mod bring;
mod desk;
mod diff;
mod field;
mod guard;
mod memo;
mod page;
mod paper;
mod queue;
mod runs;
mod source;
mod telling;
mod views;
mod words;

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::net::TcpListener;

pub use desk::Room;
pub use guard::TOKEN_HEADER;

use crate::template::TemplateError;
use desk::Shared;
use guard::Guard;

/// The largest body that is read: a saved page in base64 is the largest thing that is sent.
const MOST_BYTES: usize = 8 << 20;

/// The page cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The port is taken, or may not be used.
    #[error("cannot listen on 127.0.0.1:{0}: {1}; name another port with --port, or 0 for any")]
    Bind(u16, std::io::Error),
    /// Listening failed later on.
    #[error("the review page ended: {0}; run `digestgen review` again")]
    Serve(std::io::Error),
    /// The compiled-in words cannot be read: a bug of ours.
    #[error("the words of the review page cannot be read: {0}; please report this")]
    Words(toml::de::Error),
    /// The compiled-in templates cannot be read: a bug of ours.
    #[error("the templates of the review page cannot be read: {0}; please report this")]
    Templates(TemplateError),
}

/// A port that is listened on, not yet served.
pub struct Listening {
    listener: TcpListener,
    port: u16,
    token: String,
    url: String,
}

impl Listening {
    /// Listens on 127.0.0.1, and nowhere else; port 0 is any free one. `token` must be a text that
    /// nobody can guess, of letters and digits.
    ///
    /// # Errors
    /// The port is taken, or may not be used.
    pub async fn bind(port: u16, token: String) -> Result<Self, ServerError> {
        let listener =
            TcpListener::bind(("127.0.0.1", port)).await.map_err(|e| ServerError::Bind(port, e))?;
        let port = listener.local_addr().map_err(|e| ServerError::Bind(port, e))?.port();
        let url = format!("http://127.0.0.1:{port}/{token}/");
        Ok(Self { listener, port, token, url })
    }

    /// The page's address, with the token.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Serves the page until `end` is over; what is being answered then is answered.
    ///
    /// # Errors
    /// Listening fails.
    pub async fn serve(
        self,
        room: Room,
        end: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        let guard = Guard::new(self.port, self.token.clone());
        let shared = Arc::new(Shared::new(room)?);
        // The first page is the dearest: it is made while the browser starts. What stands in its way
        // is told when it is asked for.
        let early = Arc::clone(&shared);
        tokio::task::spawn_blocking(move || views::prepare(&early));
        let app = router(&self.token, shared, guard);
        axum::serve(self.listener, app)
            .with_graceful_shutdown(end)
            .await
            .map_err(ServerError::Serve)
    }
}

fn router(token: &str, shared: Arc<Shared>, guard: Guard) -> Router {
    let at = |path: &str| format!("/{token}/{path}");
    Router::new()
        .route(&at(""), get(views::page))
        .route(&at("page.css"), get(views::style))
        .route(&at("page.js"), get(views::script))
        .route(&at("icon.svg"), get(views::icon))
        .route(&at("version"), get(views::version))
        .route(&at("source"), get(views::source))
        .route(&at("view/{name}"), get(views::view))
        .route(&at("copy.md"), get(views::copy_markdown))
        .route(&at("copy.html"), get(views::copy_rich))
        .route(&at("edit"), post(act::edit))
        .route(&at("drop"), post(act::drop))
        .route(&at("move"), post(act::shift))
        .route(&at("delete"), post(act::delete))
        .route(&at("bring-back"), post(act::bring_back))
        .route(&at("accept"), post(act::accept))
        .route(&at("read"), post(act::read))
        .route(&at("add"), post(act::add))
        .route(&at("rewrite"), post(act::rewrite))
        .route(&at("take"), post(act::take))
        .route(&at("undo"), post(act::undo))
        .route(&at("restore"), post(act::restore))
        .route(&at("approve"), post(act::approve))
        .route(&at("include"), post(bring::include))
        .route(&at("bring"), post(bring::bring))
        .fallback(|| async { (axum::http::StatusCode::NOT_FOUND, "there is no such page") })
        .with_state(shared)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn_with_state(guard, guard::stand))
}
