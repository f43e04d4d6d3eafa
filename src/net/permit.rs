//! Whether a host lets a program ask for a URL: its robots.txt, asked once a run.
//!
//! What it answers decides after RFC 9309, 2.3.1: no such file lets everything through, a host in
//! trouble nothing in this run, a host that does not answer is asked for nothing more.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use url::Url;

use super::Reason;
use super::robots::Rules;
use super::transport::{Exchange, Fault};

/// What a host permits.
#[derive(Debug)]
pub(super) enum Permission {
    /// What its rules let through.
    Rules(Rules),
    /// Nothing, for this reason.
    Nothing(Fault),
}

/// The permissions of all hosts in this run.
#[derive(Debug, Default)]
pub(super) struct Permissions(Mutex<HashMap<String, Arc<OnceCell<Permission>>>>);

impl Permissions {
    /// The place of the permission of `url`'s scheme, host and port.
    pub(super) fn of(&self, url: &Url) -> Arc<OnceCell<Permission>> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(hosts.entry(url.origin().ascii_serialization()).or_default())
    }
}

impl Permission {
    /// Everything is permitted.
    pub(super) fn everything() -> Self {
        Self::Rules(Rules::default())
    }

    /// What the final answer for `robots` says.
    pub(super) fn answered(robots: &Url, exchange: &Exchange) -> Self {
        let (reason, status) = match exchange.status {
            200..=299 => return Self::Rules(Rules::read(&exchange.body)),
            429 => (Reason::Throttled, 429),
            status @ 500.. => (Reason::Robots, status),
            _ => return Self::everything(),
        };
        let detail = format!(
            "{robots} answers with status {status}, so nothing else there is asked in this run; \
             run again later"
        );
        Self::Nothing(Fault { reason, detail, status: Some(status) })
    }

    /// What it means that `robots` gave no answer.
    pub(super) fn unanswered(robots: &Url, fault: Fault) -> Self {
        // It came, but its coding is damaged: there is no rule in it.
        if fault.status.is_some() {
            return Self::everything();
        }
        let detail = match fault.reason {
            // That is so whatever is asked.
            Reason::PrivateAddress | Reason::Dns => fault.detail,
            _ => format!("{robots}, which is asked first: {}", fault.detail),
        };
        Self::Nothing(Fault { detail, ..fault })
    }

    /// Whether `url` may be asked.
    ///
    /// # Errors
    /// A rule forbids it ([`Reason::Robots`]), or nothing of the host is to be asked.
    pub(super) fn check(&self, url: &Url) -> Result<(), Fault> {
        let rules = match self {
            Self::Nothing(fault) => return Err(fault.clone()),
            Self::Rules(rules) => rules,
        };
        match rules.forbids(&url[url::Position::BeforePath..]) {
            None => Ok(()),
            Some(pattern) => Err(Fault::new(
                Reason::Robots,
                format!(
                    "the robots.txt of {} forbids it to programs (`Disallow: {pattern}`); ask the \
                     site's owner, or take what it permits: another feed or a bridge",
                    url.host_str().unwrap_or("the host")
                ),
            )),
        }
    }
}
