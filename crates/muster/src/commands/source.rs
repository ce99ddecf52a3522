//! Opening what the people are in, and the places that are needed for it.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use muster_engine::report::RunFiles;
use muster_legacy::files::{Format, Source, SourceOptions};

use super::run::make_folder;
use crate::args::{FormatArg, ReadingArgs};
use crate::error::Problem;
use crate::signals;

/// Whether the source is standard input.
fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Opens a source; standard input is put down at `spool` first. Ctrl-C ends the wait for it.
pub async fn open_source(path: &Path, spool: &Path, args: &ReadingArgs) -> Result<Source, Problem> {
    let options = options(args);
    if !is_stdin(path) {
        return Ok(Source::open(path, &options)?);
    }
    let (sender, opened) = tokio::sync::oneshot::channel();
    let place = spool.to_owned();
    // A thread of its own: one that waits for input can't be called back, and must not hold up the end.
    std::thread::spawn(move || drop(sender.send(Source::spool(std::io::stdin().lock(), &place, &options))));
    tokio::select! {
        opened = opened => match opened {
            Ok(source) => Ok(source?),
            Err(_) => Err(Problem::could_not_run("standard input could not be read")),
        },
        () = signals::wait() => Err(Problem::could_not_run("stopped while reading standard input; nothing was written to the org")),
    }
}

fn options(args: &ReadingArgs) -> SourceOptions {
    let format = args.format.map(|format| match format {
        FormatArg::Csv => Format::Csv,
        FormatArg::Ndjson => Format::Ndjson,
    });
    SourceOptions { format, encoding: args.encoding.clone(), delimiter: args.delimiter }
}

/// Stands in the folder of a run until the run is in the books.
const PLANNING: &str = "planning";

/// The folder of a run that may still come to nothing: then it goes, with what was put down in it.
pub struct RunFolder {
    files: RunFiles,
    keep: bool,
}

impl RunFolder {
    /// Makes the folder.
    pub fn make(folder: PathBuf) -> Result<Self, Problem> {
        make_folder(&folder)?;
        std::fs::write(folder.join(PLANNING), "")?;
        Ok(Self { files: RunFiles::new(folder), keep: false })
    }

    /// What is, or will be, in it.
    pub fn files(&self) -> &RunFiles {
        &self.files
    }

    /// The run is in the books.
    pub fn keep(mut self) -> Result<RunFiles, Problem> {
        self.keep = true;
        std::fs::remove_file(self.files.folder().join(PLANNING))?;
        Ok(self.files.clone())
    }

    /// Whether this is the folder of a run that never got past planning.
    pub fn is_of_a_plan(folder: &Path) -> bool {
        folder.join(PLANNING).exists()
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if !self.keep {
            // What can't be removed is found and removed by a later import.
            drop(std::fs::remove_dir_all(self.files.folder()));
        }
    }
}

/// A place for standard input while a plan is made; gone afterwards.
pub struct Spool {
    /// Where.
    pub path: PathBuf,
}

impl Spool {
    /// A place among the temporary files.
    pub fn temporary() -> Self {
        Self { path: std::env::temp_dir().join(format!("muster-plan-{}-{}", std::process::id(), new_id())) }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // It is there only when the source was standard input.
        drop(std::fs::remove_file(&self.path));
    }
}

/// An id that sorts by day and that people can say: the date and five letters.
pub fn new_id() -> String {
    const LETTERS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let now = Timestamp::now();
    let mut seed = u64::from(now.subsec_nanosecond().unsigned_abs())
        ^ (u64::from(std::process::id()) << 32)
        ^ now.as_millisecond().unsigned_abs();
    let mut letters = String::new();
    for _ in 0..5 {
        letters.push(char::from(LETTERS[usize::try_from(seed % 31).unwrap_or(0)]));
        seed /= 31;
    }
    format!("{}-{letters}", now.strftime("%Y%m%d"))
}
