//! A password hook on this machine, honest or not, with TLS or without.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};

/// The secret that the server knows.
pub const SECRET: &str = "shared-secret-0123456789";
/// Somebody whom it knows.
pub const LOGIN: &str = "kim@example.com";
pub const PASSWORD: &str = "Tr0ub4dor&3";

/// What the server is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Character {
    Honest,
    /// Asks nobody for the secret.
    Open,
    /// Says yes to everybody who has the secret.
    Gullible,
    /// Says no to everybody.
    Shadow,
    Answers(u16, &'static str, &'static str),
    /// Takes the question and says nothing.
    Hangs,
}

/// How the connection is made safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    Plain,
    Tls,
    Expired,
}

pub struct HookServer {
    pub uri: String,
    pub ca_pem: String,
    pub calls: Arc<AtomicUsize>,
    bodies: Arc<Mutex<Vec<Value>>>,
}

impl HookServer {
    pub fn plain(character: Character) -> Self {
        Self::start(character, Safety::Plain)
    }

    pub fn start(character: Character, safety: Safety) -> Self {
        let (config, ca_pem) = tls(safety).unzip();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let scheme = if config.is_some() { "https" } else { "http" };
        let uri = format!("{scheme}://{}/okta/password-import", listener.local_addr().unwrap());
        let calls = Arc::new(AtomicUsize::new(0));
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let (counted, kept) = (calls.clone(), bodies.clone());
        // It ends with the process of the test.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (config, counted, kept) = (config.clone(), counted.clone(), kept.clone());
                std::thread::spawn(move || accept(stream, config, character, &counted, &kept));
            }
        });
        Self { uri, ca_pem: ca_pem.unwrap_or_default(), calls, bodies }
    }

    /// All questions so far.
    pub fn questions(&self) -> Vec<Value> {
        self.bodies.lock().unwrap().clone()
    }
}

fn accept(
    stream: TcpStream,
    config: Option<Arc<ServerConfig>>,
    character: Character,
    calls: &AtomicUsize,
    bodies: &Mutex<Vec<Value>>,
) {
    match config {
        None => attend(stream, character, calls, bodies),
        Some(config) => {
            let connection = ServerConnection::new(config).unwrap();
            attend(StreamOwned::new(connection, stream), character, calls, bodies);
        }
    }
}

fn attend(
    mut stream: impl Read + Write,
    character: Character,
    calls: &AtomicUsize,
    bodies: &Mutex<Vec<Value>>,
) {
    // Who only looks at the certificate asks nothing.
    let Some((head, body)) = request(&mut stream) else { return };
    calls.fetch_add(1, Ordering::Relaxed);
    bodies.lock().unwrap().push(body.clone());
    let trusted = head.to_ascii_lowercase().contains(&format!("authorization: {SECRET}"));
    let credential = &body["data"]["context"]["credential"];
    let right = credential["username"] == LOGIN && credential["password"] == PASSWORD;
    let (status, headers, body) = match character {
        Character::Answers(status, headers, body) => (status, headers, body.to_owned()),
        Character::Hangs => return while stream.read(&mut [0; 64]).is_ok_and(|read| read > 0) {},
        Character::Open => (200, "", word(right)),
        _ if !trusted => (401, "", String::new()),
        Character::Honest => (200, "", word(right)),
        Character::Gullible => (200, "", word(true)),
        Character::Shadow => (200, "", word(false)),
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    // Who has gone away reads nothing.
    drop(stream.write_all(answer.as_bytes()).and_then(|()| stream.flush()));
}

fn request(stream: &mut impl Read) -> Option<(String, Value)> {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && let Ok(body) = serde_json::from_str(body)
        {
            return Some((head.to_owned(), body));
        }
    }
}

fn word(yes: bool) -> String {
    let word = if yes { "VERIFIED" } else { "UNVERIFIED" };
    json!({"commands": [{"type": "com.okta.action.update", "value": {"credential": word}}]}).to_string()
}

/// A certificate for this machine, and the authority that signed it.
fn tls(safety: Safety) -> Option<(Arc<ServerConfig>, String)> {
    if safety == Safety::Plain {
        return None;
    }
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let ca_pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let mut leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    if safety == Safety::Expired {
        (leaf.not_before, leaf.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    }
    let key = KeyPair::generate().unwrap();
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    Some((Arc::new(config), ca_pem))
}
