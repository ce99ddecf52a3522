//! Services that stand behind an inline hook: one over HTTPS that keeps every request byte for byte, and one in the
//! same process.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use muster_emulator::{HookAnswer, HookAnswering, HookFailure, HookRequest, HookService};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs::default_provider},
};

/// A service over HTTPS, on loopback.
pub struct HookServer {
    pub uri: String,
    pub ca_pem: String,
    seen: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

/// What a service does with a request.
#[derive(Clone)]
pub enum Doing {
    /// Answers with a status, further headers, and a body.
    Answer(u16, &'static str, String),
    /// Takes the request and goes away.
    Close,
    /// Takes the request and says nothing, until the other side goes away.
    Hold,
}

/// A request as it came.
pub struct Seen {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl HookServer {
    /// A service that does one thing after the other, and the last one from then on.
    pub async fn start(doings: Vec<Doing>) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a configuration");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let uri = format!("https://{}/password", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let task =
            tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), doings, Arc::clone(&seen)));
        Self { uri, ca_pem: made.cert.pem(), seen, task }
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("a list").iter().map(|text| Seen::read(text)).collect()
    }
}

impl Drop for HookServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Seen {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let mut lines = head.split("\r\n");
        let line = lines.next().unwrap_or_default().to_owned();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").expect("a header");
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Self { line, headers: lines.map(header).collect(), body: serde_json::from_str(body).expect("JSON") }
    }

    pub fn header(&self, name: &str) -> Vec<&str> {
        let fits = self.headers.iter().filter(|(given, _)| given == name);
        fits.map(|(_, value)| value.as_str()).collect()
    }
}

async fn serve(listener: TcpListener, tls: TlsAcceptor, doings: Vec<Doing>, seen: Arc<Mutex<Vec<String>>>) {
    let mut doings = doings.into_iter().peekable();
    let mut doing = Doing::Close;
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        if let Some(next) = doings.next() {
            doing = next;
        }
        let _ = attend(stream, &tls, &doing, &seen).await;
    }
}

async fn attend(
    stream: TcpStream,
    tls: &TlsAcceptor,
    doing: &Doing,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut stream = tls.accept(stream).await?;
    let mut bytes = Vec::new();
    while !is_whole(&bytes) {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    }
    seen.lock().expect("a list").push(String::from_utf8(bytes).expect("UTF-8"));
    if matches!(doing, Doing::Hold) {
        while stream.read_buf(&mut Vec::new()).await? > 0 {}
    }
    if let Doing::Answer(status, headers, body) = doing {
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
        stream.shutdown().await?;
    }
    Ok(())
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()).is_none_or(|length: usize| body.len() >= length)
}

/// A service in the same process. It answers one thing after the other, and the last one from then on.
pub struct InProcess {
    answers: Mutex<VecDeque<Result<HookAnswer, HookFailure>>>,
    seen: Mutex<Vec<HookRequest>>,
    /// Every call takes one of these; with none it waits.
    pub gate: Semaphore,
}

impl InProcess {
    pub fn new(answers: Vec<Result<HookAnswer, HookFailure>>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.into()),
            seen: Mutex::default(),
            gate: Semaphore::new(1000),
        })
    }

    /// One that answers nobody until its gate is opened.
    pub fn closed(answers: Vec<Result<HookAnswer, HookFailure>>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.into()),
            seen: Mutex::default(),
            gate: Semaphore::new(0),
        })
    }

    pub fn seen(&self) -> Vec<HookRequest> {
        self.seen.lock().expect("a list").clone()
    }

    /// The bodies of all calls so far.
    pub fn bodies(&self) -> Vec<Value> {
        self.seen().iter().map(|request| serde_json::from_slice(&request.body).expect("JSON")).collect()
    }
}

impl HookService for InProcess {
    fn answer(&self, request: HookRequest) -> HookAnswering<'_> {
        self.seen.lock().expect("a list").push(request);
        Box::pin(async {
            self.gate.acquire().await.expect("a gate").forget();
            let mut answers = self.answers.lock().expect("a list");
            let next = answers.pop_front().expect("an answer");
            if answers.is_empty() {
                answers.push_back(next.clone());
            }
            next
        })
    }
}

/// A status and a body.
#[expect(clippy::unnecessary_wraps, reason = "an answer among failures")]
pub fn says(status: u16, body: impl Into<String>) -> Result<HookAnswer, HookFailure> {
    Ok(HookAnswer { status, body: Bytes::from(body.into()) })
}

/// What a service says of a password.
pub fn command(word: &str) -> String {
    json!({"commands": [{"type": "com.okta.action.update", "value": {"credential": word}}]}).to_string()
}

/// The body that registers a password-import hook.
pub fn registration(uri: &str) -> Value {
    json!({
        "name": "Old passwords",
        "type": "com.okta.user.credential.password.import",
        "version": "1.0.0",
        "channel": {"type": "HTTP", "version": "1.0.0", "config": {
            "uri": uri,
            "method": "POST",
            "headers": [{"key": "X-Other", "value": "other value"}],
            "authScheme": {"type": "HEADER", "key": "Authorization", "value": "shared-secret"},
        }},
    })
}
