//! Who may call, by address.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

/// The networks that may call, and the proxies whose word about a caller's address counts.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// Who may call; everybody where it is empty.
    pub allowed: Vec<IpNet>,
    /// Whose `x-forwarded-for` is believed.
    pub proxies: Vec<IpNet>,
}

impl Addresses {
    /// Whether a caller may call.
    pub fn may_call(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        self.allowed.is_empty()
            || self.caller(peer, headers).is_some_and(|caller| is_in(&self.allowed, caller))
    }

    /// Whether a connection is worth taking: without proxies its own address is all that counts.
    pub fn may_connect(&self, peer: IpAddr) -> bool {
        self.allowed.is_empty() || is_in(&self.allowed, peer) || is_in(&self.proxies, peer)
    }

    /// Who calls: the last address of the list that is not one of our proxies. None if the list makes no sense.
    fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let mut caller = peer.to_canonical();
        let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
        for line in lines.iter().rev() {
            for address in line.to_str().ok()?.rsplit(',') {
                if !is_in(&self.proxies, caller) {
                    return Some(caller);
                }
                caller = address_of(address.trim())?.to_canonical();
            }
        }
        Some(caller)
    }
}

/// An address, with or without a port.
fn address_of(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nets(texts: &[&str]) -> Vec<IpNet> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn may(addresses: &Addresses, peer: &str, forwarded: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        addresses.may_call(peer.parse().unwrap(), &headers)
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let addresses = Addresses { allowed: nets(&["192.0.2.0/24"]), proxies: nets(&["10.0.0.0/8"]) };
        assert!(may(&addresses, "192.0.2.7", &[]));
        assert!(may(&addresses, "::ffff:192.0.2.7", &[]));
        assert!(!may(&addresses, "198.51.100.1", &["192.0.2.7"]), "anybody can write that");
        assert!(may(&addresses, "10.1.1.1", &["192.0.2.7"]));
        assert!(may(&addresses, "10.1.1.1", &["192.0.2.7:4711"]));
        assert!(may(&addresses, "10.1.1.1", &["203.0.113.5, 192.0.2.7, 10.2.2.2"]));
        assert!(!may(&addresses, "10.1.1.1", &["192.0.2.7, 203.0.113.5"]), "the last one is who called");
        assert!(!may(&addresses, "10.1.1.1", &["192.0.2.7", "203.0.113.5"]));
        assert!(!may(&addresses, "10.1.1.1", &["nonsense"]));
        assert!(!may(&addresses, "10.1.1.1", &[]), "the proxy itself is not on the list");
        assert!(may(&Addresses::default(), "203.0.113.5", &["nonsense"]));
    }
}
