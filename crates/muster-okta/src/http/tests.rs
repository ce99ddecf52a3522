//! Proxies, and connections that do not come about or do not last.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use ::http::Version;
use muster_emulator::{Emulator, Listen, OrgSettings, Running, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::error::TransportFailure;

/// What an org says to a stranger, and how.
const BY_HTTP_2: (u16, Version) = (401, Version::HTTP_2);

/// A proxy that wants this login, and what it was asked.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start(login: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(tunnel(stream, login, heard.clone()));
            }
        });
        Self { address, asked }
    }

    fn matcher(&self, no: &str) -> Matcher {
        Matcher::builder().all(format!("http://kim:secret@{}", self.address)).no(no.to_owned()).build()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn tunnel(mut stream: TcpStream, login: &str, asked: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    asked.lock().unwrap().push(head.clone());
    if !head.to_lowercase().contains(&format!("proxy-authorization: basic {login}\r\n").to_lowercase()) {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
        return stream.write_all(refusal).await.unwrap();
    }
    let org = head.split(' ').nth(1).unwrap();
    let mut org = TcpStream::connect(org).await.unwrap();
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
    drop(copy_bidirectional(&mut stream, &mut org).await);
}

async fn org() -> Running {
    let emulator = Emulator::open(OrgSettings::default()).unwrap();
    serve(emulator, Listen { tls: true, ..Listen::default() }).await.unwrap()
}

fn trusting(org: &Running) -> HttpSettings {
    let extra_roots = vec![org.ca_pem.clone().unwrap().into_bytes()];
    HttpSettings { extra_roots, ..HttpSettings::default() }
}

async fn ask(transport: &HttpTransport, address: &str) -> Result<(u16, Version), TransportError> {
    let request = Request::get(format!("{address}/api/v1/users/kim@example.com")).body(Bytes::new()).unwrap();
    let answer = transport.send(request).await;
    if let Err(error) = &answer {
        assert!(!error.text.contains("kim") && !error.text.contains("127.0.0.1"), "{error}");
    }
    answer.map(|answer| (answer.status().as_u16(), answer.version()))
}

#[tokio::test]
async fn an_org_behind_a_proxy_is_reached_through_its_tunnel() {
    // kim:secret
    let (org, proxy) = (org().await, Proxy::start("a2ltOnNlY3JldA==").await);
    let transport = HttpTransport::with_proxies(&trusting(&org), Some(proxy.matcher(""))).unwrap();
    for _ in 0..3 {
        assert_eq!(ask(&transport, &org.url).await, Ok(BY_HTTP_2));
    }
    let asked = proxy.asked();
    let [head] = &asked[..] else { panic!("one tunnel is kept: {asked:?}") };
    let authority = org.url.trim_start_matches("https://");
    assert!(head.starts_with(&format!("CONNECT {authority} HTTP/1.1\r\n")), "{head}");
    assert!(head.to_lowercase().contains("user-agent: muster/"), "{head}");
}

#[tokio::test]
async fn a_proxy_that_refuses_has_let_nothing_through() {
    let (org, proxy) = (org().await, Proxy::start("another").await);
    let transport = HttpTransport::with_proxies(&trusting(&org), Some(proxy.matcher(""))).unwrap();
    let error = ask(&transport, &org.url).await.unwrap_err();
    assert_eq!(error.failure, TransportFailure::Connect);
    assert!(error.text.contains("proxy authorization required") && !error.text.contains("secret"), "{error}");
}

#[tokio::test]
async fn who_is_excepted_is_reached_without_the_proxy() {
    let (org, proxy) = (org().await, Proxy::start("another").await);
    let transport = HttpTransport::with_proxies(&trusting(&org), Some(proxy.matcher("127.0.0.1"))).unwrap();
    assert_eq!(ask(&transport, &org.url).await, Ok(BY_HTTP_2));
    assert!(proxy.asked().is_empty());
}

#[tokio::test]
async fn an_authority_that_is_not_known_is_told_from_a_line_that_fails() {
    let org = org().await;
    let transport = HttpTransport::new(&HttpSettings { loopback: true, ..HttpSettings::default() }).unwrap();
    let error = ask(&transport, &org.url).await.unwrap_err();
    assert_eq!(error.failure, TransportFailure::Tls);
    assert!(error.text.contains("invalid peer certificate: UnknownIssuer"), "{error}");
    let plain = org.url.replace("https", "http");
    assert_eq!(ask(&transport, &plain).await.unwrap_err().failure, TransportFailure::Broken);
    // No name has a part of this length, so that nobody is asked for it.
    let nowhere = ask(&transport, &format!("http://{}.invalid", "x".repeat(64))).await.unwrap_err();
    assert!(
        nowhere.failure == TransportFailure::Connect && nowhere.text.contains("dns error"),
        "{nowhere:?}"
    );
    assert_eq!(
        ask(&transport, "ftp://nowhere.invalid").await.unwrap_err().failure,
        TransportFailure::Unsendable
    );
}

#[tokio::test]
async fn a_handshake_without_end_is_given_up_before_the_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let connect_timeout = Duration::from_millis(100);
    let settings = HttpSettings { loopback: true, connect_timeout, ..HttpSettings::default() };
    let error = ask(&HttpTransport::new(&settings).unwrap(), &address).await.unwrap_err();
    assert_eq!((error.failure, error.failure.never_arrived()), (TransportFailure::Connect, true));
    assert!(error.text.contains("no connection in time"), "{error}");
}
