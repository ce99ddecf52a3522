//! How big, how fast and how frugal a credential file is.
//!
//! ```text
//! cargo run --release -p muster-legacy --example credential_file -- 1000000
//! ```
//!
//! Makes a file of so many made-up people, opens it, and looks people up. Writing and reading are processes of their
//! own, so that each shows the memory it took.

#![expect(clippy::print_stdout, reason = "a benchmark tells")]

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use muster_core::credential::Settlement;
use muster_core::login::Login;
use muster_core::record::Line;
use muster_core::secret::Secret;
use muster_legacy::truth::{Column, CredentialCells, CredentialFile, CredentialFileWriter, FileKey, Place};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Look-ups that are timed.
const LOOKED_UP: u64 = 100_000;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [part @ ("write" | "read"), count, path] => {
            let (count, path) = (count.parse()?, Path::new(path));
            if *part == "write" { write(count, path) } else { read(count, path) }
        }
        [] => both(1_000_000),
        [count] => both(count.parse()?),
        _ => Err("usage: credential_file [PEOPLE]".into()),
    }
}

fn both(count: u64) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("people.cred");
    for part in ["write", "read"] {
        let mut child = Command::new(std::env::current_exe()?);
        if !child.args([part, &count.to_string()]).arg(&path).status()?.success() {
            return Err(part.into());
        }
    }
    Ok(())
}

fn key() -> Outcome<FileKey> {
    Ok(FileKey::parse(&Secret::new("7a".repeat(32)))?)
}

fn login(number: u64) -> Outcome<Login> {
    Login::parse(&format!("person.{number}@example.com")).ok_or_else(|| "no login".into())
}

/// A SHA-512 crypt is 106 characters long.
fn cells(number: u64) -> CredentialCells {
    let mut cells = CredentialCells::default();
    cells.set(Column::PasswordHash, &format!("$6$saltsaltsaltsalt${number:086}"));
    cells
}

fn write(count: u64, path: &Path) -> Outcome<()> {
    let start = Instant::now();
    let mut writer = CredentialFileWriter::begin(path, &key()?, &Settlement::default())?;
    let source = writer.source("people.csv");
    for number in 0..count {
        writer.add(&login(number)?, &cells(number), Place { source, line: Line(number + 2) })?;
    }
    let written = writer.finish()?;
    println!(
        "write  {} people, {} bytes, {:.2} s, {}",
        written.credentials,
        written.bytes,
        start.elapsed().as_secs_f64(),
        memory()
    );
    Ok(())
}

fn read(count: u64, path: &Path) -> Outcome<()> {
    let start = Instant::now();
    let file = CredentialFile::open(path, &key()?)?;
    let opened = start.elapsed();
    let start = Instant::now();
    for at in 0..LOOKED_UP {
        // Far apart, so that no two look-ups are in one block.
        let number = at.wrapping_mul(7_919_777) % count.max(1);
        if file.find(&login(number)?)?.is_none() {
            return Err(format!("person {number} is not there").into());
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "read   opened in {:.3} ms, {LOOKED_UP} look-ups in {seconds:.2} s: {:.1} µs each, {}",
        opened.as_secs_f64() * 1000.0,
        seconds / 100_000.0 * 1e6,
        memory()
    );
    Ok(())
}

/// The most memory that this process has had; Linux knows.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    format!("memory {}", most.map_or("not known", str::trim))
}
