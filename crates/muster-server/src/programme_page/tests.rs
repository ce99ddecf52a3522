//! The page over a socket, as a browser asks for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Feed, ProgrammePage};

struct Served {
    address: String,
    task: tokio::task::JoinHandle<()>,
}

impl Served {
    async fn with(feed: Feed) -> Self {
        let page = ProgrammePage::open("127.0.0.1:0".parse().unwrap(), feed).await.unwrap();
        let address = page.url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { address, task: tokio::spawn(page.serve()) }
    }

    async fn ask(&self, method: &str, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn get(&self, path: &str) -> String {
        self.ask("GET", path, &self.address).await
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn counting() -> (Feed, Arc<AtomicUsize>) {
    let made = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&made);
    let feed = Feed::new(move || {
        let number = counted.fetch_add(1, Ordering::Relaxed) + 1;
        async move { Ok::<_, String>(json!({ "come_over": number })) }
    });
    (feed, made)
}

#[tokio::test]
async fn the_page_brings_all_that_it_needs() {
    let served = Served::with(counting().0).await;
    let page = served.get("/").await;
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("default-src 'none'"), "{page}");
    assert!(!page.contains("unsafe-inline"), "{page}");
    for (path, kind) in [("/page.css", "text/css"), ("/page.js", "text/javascript")] {
        assert!(page.contains(path), "{path}");
        let part = served.get(path).await;
        assert!(part.starts_with("HTTP/1.1 200") && part.contains(kind), "{part}");
    }
}

#[test]
fn nothing_comes_from_elsewhere() {
    let texts = [include_str!("page.html"), include_str!("page.css"), include_str!("page.js")];
    for text in texts {
        let text = text.replace("http://www.w3.org/2000/svg", "");
        for bad in ["http:", "https:", "//cdn", "@import", "innerHTML", "style=\"", "onclick", "eval("] {
            assert!(!text.contains(bad), "{bad}");
        }
    }
}

#[tokio::test]
async fn the_numbers_are_made_once_for_all_who_look() {
    let (feed, made) = counting();
    let served = Served::with(feed).await;
    for _ in 0..3 {
        let numbers = served.get("/programme.json").await;
        assert!(numbers.ends_with(r#"{"come_over":1}"#), "{numbers}");
    }
    assert_eq!(made.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn old_numbers_are_made_anew() {
    let (feed, made) = counting();
    feed.numbers().await.unwrap();
    tokio::time::advance(std::time::Duration::from_secs(6)).await;
    assert_eq!(feed.numbers().await.unwrap(), r#"{"come_over":2}"#);
    assert_eq!(made.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn what_went_wrong_is_told() {
    let feed = Feed::new(|| async { Err::<(), _>("the org does not answer".to_owned()) });
    let answer = Served::with(feed).await.get("/programme.json").await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("the org does not answer"), "{answer}");
}

#[tokio::test]
async fn only_this_machine_and_only_questions() {
    let (feed, made) = counting();
    let served = Served::with(feed).await;
    for host in ["evil.example", "evil.example:9465", "127.0.0.1.evil.example"] {
        let answer = served.ask("GET", "/programme.json", host).await;
        assert!(answer.starts_with("HTTP/1.1 421"), "{host}: {answer}");
    }
    for host in ["localhost:9465", "127.0.0.1", "[::1]:9465"] {
        assert!(served.ask("GET", "/", host).await.starts_with("HTTP/1.1 200"), "{host}");
    }
    assert!(served.ask("POST", "/", "localhost").await.starts_with("HTTP/1.1 405"));
    assert!(served.get("/nowhere").await.starts_with("HTTP/1.1 404"));
    assert_eq!(made.load(Ordering::Relaxed), 0);
}
