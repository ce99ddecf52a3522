//! What the bytes of a whole file say about its encoding, gathered in one pass and in little memory.

/// How many bytes of words with accents are kept for the guess.
const WORDS_CAP: usize = 64 * 1024;

/// A word longer than this is no word.
const WORD_CAP: usize = 256;

/// Counts over all bytes, and the first words that are not ASCII.
#[derive(Default)]
pub(super) struct Evidence {
    /// How many bytes there are.
    pub(super) bytes: u64,
    /// How often NUL stands at an even and at an odd position.
    pub(super) nuls: [u64; 2],
    /// Control characters that no text has.
    pub(super) controls: u64,
    /// Characters of more than one byte that are valid UTF-8.
    pub(super) valid: u64,
    /// Places that are not valid UTF-8.
    pub(super) invalid: u64,
    /// Whether anything but white space and NUL was seen.
    pub(super) written: bool,
    /// Words that are not ASCII, with a space after each.
    pub(super) words: Vec<u8>,
    word: Vec<u8>,
    tail: Vec<u8>,
}

impl Evidence {
    /// Takes the next bytes of the file.
    pub(super) fn feed(&mut self, chunk: &[u8]) {
        self.count_controls(chunk);
        self.written |= chunk.iter().any(|byte| !byte.is_ascii_whitespace() && *byte != 0);
        self.collect_words(chunk);
        if self.tail.is_empty() {
            self.check_utf8(chunk);
        } else {
            let mut joined = std::mem::take(&mut self.tail);
            joined.extend_from_slice(chunk);
            self.check_utf8(&joined);
        }
        self.bytes += chunk.len() as u64;
    }

    /// There are no more bytes.
    pub(super) fn finish(&mut self) {
        self.end_word();
        self.invalid += u64::from(!self.tail.is_empty());
    }

    fn count_controls(&mut self, chunk: &[u8]) {
        let controls = chunk.iter().filter(|byte| matches!(byte, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F)).count();
        if controls == 0 {
            return;
        }
        for (at, _) in chunk.iter().enumerate().filter(|(_, byte)| **byte == 0) {
            let [even, odd] = &mut self.nuls;
            *if (self.bytes + at as u64).is_multiple_of(2) { even } else { odd } += 1;
        }
        self.controls += controls as u64;
    }

    fn check_utf8(&mut self, mut bytes: &[u8]) {
        loop {
            let (valid, error) = match std::str::from_utf8(bytes) {
                Ok(text) => (text, None),
                Err(error) => (valid_part(bytes, error.valid_up_to()), Some(error)),
            };
            if !valid.is_ascii() {
                self.valid += valid.bytes().filter(|byte| *byte >= 0xC0).count() as u64;
            }
            let Some(error) = error else { return };
            let rest = bytes.get(error.valid_up_to()..).unwrap_or_default();
            let Some(length) = error.error_len() else {
                rest.clone_into(&mut self.tail);
                return;
            };
            self.invalid += 1;
            bytes = rest.get(length..).unwrap_or_default();
        }
    }

    fn collect_words(&mut self, chunk: &[u8]) {
        let full = self.words.len() >= WORDS_CAP;
        if full || (chunk.is_ascii() && self.word.is_ascii()) {
            self.word.clear();
            return;
        }
        for &byte in chunk {
            // No encoding has these as the second byte of a character.
            if byte < 0x30 || byte == b';' {
                self.end_word();
            } else if self.word.len() < WORD_CAP {
                self.word.push(byte);
            }
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_ascii() && self.words.len() < WORDS_CAP {
            self.words.append(&mut self.word);
            self.words.push(b' ');
        }
        self.word.clear();
    }
}

fn valid_part(bytes: &[u8], length: usize) -> &str {
    bytes.get(..length).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(chunks: &[&[u8]]) -> Evidence {
        let mut evidence = Evidence::default();
        for chunk in chunks {
            evidence.feed(chunk);
        }
        evidence.finish();
        evidence
    }

    #[test]
    fn a_character_may_be_cut_between_chunks() {
        let evidence = of(&[b"M\xC3", b"\xBCller \xE2", b"\x82", b"\xAC"]);
        assert_eq!((evidence.valid, evidence.invalid), (2, 0));
    }

    #[test]
    fn a_character_that_never_ends_is_invalid() {
        assert_eq!(of(&[b"M\xC3"]).invalid, 1);
    }

    #[test]
    fn words_are_cut_at_delimiters_only() {
        assert_eq!(of(&[b"a,M\xFC", b"ller;b\nJos\xE9"]).words, b"M\xFCller Jos\xE9 ");
    }

    #[test]
    fn nuls_are_counted_by_parity() {
        assert_eq!(of(&[b"a\0b", b"\0c\0"]).nuls, [0, 3]);
    }
}
