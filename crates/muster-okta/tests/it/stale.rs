//! Connections that were kept, and that the other end closes just before the next request.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};

use muster_okta::{CallError, TransportFailure};

use crate::server::{answer, okta};

/// Answers one request per connection and closes it, each when told to; says that it has, and what it heard of all.
struct Closer {
    address: String,
    close: Sender<()>,
    closed: Receiver<()>,
    heard: Receiver<()>,
}

fn closer() -> Closer {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (close, told) = channel();
    let (say_closed, closed) = channel();
    let (report, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            if stream.read(&mut request).unwrap_or_default() == 0 {
                continue;
            }
            report.send(()).unwrap_or_default();
            stream.write_all(&answer("200 OK", &[], b"[]")).unwrap_or_default();
            told.recv().unwrap_or_default();
            drop(stream);
            say_closed.send(()).unwrap_or_default();
        }
    });
    Closer { address, close, closed, heard }
}

#[tokio::test]
async fn a_connection_closed_before_the_next_request_repeats_nothing_and_hides_nothing() {
    // How often this side looks at its connections between the close and the request is left to it otherwise.
    for looks in 0..12 {
        let server = closer();
        let okta = okta(&server.address);
        assert!(okta.list_groups(None).await.result.is_ok());
        server.close.send(()).unwrap();
        // The thread is held, so that nobody has seen the close yet.
        server.closed.recv().unwrap();
        for _ in 0..looks {
            tokio::task::yield_now().await;
        }
        let second = okta.list_groups(None).await;
        let heard = server.heard.try_iter().count();
        match second.result {
            Ok(_) => assert_eq!(heard, 2),
            Err(CallError::Transport(error)) => {
                let fits = matches!(error.failure, TransportFailure::Connect | TransportFailure::Broken);
                assert!(fits && heard == 1, "{error:?}");
            }
            Err(error) => panic!("{error}"),
        }
        // Dropping the last sender lets the thread of a second connection go on.
        drop(server.close);
    }
}
