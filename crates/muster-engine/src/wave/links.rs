//! Activation links, for who sends them by other ways than Okta's mail.
//!
//! Whoever has a link can set the password: the file is readable for its owner only. A line is on the disk before
//! its row is called done. After a lost answer a person may have two lines, the last of which holds.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::EngineError;
use crate::report::guarded;

const HEADER: [&[u8]; 3] = [b"login", b"okta_id", b"activation_url"];

/// A file of links, which is added to.
#[derive(Debug)]
pub struct LinksFile {
    path: PathBuf,
    file: Mutex<File>,
}

impl LinksFile {
    /// Opens the file, or makes it with its header.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        let failed = |error: std::io::Error| failed(path, &error);
        let mut options = OpenOptions::new();
        options.create(true).append(true).read(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        // The file may have been there before, and readable for others.
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(failed)?;
        let begin = match file.metadata().map_err(failed)?.len() {
            0 => line(HEADER),
            _ if ends_within_a_line(&mut file).map_err(failed)? => b"\n".to_vec(),
            _ => Vec::new(),
        };
        file.write_all(&begin).and_then(|()| file.sync_data()).map_err(failed)?;
        Ok(Self { path: path.to_owned(), file: Mutex::new(file) })
    }

    /// Adds a link. Once this returns, it is on the disk.
    pub fn append(&self, login: &str, okta_id: &str, url: &str) -> Result<(), EngineError> {
        let cells = [login, okta_id, url].map(|cell| guarded(cell.as_bytes()));
        let line = line([&cells[0], &cells[1], &cells[2]]);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&line).and_then(|()| file.sync_data()).map_err(|error| failed(&self.path, &error))
    }
}

/// A power cut may have left half a line.
fn ends_within_a_line(file: &mut File) -> std::io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn line(cells: [&[u8]; 3]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Memory takes whatever is written.
    drop(writer.write_record(cells));
    writer.into_inner().unwrap_or_default()
}

fn failed(path: &Path, error: &std::io::Error) -> EngineError {
    EngineError::Output { path: path.display().to_string(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_there_is_its_owners_alone_from_now_on() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("links.csv");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        LinksFile::open(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_torn_line_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("links.csv");
        LinksFile::open(&path).unwrap().append("kim@example.com", "00u1", "https://o/tokens/1").unwrap();
        let mut torn = OpenOptions::new().append(true).open(&path).unwrap();
        torn.write_all(b"ada@example.com,00").unwrap();
        LinksFile::open(&path).unwrap().append("ada@example.com", "00u2", "https://o/tokens/2").unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "login,okta_id,activation_url\nkim@example.com,00u1,https://o/tokens/1\nada@example.com,00\n\
             ada@example.com,00u2,https://o/tokens/2\n"
        );
    }
}
