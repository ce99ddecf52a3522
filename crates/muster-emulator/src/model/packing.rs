//! Names and values as one run of bytes, which takes a quarter of what a map takes. An entry is a mark for the
//! name, the name unless it is a base attribute's, a mark for the value, and the value: as text, or as JSON.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::base_attributes::{code_of, name_of};

/// A value where it lies.
#[derive(Debug)]
pub(super) enum Held<'a> {
    Text(&'a str),
    /// Anything else, in JSON.
    Json(&'a [u8]),
}

/// A value that nobody has looked at yet.
struct Unread<'a> {
    is_json: bool,
    bytes: &'a [u8],
}

/// The entries of a run of bytes, in the order in which they were packed.
pub(super) struct Entries<'a>(&'a [u8]);

/// Marks of names from here on are lengths; those below stand for base attributes.
const SPELLED: usize = 64;

/// Packs values, in the order of their names.
pub(super) fn packed(values: &BTreeMap<String, Value>) -> Box<[u8]> {
    let mut bytes = Vec::with_capacity(256);
    for (name, value) in values {
        if let Some(code) = code_of(name) {
            put_number(&mut bytes, code);
        } else {
            put_number(&mut bytes, SPELLED.saturating_add(name.len()));
            bytes.extend_from_slice(name.as_bytes());
        }
        if let Value::String(text) = value {
            put_number(&mut bytes, text.len() << 1);
            bytes.extend_from_slice(text.as_bytes());
        } else {
            let json = serde_json::to_vec(value).unwrap_or_default();
            put_number(&mut bytes, json.len() << 1 | 1);
            bytes.extend_from_slice(&json);
        }
    }
    bytes.into_boxed_slice()
}

impl<'a> Entries<'a> {
    /// The entries of what was packed.
    pub fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The value of a name. The entries before it are passed over unread.
    pub fn find(mut self, name: &str) -> Option<Held<'a>> {
        let code = code_of(name);
        loop {
            let mark = self.number()?;
            let found = match mark.checked_sub(SPELLED) {
                Some(length) => self.bytes(length)? == name.as_bytes(),
                None => code == Some(mark),
            };
            let held = self.held()?;
            if found {
                return held.read();
            }
        }
    }

    fn entry(&mut self) -> Option<(&'a str, Held<'a>)> {
        let mark = self.number()?;
        let name = match mark.checked_sub(SPELLED) {
            Some(length) => std::str::from_utf8(self.bytes(length)?).ok()?,
            None => name_of(mark)?,
        };
        Some((name, self.held()?.read()?))
    }

    fn held(&mut self) -> Option<Unread<'a>> {
        let mark = self.number()?;
        Some(Unread { is_json: mark & 1 == 1, bytes: self.bytes(mark >> 1)? })
    }

    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0_usize, 0_u32);
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= usize::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift += 7;
        }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Held<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.entry()
    }
}

impl<'a> Unread<'a> {
    fn read(self) -> Option<Held<'a>> {
        let Self { is_json, bytes } = self;
        if is_json { Some(Held::Json(bytes)) } else { std::str::from_utf8(bytes).ok().map(Held::Text) }
    }
}

impl Held<'_> {
    /// The value, on its own.
    pub fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.to_owned()),
            Self::Json(json) => serde_json::from_slice(json).unwrap_or_default(),
        }
    }
}

impl Serialize for Held<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Json(json) => {
                serde_json::from_slice::<Value>(json).unwrap_or_default().serialize(serializer)
            }
        }
    }
}

/// Seven bits to a byte; the eighth says that more follow.
fn put_number(bytes: &mut Vec<u8>, mut number: usize) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return bytes.push(low & 0x7F);
        }
        bytes.push(low | 0x80);
    }
}
