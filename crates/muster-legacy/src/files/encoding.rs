//! Which encoding a file has, and how that is known.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::files::error::SourceError;
use crate::files::evidence::Evidence;
use crate::files::guess::guess;

/// How an encoding came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EncodingProof {
    /// The file starts with a byte-order mark.
    Bom,
    /// Every byte of the file is valid UTF-8.
    Valid,
    /// From the look of the bytes; worth a look by a person.
    Guessed,
    /// The caller said so.
    Told,
}

/// The encoding of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DetectedEncoding {
    /// Its name, as the WHATWG Encoding Standard writes it: `UTF-8`, `windows-1252`.
    pub name: &'static str,
    /// How it is known.
    pub how: EncodingProof,
    /// For a guess: the first text of the file that is not ASCII, as this encoding reads it, with its line.
    /// It never comes from a column that is named like a secret.
    pub sample: Option<String>,
    /// The column that the sample comes from, so that it can be dropped where that is no attribute of a profile.
    pub sample_column: Option<String>,
}

impl DetectedEncoding {
    fn new(encoding: &'static Encoding, how: EncodingProof) -> Self {
        Self { name: encoding.name(), how, sample: None, sample_column: None }
    }

    pub(super) fn encoding(&self) -> &'static Encoding {
        Encoding::for_label(self.name.as_bytes()).unwrap_or(UTF_8)
    }

    /// Whether the text of the file goes through the transcoder.
    pub(super) fn is_transcoded(&self) -> bool {
        self.encoding() != UTF_8
    }
}

/// The same as it was stored; its name may be anything.
#[derive(Deserialize)]
struct StoredEncoding {
    name: String,
    how: EncodingProof,
    sample: Option<String>,
    #[serde(default)]
    sample_column: Option<String>,
}

impl<'de> Deserialize<'de> for DetectedEncoding {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let stored = StoredEncoding::deserialize(from)?;
        let encoding = of_label(&stored.name).map_err(de::Error::custom)?;
        Ok(Self {
            name: encoding.name(),
            how: stored.how,
            sample: stored.sample,
            sample_column: stored.sample_column,
        })
    }
}

/// The encoding that the caller names, by any label of the Encoding Standard.
pub(super) fn of_label(label: &str) -> Result<&'static Encoding, SourceError> {
    let unknown = || SourceError::UnknownEncoding { label: label.to_owned() };
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(unknown)
}

/// Decides, from what the caller says and what the file shows. `head` is its first bytes.
pub(super) fn decide(
    told: Option<&str>,
    head: &[u8],
    evidence: &Evidence,
) -> Result<DetectedEncoding, SourceError> {
    let mark = Encoding::for_bom(head).map(|(encoding, _)| encoding);
    if let Some(label) = told {
        // "UTF-16" leaves the order of bytes to the mark.
        let either = label.trim().eq_ignore_ascii_case("utf-16") && mark == Some(UTF_16BE);
        let encoding = if either { UTF_16BE } else { of_label(label)? };
        return Ok(DetectedEncoding::new(encoding, EncodingProof::Told));
    }
    Ok(if let Some(encoding) = mark {
        DetectedEncoding::new(encoding, EncodingProof::Bom)
    } else if let Some(encoding) = by_nuls(evidence) {
        DetectedEncoding::new(encoding, EncodingProof::Guessed)
    } else if evidence.invalid == 0 {
        DetectedEncoding::new(UTF_8, EncodingProof::Valid)
    } else {
        DetectedEncoding::new(guess(evidence), EncodingProof::Guessed)
    })
}

/// In UTF-16, each ASCII character (a delimiter, a digit, a line end) has a NUL on one side, always the
/// same.
pub(super) fn by_nuls(evidence: &Evidence) -> Option<&'static Encoding> {
    let [even, odd] = evidence.nuls;
    let many = |nuls: u64| nuls > 0 && nuls.saturating_mul(20) >= evidence.bytes;
    if many(odd) && even.saturating_mul(20) <= odd {
        Some(UTF_16LE)
    } else if many(even) && odd.saturating_mul(20) <= even {
        Some(UTF_16BE)
    } else {
        None
    }
}
