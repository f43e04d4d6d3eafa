//! One request to the endpoint and its answer: async-openai as the transport, with our own service
//! beneath it, so that the status, the time to wait and the request's id are kept for every failure.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_openai::config::Config;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::body::Body;
use super::status;
use super::{ModelError, Options};
use crate::model::endpoint::Endpoint;

/// The most bytes of an answer.
const BODY_CAP: usize = 8 << 20;

/// Where a request failed before an answer could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// No connection.
    Connect,
    /// No answer in time.
    Timeout,
    /// The connection broke.
    Cut,
    /// An answer came, and it is a refusal or no JSON.
    Answered,
}

/// A request without an answer.
#[derive(Clone, Debug)]
pub(crate) struct HttpFailure {
    pub(crate) at: Break,
    /// 0 where there was no answer.
    pub(crate) status: u16,
    /// As the endpoint asked, uncapped.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) request_id: Option<String>,
    pub(crate) body: String,
}

impl fmt::Display for HttpFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.at, self.status)
    }
}

impl std::error::Error for HttpFailure {}

/// Sends one request body, once.
pub(crate) struct Transport {
    client: async_openai::Client<Address>,
    key: SecretString,
}

impl Transport {
    /// Sets up the client; nothing is sent.
    pub(crate) fn new(
        options: &Options,
        endpoint: &Endpoint,
        key: SecretString,
    ) -> Result<Self, ModelError> {
        // Another part of the program may have installed it: both mean the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(15).min(endpoint.timeout))
            .timeout(endpoint.timeout)
            .user_agent(concat!("digestgen/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| ModelError::Client(e.to_string()))?;
        let address = Address::new(options, endpoint, key)?;
        let key = address.key.clone();
        let client =
            async_openai::Client::build(http.clone(), address).with_http_service(Service { http });
        Ok(Self { client, key })
    }

    /// Sends `body` and gives the answer's JSON.
    pub(crate) async fn send(&self, body: &Value) -> Result<Value, HttpFailure> {
        let sent = self.client.chat().create_byot::<_, Value>(body).await;
        sent.map_err(|error| self.failure(error))
    }

    fn failure(&self, error: OpenAIError) -> HttpFailure {
        let mut failure = match error {
            OpenAIError::Boxed(inner) => match inner.downcast::<HttpFailure>() {
                Ok(failure) => *failure,
                Err(other) => unanswered(Break::Cut, &other.to_string()),
            },
            // Its text holds the body or an address, never the key.
            OpenAIError::JSONDeserialize(error, _) => {
                unanswered(Break::Answered, &error.to_string())
            }
            other => unanswered(Break::Cut, &other.to_string()),
        };
        // Some endpoints repeat the key that they refuse.
        let key = self.key.expose_secret();
        if !key.is_empty() {
            failure.body = failure.body.replace(key, "[key]");
        }
        failure
    }
}

fn unanswered(at: Break, what: &str) -> HttpFailure {
    HttpFailure { at, status: 0, retry_after: None, request_id: None, body: what.to_owned() }
}

/// Where requests go and who sends them. Unlike the crate's own configuration it takes nothing
/// from the environment, and the key is marked so that no log prints it.
#[derive(Clone)]
struct Address {
    base_url: String,
    headers: HeaderMap,
    key: SecretString,
}

impl Address {
    fn new(options: &Options, endpoint: &Endpoint, key: SecretString) -> Result<Self, ModelError> {
        let env = options.key_env()?;
        let refuse = |detail| ModelError::Key {
            env: env.clone().unwrap_or_else(|| "api_key_env".to_owned()),
            detail,
        };
        let trimmed = SecretString::from(key.expose_secret().trim().to_owned());
        let text = trimmed.expose_secret();
        let mut headers = HeaderMap::new();
        if text.is_empty() && env.is_some() {
            return Err(refuse("is empty; set it to the endpoint's API key"));
        }
        if !text.chars().all(|c| c.is_ascii_graphic()) {
            return Err(refuse("holds spaces or characters that no key has; copy it again"));
        }
        if !text.is_empty() {
            let mut value = HeaderValue::try_from(format!("Bearer {text}"))
                .map_err(|_| refuse("cannot be sent in a header; copy it again"))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        for (name, key, value) in [
            ("openai-organization", "organization", &options.organization),
            ("openai-project", "project", &options.project),
        ] {
            if let Some(value) = value {
                let value = HeaderValue::try_from(value.trim()).map_err(|_| {
                    let detail = "holds characters that cannot be sent in a header".to_owned();
                    ModelError::Options { field: key, detail }
                })?;
                headers.insert(name, value);
            }
        }
        Ok(Self { base_url: endpoint.base_url.clone(), headers, key: trimmed })
    }
}

impl Config for Address {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base_url
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

/// Sends a request once, reads the whole answer, and passes on only a success with JSON in it.
#[derive(Clone)]
struct Service {
    http: reqwest::Client,
}

impl tower::Service<HttpRequestFactory> for Service {
    type Response = reqwest::Response;
    type Error = tower::BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let http = self.http.clone();
        Box::pin(async move {
            let request = request.build().await?;
            exchange(&http, request).await.map_err(tower::BoxError::from)
        })
    }
}

async fn exchange(
    http: &reqwest::Client,
    request: reqwest::Request,
) -> Result<reqwest::Response, HttpFailure> {
    let answer = http.execute(request).await.map_err(|e| broken(&e))?;
    let status = answer.status();
    let headers = answer.headers().clone();
    let failed = |at, body: &[u8]| HttpFailure {
        at,
        status: status.as_u16(),
        retry_after: status::retry_after(&headers),
        request_id: status::request_id(&headers),
        body: String::from_utf8_lossy(body).into_owned(),
    };
    let body = match read(answer).await {
        Ok(body) => body,
        // What a refusal says is lost, that it refuses is not.
        Err(_) if !status.is_success() => return Err(failed(Break::Answered, b"")),
        Err(failure) => {
            return Err(HttpFailure { at: failure.at, ..failed(failure.at, b"") });
        }
    };
    if !status.is_success() {
        return Err(failed(Break::Answered, &body));
    }
    let whole = match super::body::read(&body) {
        Body::Json(whole) => whole.to_string(),
        Body::Broken => return Err(failed(Break::Cut, b"the answer ends before its end")),
        Body::Other => return Err(failed(Break::Answered, &body)),
    };
    let mut whole = http::Response::new(whole);
    *whole.status_mut() = status;
    *whole.headers_mut() = headers;
    Ok(whole.into())
}

async fn read(mut answer: reqwest::Response) -> Result<Vec<u8>, HttpFailure> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|e| broken(&e))? {
        body.extend_from_slice(&chunk);
        if body.len() > BODY_CAP {
            return Err(unanswered(Break::Cut, "the answer is larger than 8 MB"));
        }
    }
    Ok(body)
}

fn broken(error: &reqwest::Error) -> HttpFailure {
    let at = if error.is_timeout() {
        Break::Timeout
    } else if error.is_connect() {
        Break::Connect
    } else {
        Break::Cut
    };
    // The cause says more than the error itself, which repeats the address.
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    unanswered(at, &cause.to_string())
}
