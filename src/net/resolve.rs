//! Names → addresses, judged: what is connected to is what was judged here.
//!
//! The HTTP client connects to what this resolver gives and to nothing else, so a name that
//! resolves to something else a moment later (rebinding) gains nothing. An answer that mixes public
//! and private addresses is refused as a whole.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::guard;

/// Resolves names; replaced in tests.
pub trait Lookup: Send + Sync {
    /// All addresses of `host`.
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|a| a.ip()).collect())
        })
    }
}

/// Why a name gave no address; found again in the chain of the HTTP client's error.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    #[error("the name {0} does not resolve: {1}")]
    NoName(String, String),
    #[error("{host} resolves to {address}")]
    Special { host: String, address: IpAddr, kind: &'static str },
}

/// The resolver of the HTTP client.
pub(super) struct Judged {
    pub(super) lookup: Arc<dyn Lookup>,
    /// Whether the addresses are judged: always, except for an allowed `host:port`.
    pub(super) judge: bool,
}

impl Resolve for Judged {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let found = self.lookup.lookup(host.clone());
        let judge = self.judge;
        Box::pin(async move {
            let addresses =
                found.await.map_err(|e| ResolveError::NoName(host.clone(), e.to_string()))?;
            check(&host, &addresses, judge)?;
            let sockets: Vec<_> = addresses.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect();
            Ok(Box::new(sockets.into_iter()) as Addrs)
        })
    }
}

fn check(host: &str, addresses: &[IpAddr], judge: bool) -> Result<(), ResolveError> {
    if addresses.is_empty() {
        return Err(ResolveError::NoName(host.to_owned(), "it has no address".into()));
    }
    let special = addresses.iter().find_map(|ip| Some((*ip, guard::special(*ip)?)));
    match special {
        Some((address, kind)) if judge => {
            Err(ResolveError::Special { host: host.to_owned(), address, kind })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_answers_are_refused() {
        let public: IpAddr = "8.8.8.8".parse().unwrap();
        let inner: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
        assert!(check("a.example", &[public], true).is_ok());
        let error = check("a.example", &[public, inner], true).unwrap_err();
        assert!(matches!(error, ResolveError::Special { address, .. } if address == inner));
        assert!(check("a.example", &[inner], false).is_ok());
        assert!(matches!(check("a.example", &[], true), Err(ResolveError::NoName(..))));
    }
}
