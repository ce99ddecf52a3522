//! A stream of any encoding as a stream of UTF-8, in which malformed bytes are escaped instead of replaced.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::files::{BUFFER, marks};

/// How far back a malformed sequence can reach into bytes that are read already; encodings need at most 4,
/// and the decoder may be 3 more ahead.
const MEMORY: usize = 8;

/// Reads bytes of one encoding, gives UTF-8.
pub(super) struct Transcoder<R> {
    inner: R,
    decoder: Decoder,
    source: Vec<u8>,
    next: usize,
    text: Vec<u8>,
    written: usize,
    given: usize,
    state: State,
}

#[derive(PartialEq)]
enum State {
    Reading,
    Drained,
    Done,
}

impl<R: Read> Transcoder<R> {
    /// The byte-order mark must be gone already.
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            source: Vec::with_capacity(BUFFER + MEMORY),
            next: 0,
            text: vec![0; BUFFER + 2 * MEMORY],
            written: 0,
            given: 0,
            state: State::Reading,
        }
    }

    /// Decodes until there is text to give, or no more input.
    fn refill(&mut self) -> io::Result<()> {
        self.written = 0;
        self.given = 0;
        while self.written == 0 && self.state != State::Done {
            if self.next == self.source.len() && self.state == State::Reading {
                self.read_more()?;
            }
            self.decode();
        }
        Ok(())
    }

    fn read_more(&mut self) -> io::Result<()> {
        let forget = self.source.len().saturating_sub(MEMORY);
        self.source.drain(..forget);
        self.next = self.source.len();
        let read = self.inner.by_ref().take(BUFFER as u64).read_to_end(&mut self.source)?;
        if read == 0 {
            self.state = State::Drained;
        }
        Ok(())
    }

    fn decode(&mut self) {
        let rest = self.source.get(self.next..).unwrap_or_default();
        let out = self.text.get_mut(..BUFFER).unwrap_or_default();
        let last = self.state == State::Drained;
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(rest, out, last);
        self.next += read;
        self.written = written;
        match result {
            DecoderResult::Malformed(length, after) => self.escape(length.into(), after.into()),
            DecoderResult::InputEmpty if last => self.state = State::Done,
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
        }
    }

    fn escape(&mut self, length: usize, after: usize) {
        let end = self.next.saturating_sub(after);
        let bad = self.source.get(end.saturating_sub(length)..end).unwrap_or_default();
        let room = self.text.get_mut(self.written..).unwrap_or_default();
        for (place, byte) in room.iter_mut().zip(bad.iter().flat_map(|&byte| marks::escape(byte))) {
            *place = byte;
            self.written += 1;
        }
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given == self.written {
            self.refill()?;
        }
        let mut ready = self.text.get(self.given..self.written).unwrap_or_default();
        let given = ready.read(buf)?;
        self.given += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcode(bytes: &[u8], encoding: &'static Encoding) -> Vec<u8> {
        let mut text = Vec::new();
        Transcoder::new(bytes, encoding).read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn a_lone_surrogate_is_escaped_where_it_stands() {
        let text = transcode(b"a\0\x00\xD8b\0", encoding_rs::UTF_16LE);
        let broken = marks::decode(&text, true).unwrap_err();
        assert_eq!(broken.bytes(), b"a\x00\xD8b");
    }

    #[test]
    fn half_a_character_at_the_end_is_escaped() {
        let text = transcode(b"a\0b", encoding_rs::UTF_16LE);
        assert_eq!(marks::decode(&text, true).unwrap_err().bytes(), b"ab");
    }

    #[test]
    fn more_than_one_buffer_is_decoded_whole() {
        let long = "Þórður ".repeat(40_000);
        let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(&long);
        assert_eq!(transcode(&bytes, encoding_rs::WINDOWS_1252), long.as_bytes());
    }
}
