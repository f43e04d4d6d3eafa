//! What `[model]` means: an endpoint that can be called, and the model there for each kind of
//! question.

use std::time::Duration;

use serde_json::{Map, Value};

use super::options::{Override, Price, wrong};
use super::{Kind, Level, ModelError};

/// One model at the endpoint, as a kind of question uses it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) price: Option<Price>,
    pub(crate) context: u32,
    pub(crate) temperature: Option<f64>,
    pub(crate) extra_body: Map<String, Value>,
}

/// What the options mean: an endpoint that can be called.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Endpoint {
    /// Without a trailing slash.
    pub(crate) base_url: String,
    pub(crate) host: String,
    pub(crate) max_tokens_field: String,
    /// The level of structured output to begin with.
    pub(crate) output: Level,
    pub(crate) timeout: Duration,
    pub(super) main: Target,
    pub(super) triage: Target,
    pub(super) judge: Target,
}

impl Endpoint {
    /// The model that answers a kind of question.
    pub(crate) fn target(&self, kind: Kind) -> &Target {
        match kind {
            Kind::Triage | Kind::SameEvent => &self.triage,
            Kind::Judge => &self.judge,
            Kind::Entry | Kind::Part | Kind::Highlights | Kind::Rewrite => &self.main,
        }
    }
}

/// An endpoint for people: everything but the key.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// The address that requests go to, without `/chat/completions`.
    pub base_url: String,
    /// Its host.
    pub host: String,
    /// Nothing that is sent can be read on the way: TLS, or a host of this machine.
    pub private: bool,
    /// The host is this machine.
    pub local: bool,
    /// The models that are asked, each once, with what they are asked for and their price.
    pub models: Vec<(Kind, String, Option<Price>)>,
}

impl Endpoint {
    pub(super) fn describe(&self, with_judge: bool) -> Described {
        let named = url::Url::parse(&self.base_url);
        let secure = named.as_ref().is_ok_and(|url| url.scheme() == "https");
        let ip = self.host.trim_matches(['[', ']']).parse::<core::net::IpAddr>();
        let local = self.host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback());
        let mut models: Vec<(Kind, String, Option<Price>)> = Vec::new();
        for kind in [Kind::Entry, Kind::Triage, Kind::Judge] {
            let target = self.target(kind);
            let asked = kind != Kind::Judge || with_judge;
            if asked && models.iter().all(|(_, name, _)| *name != target.name) {
                models.push((kind, target.name.clone(), target.price));
            }
        }
        Described {
            base_url: self.base_url.clone(),
            host: self.host.clone(),
            private: secure || local,
            local,
            models,
        }
    }
}

/// The base URL without a trailing slash, and its host.
pub(super) fn address(base: &str) -> Result<(String, String), ModelError> {
    let refuse = |why: &str| wrong("base_url", format!("`{base}` {why}"));
    let url = url::Url::parse(base.trim()).map_err(|e| refuse(&format!("is no URL: {e}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let detail = "holds a password; put the key into the variable of api_key_env";
        return Err(wrong("base_url", detail.to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("has a query or fragment; give the path alone"));
    }
    let host = url.host_str().ok_or_else(|| refuse("names no host"))?;
    let whole = url.as_str().trim_end_matches('/');
    if whole.ends_with("/chat/completions") {
        return Err(refuse("must end before /chat/completions, which is added"));
    }
    Ok((whole.to_owned(), host.to_owned()))
}

pub(super) fn overridden(main: &Target, with: Option<&Override>) -> Target {
    let Some(with) = with else {
        return main.clone();
    };
    let name = with.name.clone().unwrap_or_else(|| main.name.clone());
    let own_price = (name == main.name).then_some(main.price).flatten();
    Target {
        price: with.price.or(own_price),
        context: with.context.unwrap_or(main.context),
        temperature: with.temperature.or(main.temperature),
        extra_body: with.extra_body.clone().unwrap_or_else(|| main.extra_body.clone()),
        name,
    }
}
