//! Who may talk to the page, and what a browser may do with it.
//!
//! The page listens on 127.0.0.1, but every site that the editor's browser shows can send requests
//! there, and a name of a stranger can be made to point there. So a request is answered only if
//! its `Host` is ours, its `Origin` (where it names one) is ours, and it knows the token: in the
//! path, and in a header too where it changes something. Everything else is refused with 403,
//! before anything is read.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The header in which a changing request repeats the token.
pub const TOKEN_HEADER: &str = "x-digestgen-token";

/// What a request must know.
#[derive(Clone)]
pub(super) struct Guard {
    port: u16,
    token: String,
}

/// Why a request is refused: a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    /// It was sent to another name than ours.
    Host,
    /// It comes from another page.
    Origin,
    /// It does not know the token.
    Token,
    /// It changes something and is neither JSON nor a plain reading request.
    Kind,
}

impl Refused {
    fn told(self) -> &'static str {
        match self {
            Self::Host => "this page answers on 127.0.0.1 and localhost only",
            Self::Origin => "this request comes from another page and is refused",
            Self::Token => {
                "the address lacks the token: open the whole address that `digestgen review` printed"
            }
            Self::Kind => "a changing request is JSON and carries the token in its header",
        }
    }
}

impl Guard {
    pub(super) fn new(port: u16, token: String) -> Self {
        Self { port, token }
    }

    /// Whether a request may pass.
    fn judge(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refused> {
        let own = |name: &str| {
            ["127.0.0.1", "localhost"].iter().any(|h| name == format!("{h}:{}", self.port))
        };
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().and_then(|h| h.to_str().ok());
        if hosts.next().is_some() || !host.is_some_and(own) {
            return Err(Refused::Host);
        }
        for origin in headers.get_all(header::ORIGIN) {
            let origin = origin.to_str().ok().and_then(|o| o.strip_prefix("http://"));
            if !origin.is_some_and(own) {
                return Err(Refused::Origin);
            }
        }
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if !same(first, &self.token) {
            return Err(Refused::Token);
        }
        if matches!(*method, Method::GET | Method::HEAD) {
            return Ok(());
        }
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let json = text("content-type").split(';').next().unwrap_or_default().trim();
        match (*method == Method::POST, json == "application/json") {
            (true, true) if same(text(TOKEN_HEADER), &self.token) => Ok(()),
            (true, true) => Err(Refused::Token),
            _ => Err(Refused::Kind),
        }
    }
}

/// Compares without telling by its duration how much was right.
fn same(given: &str, token: &str) -> bool {
    let (given, token) = (given.as_bytes(), token.as_bytes());
    let differing = given.iter().zip(token).fold(0, |sum, (a, b)| sum | (a ^ b));
    !token.is_empty() && given.len() == token.len() && differing == 0
}

/// Lets a request through, or refuses it; every answer carries the headers.
pub(super) async fn stand(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let verdict = guard.judge(request.method(), request.uri().path(), request.headers());
    let mut response = match verdict {
        Ok(()) => next.run(request).await,
        Err(refused) => (StatusCode::FORBIDDEN, Body::from(refused.told())).into_response(),
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// What every answer carries. Scripts and styles are files of ours; nothing is loaded from
/// elsewhere, and nobody may frame the page.
const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src \
         'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cache-control", "no-store"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: (&str, &str) = ("host", "127.0.0.1:8123");

    fn judged(method: Method, path: &str, headers: &[(&str, &str)]) -> Result<(), Refused> {
        let guard = Guard::new(8123, "t0ken".into());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        guard.judge(&method, path, &map)
    }

    #[test]
    fn hosts_and_origins_of_strangers_are_refused() {
        let read = |headers: &[(&str, &str)]| judged(Method::GET, "/t0ken/", headers);
        assert_eq!(read(&[HOST]), Ok(()));
        assert_eq!(read(&[("host", "localhost:8123")]), Ok(()));
        for host in ["evil.example", "127.0.0.1", "127.0.0.1:80", "localhost.evil.example:8123", ""]
        {
            assert_eq!(read(&[("host", host)]), Err(Refused::Host), "{host}");
        }
        assert_eq!(read(&[]), Err(Refused::Host));
        assert_eq!(read(&[HOST, ("host", "evil.example")]), Err(Refused::Host));
        assert_eq!(read(&[HOST, ("origin", "http://localhost:8123")]), Ok(()));
        for origin in ["http://evil.example", "null", "https://127.0.0.1:8123", "http://127.0.0.1"]
        {
            assert_eq!(read(&[HOST, ("origin", origin)]), Err(Refused::Origin), "{origin}");
        }
    }

    #[test]
    fn the_token_is_asked_for_in_the_path_and_for_changes_in_a_header_too() {
        for path in ["/", "/t0ke/", "/t0kenn/", "/T0KEN/", "/page.css"] {
            assert_eq!(judged(Method::GET, path, &[HOST]), Err(Refused::Token), "{path}");
        }
        let json = ("content-type", "application/json");
        let token = (TOKEN_HEADER, "t0ken");
        let change = |headers: &[(&str, &str)]| judged(Method::POST, "/t0ken/edit", headers);
        assert_eq!(change(&[HOST, json, token]), Ok(()));
        assert_eq!(change(&[HOST, json]), Err(Refused::Token));
        assert_eq!(change(&[HOST, json, (TOKEN_HEADER, "other")]), Err(Refused::Token));
        assert_eq!(change(&[HOST, token, ("content-type", "text/plain")]), Err(Refused::Kind));
        assert_eq!(judged(Method::PUT, "/t0ken/edit", &[HOST, json, token]), Err(Refused::Kind));
        let empty = Guard::new(8123, String::new());
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:8123"));
        assert_eq!(empty.judge(&Method::GET, "/", &headers), Err(Refused::Token));
    }
}
