//! A server that hears requests and answers them to the byte as it was told.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use muster_core::secret::Secret;
use muster_okta::http::{HttpSettings, HttpTransport};
use muster_okta::{Authorization, Okta};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The token of all tests.
pub const TOKEN: &str = "00aVerySecretToken";

/// What the server does with a request.
#[derive(Clone)]
pub enum Reply {
    /// Sends this and waits for the next request.
    Whole(Vec<u8>),
    /// Sends this and closes the connection.
    ThenClose(Vec<u8>),
    /// Sends this and nothing more, with the connection open.
    ThenSilence(Vec<u8>),
    /// Resets the connection.
    Reset,
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Method, target and version.
    pub line: String,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Heard {
    /// The values of this header.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }
}

#[derive(Default)]
struct Log {
    connections: usize,
    heard: Vec<Heard>,
}

/// The server.
pub struct Server {
    address: String,
    log: Arc<Mutex<Log>>,
}

impl Server {
    /// Answers every request so.
    pub async fn start(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Log::default()));
        tokio::spawn(accept(listener, reply, log.clone()));
        Self { address, log }
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).connections
    }

    /// Requests so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).heard.clone()
    }

    /// The only request so far.
    pub fn only(&self) -> Heard {
        let mut heard = self.heard();
        assert_eq!(heard.len(), 1, "{heard:?}");
        heard.remove(0)
    }

    /// A client of it.
    pub fn okta(&self) -> Okta {
        okta(&self.address)
    }
}

/// A client of the org at this address, which waits half a second at most.
pub fn okta(address: &str) -> Okta {
    // Another test may have been first.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let timeout = Duration::from_millis(500);
    let settings = HttpSettings { timeout, loopback: true, ..HttpSettings::default() };
    let transport = HttpTransport::new(&settings).unwrap();
    let token = Authorization::ApiToken(Secret::new(TOKEN));
    Okta::new(Arc::new(transport), address.parse().unwrap(), &token).unwrap()
}

/// An answer with these headers, and the length of its body.
pub fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len()).into_bytes();
    for header in headers {
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// A good answer with a JSON body.
pub fn good(body: &str) -> Reply {
    Reply::Whole(answer("200 OK", &["Content-Type: application/json"], body.as_bytes()))
}

async fn accept(listener: TcpListener, reply: Reply, log: Arc<Mutex<Log>>) {
    while let Ok((stream, _)) = listener.accept().await {
        log.lock().unwrap_or_else(PoisonError::into_inner).connections += 1;
        tokio::spawn(serve(stream, reply.clone(), log.clone()));
    }
}

async fn serve(mut stream: TcpStream, reply: Reply, log: Arc<Mutex<Log>>) {
    while let Some(heard) = hear(&mut stream).await {
        log.lock().unwrap_or_else(PoisonError::into_inner).heard.push(heard);
        match &reply {
            Reply::Whole(bytes) => stream.write_all(bytes).await.unwrap_or_default(),
            Reply::ThenClose(bytes) => return stream.write_all(bytes).await.unwrap_or_default(),
            Reply::ThenSilence(bytes) => {
                stream.write_all(bytes).await.unwrap_or_default();
                return std::future::pending().await;
            }
            Reply::Reset => return stream.set_zero_linger().unwrap(),
        }
    }
}

/// The next request of a connection; none when it was closed.
async fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let mut heard = parsed(std::str::from_utf8(&bytes[..end]).unwrap());
    let length: usize = heard.header("content-length").first().map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    heard.body = String::from_utf8(bytes[end + 4..].to_vec()).unwrap();
    Some(heard)
}

fn parsed(head: &str) -> Heard {
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Heard { line, headers: headers.collect(), body: String::new() }
}
