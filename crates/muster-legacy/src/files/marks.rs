//! Bytes that are not valid in the encoding of a file, carried through to the cell they stand in.
//!
//! The content stream is UTF-8. What the file has wrong is not replaced in it, but stays recognisable: a file
//! in UTF-8 keeps its bad bytes as they are; for any other encoding the transcoder writes each bad byte as an
//! [`escape`] that no UTF-8 text can have. Here both are turned back into text and the bytes at fault.

/// Inside of this module and of a JSON text that is being parsed, a bad byte is a character of the last
/// private plane.
const PLANE: u32 = 0x0010_FF00;

/// The two bytes that stand for one bad byte in a transcoded stream; the first never occurs in UTF-8.
pub(super) fn escape(byte: u8) -> [u8; 2] {
    [0xF8 | (byte >> 6), 0x80 | (byte & 0x3F)]
}

/// Text in which bad bytes are marked.
#[derive(Debug)]
pub(super) struct Broken {
    text: String,
}

/// The text as it is, or with its bad bytes marked. `escaped` says whether a transcoder wrote it.
pub(super) fn decode(bytes: &[u8], escaped: bool) -> Result<&str, Broken> {
    std::str::from_utf8(bytes).map_err(|_| Broken { text: mark(bytes, escaped) })
}

fn mark(bytes: &[u8], escaped: bool) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    let mut high = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for &byte in chunk.invalid() {
            match byte {
                0xF8..=0xFB if escaped => high = byte << 6,
                _ if escaped => text.extend(mark_of(high | (byte & 0x3F))),
                _ => text.extend(mark_of(byte)),
            }
        }
    }
    text
}

fn mark_of(byte: u8) -> Option<char> {
    char::from_u32(PLANE + u32::from(byte))
}

fn byte_of(character: char) -> Option<u8> {
    u8::try_from(u32::from(character).checked_sub(PLANE)?).ok()
}

/// The first bad byte of a text with marks, and at which character it stands, counted from 1.
pub(super) fn first_mark(text: &str) -> Option<(usize, u8)> {
    text.chars().enumerate().find_map(|(index, character)| Some((index + 1, byte_of(character)?)))
}

/// The bytes of a text with marks, each mark as the byte it stands for.
pub(super) fn restore(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match byte_of(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

impl Broken {
    /// The text with its marks, for a parser to go over.
    pub(super) fn into_marked(self) -> String {
        self.text
    }

    /// See [`first_mark`].
    pub(super) fn first(&self) -> (usize, u8) {
        first_mark(&self.text).unwrap_or((1, 0))
    }

    /// See [`restore`].
    pub(super) fn bytes(&self) -> Vec<u8> {
        restore(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_byte_comes_back_raw() {
        let broken = decode(b"M\xFCller", false).unwrap_err();
        assert_eq!(broken.first(), (2, 0xFC));
        assert_eq!(broken.bytes(), b"M\xFCller");
    }

    #[test]
    fn every_byte_survives_its_escape() {
        for byte in 0..=u8::MAX {
            let [high, low] = escape(byte);
            let broken = decode(&[b'a', high, low, b'b'], true).unwrap_err();
            assert_eq!(broken.first(), (2, byte));
            assert_eq!(broken.bytes(), [b'a', byte, b'b']);
        }
    }
}
