//! What faults do to real connections. No time is asserted; a test that waits for nothing has its own end.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use muster_emulator::{Emulator, FaultPlan, Listen, OrgSettings, Running, serve};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(30);

async fn served(faults: &[&str], tls: bool) -> (Emulator, Running) {
    let faults = FaultPlan(faults.iter().map(|fault| fault.parse().expect("a fault")).collect());
    let emulator = Emulator::open(OrgSettings { faults, ..OrgSettings::default() }).expect("an org");
    let running = serve(emulator.clone(), Listen { tls, ..Listen::default() }).await.expect("a server");
    (emulator, running)
}

async fn connected(running: &Running) -> TcpStream {
    let host = running.url.split("//").nth(1).expect("a host");
    TcpStream::connect(host).await.expect("a connection")
}

/// A group of a name, over HTTP/1.1: all that arrives, and how it ends.
async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, name: &str) -> (String, io::Result<()>) {
    let body = format!("{{\"profile\":{{\"name\":\"{name}\"}}}}");
    let request = format!(
        "POST /api/v1/groups HTTP/1.1\r\nHost: org.example\r\nAuthorization: SSWS test\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let end = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an end");
    (String::from_utf8_lossy(&answer).into_owned(), end.map(drop))
}

async fn secured(running: &Running, stream: TcpStream) -> tokio_rustls::client::TlsStream<TcpStream> {
    use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
    use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs::default_provider};

    let mut roots = RootCertStore::empty();
    let pem = running.ca_pem.clone().expect("an authority");
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")).expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    connector.connect(ServerName::try_from("localhost").expect("a name"), stream).await.expect("a handshake")
}

#[tokio::test]
async fn a_lost_answer_closes_the_connection_and_the_work_is_done() {
    let (emulator, running) = served(&["lost-answer=first:2"], false).await;
    let (answer, end) = exchange(connected(&running).await, "Sales").await;
    assert_eq!(answer, "");
    assert!(end.is_ok(), "closed, not reset: {end:?}");
    assert_eq!(emulator.stats().groups, 2);
    running.shutdown().await.expect("an end");

    let (emulator, running) = served(&["lost-answer=all"], true).await;
    let stream = secured(&running, connected(&running).await).await;
    assert_eq!(exchange(stream, "Sales").await.0, "");
    assert_eq!(emulator.stats().groups, 2);
    running.shutdown().await.expect("an end");
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    for tls in [false, true] {
        let (emulator, running) = served(&["reset=all"], tls).await;
        let stream = connected(&running).await;
        let (answer, end) = if tls {
            exchange(secured(&running, stream).await, "Sales").await
        } else {
            exchange(stream, "Sales").await
        };
        assert_eq!(answer, "");
        let kind = end.expect_err("no orderly end").kind();
        assert_eq!(kind, io::ErrorKind::ConnectionReset, "tls: {tls}");
        assert_eq!(emulator.stats().groups, 1, "nothing was done");
        running.shutdown().await.expect("an end");
    }
}

#[tokio::test]
async fn a_cut_answer_ends_in_its_midst() {
    let (emulator, running) = served(&["cut=all"], false).await;
    let (answer, _) = exchange(connected(&running).await, "Sales").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    assert!(body.len() < length.parse::<usize>().expect("a number"), "{answer}");
    assert_eq!(emulator.stats().groups, 2);
    running.shutdown().await.expect("an end");
}

#[tokio::test]
async fn a_dripped_answer_comes_whole_in_pieces() {
    let (_, running) = served(&["drip@20000=first:1", "lost-answer=1/2"], false).await;
    let mut stream = connected(&running).await;
    let request = "GET /api/v1/groups HTTP/1.1\r\nHost: org.example\r\nAuthorization: SSWS test\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.expect("in time").expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    assert!(
        head.contains(&format!("content-length: {}", body.len())) && body.contains("Everyone"),
        "{answer}"
    );
    running.shutdown().await.expect("an end");
}

#[tokio::test]
async fn a_hung_request_gets_nothing_and_does_not_keep_the_server_from_its_end() {
    let (emulator, running) = served(&["hang@24m=all"], false).await;
    let stream = connected(&running).await;
    let waiting = tokio::spawn(exchange(stream, "Sales"));
    let done = async {
        while emulator.stats().groups < 2 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, done).await.expect("the work");
    timeout(PATIENCE, running.shutdown()).await.expect("in time").expect("an end");
    assert_eq!(waiting.await.expect("an exchange").0, "");
}

#[tokio::test]
async fn malformed_answers_have_a_right_length() {
    let (_, running) = served(&["malformed=first:1", "lost-answer=1/2"], false).await;
    let (answer, _) = exchange_and_close(connected(&running).await).await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{answer}");
    assert!(serde_json::from_str::<serde_json::Value>(body).is_err(), "{answer}");
    running.shutdown().await.expect("an end");
}

async fn exchange_and_close(mut stream: TcpStream) -> (String, io::Result<usize>) {
    let request = "GET /api/v1/groups HTTP/1.1\r\nHost: org.example\r\nAuthorization: SSWS test\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    let end = timeout(PATIENCE, stream.read_to_string(&mut answer)).await.expect("in time");
    (answer, end)
}

#[tokio::test]
async fn a_client_that_leaves_does_not_undo_its_work() {
    let latency = Duration::from_millis(200);
    let emulator = Emulator::open(OrgSettings { latency, ..OrgSettings::default() }).expect("an org");
    let running = serve(emulator.clone(), Listen::default()).await.expect("a server");
    let stream = connected(&running).await;
    let client = tokio::spawn(exchange(stream, "Sales"));
    let begun = async {
        while emulator.stats().peak_in_flight == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, begun).await.expect("a running request");
    client.abort();
    let done = async {
        while emulator.stats().groups < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, done).await.expect("the work");
    running.shutdown().await.expect("an end");
}

/// Three requests on one HTTP/2 connection, one after the other: what is heard of each.
async fn over_http2(
    running: &Running,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Vec<Result<usize, String>> {
    let io = TokioIo::new(stream);
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.expect("a handshake");
    tokio::spawn(connection);
    let mut heard = Vec::new();
    for name in ["One", "Two", "Three"] {
        let body = format!("{{\"profile\":{{\"name\":\"{name}\"}}}}");
        let request = http::Request::post(format!("{}/api/v1/groups", running.url))
            .header("authorization", "SSWS test")
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .expect("a request");
        let one = async {
            let response = sender.send_request(request).await.map_err(|error| format!("head: {error}"))?;
            let body = response.into_body().collect().await.map_err(|error| format!("body: {error}"))?;
            Ok(body.to_bytes().len())
        };
        heard.push(timeout(PATIENCE, one).await.expect("in time"));
    }
    heard
}

#[tokio::test]
async fn over_http2_a_fault_ends_its_stream_and_the_others_go_on() {
    let (emulator, running) = served(&["lost-answer=first:1", "cut=1/2,max:1"], false).await;
    let heard = over_http2(&running, connected(&running).await).await;
    assert!(heard[0].as_ref().is_err_and(|error| error.starts_with("head")), "{heard:?}");
    assert!(heard[1].as_ref().is_err_and(|error| error.starts_with("body")), "{heard:?}");
    assert!(heard[2].as_ref().is_ok_and(|length| *length > 100), "{heard:?}");
    assert_eq!(emulator.stats().groups, 4);
    running.shutdown().await.expect("an end");
}

#[tokio::test]
async fn over_http2_a_reset_ends_the_connection() {
    for tls in [false, true] {
        let (emulator, running) = served(&["reset=1/2"], tls).await;
        let stream = connected(&running).await;
        let heard = if tls {
            over_http2(&running, secured(&running, stream).await).await
        } else {
            over_http2(&running, stream).await
        };
        assert!(heard[0].is_ok() && heard[1].is_err() && heard[2].is_err(), "tls: {tls}, {heard:?}");
        assert_eq!(emulator.stats().groups, 2);
        running.shutdown().await.expect("an end");
    }
}
