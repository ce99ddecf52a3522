//! An old application that answers, hangs, lies and dies.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;

use super::{ask, place, run, word};

/// Listens for one request after another, and does with each what `answer` says.
fn application(answer: impl Fn(&str) -> Option<String> + Send + 'static) -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (heard, requests) = mpsc::channel();
    std::thread::spawn(move || {
        // Connections without an answer stay open, so that their clients wait.
        let mut hanging = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request = whole_request(&mut stream);
            match answer(&request) {
                Some(text) => drop(stream.write_all(text.as_bytes())),
                None => hanging.push(stream),
            }
            if heard.send(request).is_err() {
                return;
            }
        }
    });
    (port, requests)
}

fn whole_request(stream: &mut std::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.trim().parse().unwrap()) {
                return text;
            }
        }
        match stream.read(&mut buffer).unwrap() {
            0 => return text,
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

fn response(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn table(port: u16) -> String {
    format!(
        r#"kind = "http"
name = "old"
timeout_ms = 500
url = "http://127.0.0.1:{port}/check"
body = '{{"user":"{{login}}","password":"{{password}}"}}'
headers = {{ content-type = "application/json" }}
secret_headers = {{ authorization = "env:TOKEN" }}
right = {{ status = [200], pointer = "/ok", equals = true }}
wrong = {{ status = [200], pointer = "/ok", equals = false }}
nobody = {{ status = [404], contains = "no such user" }}
"#
    )
}

/// The word for what the application's answer is taken for.
fn taken_for(text: Option<String>) -> &'static str {
    let (port, _requests) = application(move |_| text.clone());
    let truth = place(&table(port)).unwrap();
    word(&run(ask(&*truth, "ann@x.y", "pass")))
}

#[test]
fn what_was_described_is_understood() {
    assert_eq!(taken_for(Some(response(200, r#"{"ok":true}"#))), "matches");
    assert_eq!(taken_for(Some(response(200, r#"{"ok":false}"#))), "differs");
    assert_eq!(taken_for(Some(response(404, "no such user"))), "nobody");
}

#[test]
fn everything_else_is_no_answer() {
    let page = "<html>Please sign in: {\"ok\":true}</html>";
    let cut = "HTTP/1.1 200 X\r\ncontent-length: 900\r\nconnection: close\r\n\r\n{\"ok\":true}".to_owned();
    let redirect = "HTTP/1.1 302 X\r\nlocation: /yes\r\ncontent-length: 0\r\n\r\n".to_owned();
    let long = response(200, &format!("{{\"ok\":true,\"x\":\"{}\"}}", "x".repeat(300_000)));
    for (name, text) in [
        ("a page", response(200, page)),
        ("another shape", response(200, r#"{"ok":"true"}"#)),
        ("nothing", response(200, "")),
        ("yes by another status", response(201, r#"{"ok":true}"#)),
        ("not found at all", response(404, "nginx")),
        ("an error that says yes", response(500, r#"{"ok":true}"#)),
        ("busy", response(503, "")),
        ("elsewhere", redirect),
        ("cut short", cut),
        ("endless", long),
        ("no HTTP", "hello\r\n\r\n".to_owned()),
        ("dead", String::new()),
    ] {
        assert_eq!(taken_for(Some(text)), "unavailable", "{name}");
    }
    assert_eq!(taken_for(None), "unavailable", "it hangs");
}

#[test]
fn the_request_is_what_was_described() {
    let (port, requests) = application(|_| Some(response(200, r#"{"ok":true}"#)));
    let truth = place(&table(port)).unwrap();
    assert_eq!(word(&run(ask(&*truth, "a\"nn@x.y", "p\\\"{login}\u{e4}"))), "matches");
    let request = requests.recv().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /check HTTP/1.1"), "{head}");
    assert!(head.to_ascii_lowercase().contains("authorization: secret"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body, serde_json::json!({ "user": "a\"nn@x.y", "password": "p\\\"{login}\u{e4}" }));
}

#[test]
fn basic_authentication_works_too() {
    let (port, requests) = application(|request| {
        // base64 of ann:pass
        let yes = request.contains("Basic YW5uOnBhc3M=");
        Some(response(if yes { 204 } else { 401 }, ""))
    });
    let truth = place(&format!(
        "kind = 'http'\nname = 'old'\nmethod = 'GET'\nurl = 'http://127.0.0.1:{port}/users/{{login}}'\n\
         headers = {{ authorization = 'Basic {{basic}}' }}\n\
         right = {{ status = [204] }}\nwrong = {{ status = [401] }}"
    ))
    .unwrap();
    assert_eq!(word(&run(ask(&*truth, "ann", "pass"))), "matches");
    assert!(requests.recv().unwrap().starts_with("GET /users/ann HTTP/1.1"));
    assert_eq!(word(&run(ask(&*truth, "a/nn", "wrong"))), "differs");
    assert!(requests.recv().unwrap().starts_with("GET /users/a%2Fnn HTTP/1.1"));
    assert_eq!(word(&run(ask(&*truth, "a:nn", "pass"))), "undecided");
}

#[test]
fn an_empty_password_is_never_sent() {
    let (port, requests) = application(|_| Some(response(200, r#"{"ok":true}"#)));
    let truth = place(&table(port)).unwrap();
    assert_eq!(word(&run(ask(&*truth, "ann@x.y", ""))), "differs");
    drop(truth);
    assert!(requests.try_recv().is_err());
}

/// The table with another body and type.
fn told(content_type: &str, body: &str) -> String {
    table(1)
        .replace("application/json", content_type)
        .replace(r#"{"user":"{login}","password":"{password}"}"#, body)
        .replace("/check", "/check?u={login}")
}

#[test]
fn a_password_that_could_be_read_as_more_than_one_is_never_sent() {
    let graphql = r#"{"query":"mutation{login(user:\\"{login}\\",password:\\"{password}\\"){ok}}"}"#;
    for (content_type, body) in [
        ("text/plain", "user={login}&password={password}"),
        ("text/plain", "pass {password}"),
        ("application/json", graphql),
    ] {
        assert!(place(&told(content_type, body)).is_err(), "{body}");
    }
    assert!(place(&told("text/plain", "{password}")).is_ok());
    assert!(place(&told("application/x-www-form-urlencoded", "u={login}&p={password}")).is_ok());
}

#[test]
fn a_password_that_xml_can_not_carry_is_no_outage() {
    let truth = place(&told("text/xml", "<u>{login}</u><p>{password}</p>")).unwrap();
    assert_eq!(word(&run(ask(&*truth, "ann", "pass\u{1}"))), "undecided");
    assert_eq!(word(&run(ask(&*truth, "ann", "pass\t"))), "unavailable", "nobody listens there");
}
