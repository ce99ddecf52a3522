//! Reading the hook's audit files: whose password was right or wrong, and the hook's own numbers.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use muster_core::hook_call::{HookCall, HookResult};
use muster_core::login::Login;
use muster_core::programme::AuditTally;
use muster_ledger::Sighting;

use super::Programme;
use crate::error::EngineError;

/// Sightings that are entered at a time.
const PAGE: usize = 1000;
/// No line of the hook is nearly as long.
const LONGEST_LINE: u64 = 1 << 16;

/// What the audit files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audits {
    /// The numbers.
    pub tally: AuditTally,
    /// Lines that say nothing that could be understood.
    pub faulty_lines: u64,
    /// The files.
    pub files: Vec<String>,
}

impl Programme {
    /// Reads the files whole, and enters whom the hook has seen. The same file again changes nothing in the books.
    pub async fn read_audits(&self, files: &[PathBuf]) -> Result<Audits, EngineError> {
        let mut audits = Audits::default();
        for path in files {
            self.read_audit(path, &mut audits).await?;
            audits.files.push(path.display().to_string());
        }
        if !files.is_empty() {
            self.ledger.recognise().await?;
        }
        Ok(audits)
    }

    async fn read_audit(&self, path: &Path, audits: &mut Audits) -> Result<(), EngineError> {
        let failed = |error: std::io::Error| EngineError::Input {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        let mut reader = BufReader::new(File::open(path).map_err(failed)?);
        let (mut line, mut seen) = (Vec::new(), Vec::with_capacity(PAGE));
        loop {
            line.clear();
            let bytes = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(failed)?;
            if bytes == 0 {
                break;
            }
            match serde_json::from_slice::<HookCall>(&line) {
                Ok(call) if call.is_trial() => {}
                Ok(call) => {
                    audits.tally.add(&call);
                    seen.extend(sighting(&call));
                }
                Err(_) if line.trim_ascii().is_empty() => {}
                Err(_) => audits.faulty_lines += 1,
            }
            if seen.len() == PAGE {
                self.ledger.sighted(std::mem::take(&mut seen)).await?;
            }
        }
        self.ledger.sighted(seen).await?;
        Ok(())
    }
}

/// In shadow mode Okta was told nothing, so that a right password has not been stored.
fn sighting(call: &HookCall) -> Option<Sighting> {
    let login = Login::parse(&call.user)?.fingerprint();
    match call.result {
        HookResult::Verified if !call.shadow => {
            Some(Sighting { login, verified_at: Some(call.at), wrong_at: None })
        }
        HookResult::WrongPassword => Some(Sighting { login, verified_at: None, wrong_at: Some(call.at) }),
        _ => None,
    }
}
