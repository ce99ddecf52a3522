use muster_emulator::{Emulator, Listen, OrgSettings, Running, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn served() -> (Running, String) {
    let emulator = Emulator::open(OrgSettings::default()).expect("an org");
    let running = serve(emulator, Listen::default()).await.expect("a server");
    let host = running.url.trim_start_matches("http://").to_owned();
    (running, host)
}

/// Sends bytes and reads until the server closes.
async fn exchange(host: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(host).await.expect("a connection");
    stream.write_all(bytes).await.expect("sent");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: org.example\r\nAuthorization: SSWS test\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn requests_come_over_the_wire() {
    let (running, host) = served().await;
    let answer = exchange(&host, post("/api/v1/groups", r#"{"profile":{"name":"Sales"}}"#).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\"name\":\"Sales\"") && answer.contains("http://org.example/api/v1/groups/"));
    assert!(answer.contains("x-rate-limit-limit: 250\r\n"), "{answer}");
    let page = "GET /api/v1/groups?limit=1 HTTP/1.1\r\nHost: org.example\r\nAuthorization: SSWS test\r\nConnection: close\r\n\r\n";
    let answer = exchange(&host, page.as_bytes()).await;
    assert_eq!(answer.matches("\r\nlink: <").count(), 2, "{answer}");
    running.shutdown().await.expect("an end");
}

#[tokio::test]
async fn a_write_must_say_how_long_it_is() {
    let (running, host) = served().await;
    let bare = "POST /api/v1/users HTTP/1.1\r\nHost: org.example\r\nConnection: close\r\n\r\n";
    assert!(exchange(&host, bare.as_bytes()).await.starts_with("HTTP/1.1 411"));
    running.shutdown().await.expect("an end");
}

#[tokio::test]
async fn the_server_outlives_bad_clients() {
    let (running, host) = served().await;
    exchange(&host, b"\x00\xff\x13garbage\r\n\r\n").await;
    drop(TcpStream::connect(&host).await.expect("a connection"));
    let mut half = TcpStream::connect(&host).await.expect("a connection");
    half.write_all(b"POST /api/v1/users HTTP/1.1\r\nContent-Length: 10\r\n\r\n{").await.expect("sent");
    drop(half);
    let large = exchange(&host, post("/api/v1/users", &"x".repeat(1_100_000)).as_bytes()).await;
    assert!(large.starts_with("HTTP/1.1 413") && large.contains("E0000002"), "{large}");
    let answer = exchange(&host, post("/api/v1/groups", r#"{"profile":{"name":"Sales"}}"#).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    running.shutdown().await.expect("an end");
}

#[tokio::test]
async fn an_end_lets_running_requests_finish() {
    let latency = std::time::Duration::from_millis(300);
    let emulator = Emulator::open(OrgSettings { latency, ..OrgSettings::default() }).expect("an org");
    let running = serve(emulator.clone(), Listen::default()).await.expect("a server");
    let host = running.url.trim_start_matches("http://").to_owned();
    let request = tokio::spawn(async move {
        exchange(&host, post("/api/v1/groups", r#"{"profile":{"name":"Sales"}}"#).as_bytes()).await
    });
    let running_now = async {
        while emulator.stats().peak_in_flight == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), running_now).await.expect("a running request");
    running.shutdown().await.expect("an end");
    let answer = request.await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn tls_is_served_with_a_certificate_that_its_authority_vouches_for() {
    use std::sync::Arc;

    use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
    use tokio_rustls::{
        TlsConnector,
        rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs::default_provider},
    };

    let emulator = Emulator::open(OrgSettings::default()).expect("an org");
    let running = serve(emulator, Listen { tls: true, ..Listen::default() }).await.expect("a server");
    let host = running.url.trim_start_matches("https://").to_owned();
    let mut roots = RootCertStore::empty();
    let pem = running.ca_pem.clone().expect("an authority");
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")).expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    for name in ["localhost", "127.0.0.1"] {
        let stream = TcpStream::connect(&host).await.expect("a connection");
        let name = ServerName::try_from(name).expect("a name");
        let mut stream = connector.connect(name, stream).await.expect("a handshake");
        let request = "GET /_emulator/stats HTTP/1.1\r\nHost: org.example\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.starts_with(b"HTTP/1.1 200"));
    }
    running.shutdown().await.expect("an end");
}
