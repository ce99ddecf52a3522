//! The audit file: one line of JSON for each call that was judged, written by a thread of its own so that a slow
//! disk never holds up an answer.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use muster_core::hook_call::HookCall;

use crate::error::ServerError;

/// So many lines wait for the disk; beyond that they are lost, and counted.
const MOST: usize = 65_536;
/// A line is on its way to the disk after so long.
const FLUSH_AFTER: Duration = Duration::from_millis(200);

/// Where the lines go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditPlace {
    /// To a file, which only its owner may read.
    File(PathBuf),
    /// To standard output.
    StandardOutput,
}

enum Message {
    Line(Box<HookCall>),
    Reopen,
}

/// The audit file. It is whole when this is dropped.
pub struct Audit {
    sender: Option<SyncSender<Message>>,
    thread: Option<JoinHandle<()>>,
}

impl Audit {
    /// Opens the file and starts the thread. Without a place nothing is written.
    pub fn start(place: Option<AuditPlace>) -> Result<Self, ServerError> {
        let Some(place) = place else { return Ok(Self { sender: None, thread: None }) };
        let writer = Writer::open(place)?;
        let (sender, receiver) = sync_channel(MOST);
        let thread = thread::Builder::new().name("audit".to_owned());
        let thread = thread.spawn(move || writer.write_all(&receiver)).map_err(ServerError::Thread)?;
        Ok(Self { sender: Some(sender), thread: Some(thread) })
    }

    /// Writes a call down. False if it is lost.
    pub fn note(&self, call: HookCall) -> bool {
        let line = Message::Line(Box::new(call));
        self.sender.as_ref().is_none_or(|sender| sender.try_send(line).is_ok())
    }

    /// Opens the file anew: it was moved away.
    pub fn reopen(&self) {
        if let Some(sender) = &self.sender {
            // A full queue is busy writing; whoever moves files asks again tomorrow.
            drop(sender.try_send(Message::Reopen));
        }
    }
}

impl Drop for Audit {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

struct Writer {
    place: AuditPlace,
    out: BufWriter<Box<dyn Write + Send>>,
}

impl Writer {
    fn open(place: AuditPlace) -> Result<Self, ServerError> {
        let out = BufWriter::new(opened(&place)?);
        Ok(Self { place, out })
    }

    fn write_all(mut self, messages: &Receiver<Message>) {
        let mut is_dirty = false;
        loop {
            let message = if is_dirty {
                messages.recv_timeout(FLUSH_AFTER)
            } else {
                messages.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match message {
                Ok(Message::Line(call)) => {
                    is_dirty = true;
                    self.tell(|out| write_line(out, &call));
                }
                Ok(Message::Reopen) => self.reopen(),
                Err(RecvTimeoutError::Timeout) => {
                    is_dirty = false;
                    self.tell(Write::flush);
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.tell(Write::flush);
    }

    fn reopen(&mut self) {
        self.tell(Write::flush);
        match opened(&self.place) {
            Ok(out) => self.out = BufWriter::new(out),
            Err(error) => tracing::error!("the audit file stays the old one: {error}"),
        }
    }

    fn tell(&mut self, write: impl FnOnce(&mut BufWriter<Box<dyn Write + Send>>) -> io::Result<()>) {
        if let Err(error) = write(&mut self.out) {
            tracing::error!("the audit file can't be written: {error}");
        }
    }
}

fn write_line(out: &mut impl Write, call: &HookCall) -> io::Result<()> {
    serde_json::to_writer(&mut *out, call)?;
    out.write_all(b"\n")
}

fn opened(place: &AuditPlace) -> Result<Box<dyn Write + Send>, ServerError> {
    match place {
        AuditPlace::StandardOutput => Ok(Box::new(io::stdout())),
        AuditPlace::File(path) => match append_to(path) {
            Ok(file) => Ok(Box::new(file)),
            Err(source) => Err(ServerError::File { path: path.clone(), doing: "written", source }),
        },
    }
}

#[cfg(unix)]
fn append_to(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}
