//! Bodies: their media type, their notation, and the value they hold.

use std::collections::BTreeMap;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use crate::fault::{Fault, Kind};
use crate::media_type::{MediaType, Notation, essence};
use crate::parameter::{TextType, pairs};
use crate::wording::counted;

/// A body as it arrived.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body<'b> {
    pub(crate) headers: &'b HeaderMap,
    pub(crate) bytes: &'b [u8],
}

/// What became of a body.
pub(crate) enum Reading<'m> {
    /// A value for the schema of its media type.
    Value(Value, &'m MediaType),
    /// Of a media type that nobody can look into.
    Opaque,
    /// Something is wrong with it.
    Faulty(Fault<'static>),
}

impl Body<'_> {
    /// The media type, without parameters; nothing if there is none.
    pub(crate) fn essence(&self) -> Option<String> {
        let header = self.headers.get(CONTENT_TYPE)?;
        Some(essence(&String::from_utf8_lossy(header.as_bytes()))).filter(|name| !name.is_empty())
    }

    /// The value of a JSON body, whatever the description says about it.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.bytes).ok()
    }

    pub(crate) fn read<'m>(&self, media_types: &'m [MediaType]) -> Reading<'m> {
        let essence = self.essence();
        let known = essence.as_deref().and_then(|essence| media_types.iter().find(|one| one.covers(essence)));
        let (Some(media_type), Some(essence)) = (known, essence.as_deref()) else {
            let found = essence.unwrap_or_else(|| "nothing".to_owned());
            let expected: Vec<_> = media_types.iter().map(|one| one.range.as_str()).collect();
            return faulty("header content-type", found, expected.join(" or "));
        };
        match Notation::of(essence) {
            Notation::Opaque => Reading::Opaque,
            Notation::Form => Reading::Value(form(self.bytes, &media_type.fields), media_type),
            Notation::Json => match self.json() {
                Some(value) => Reading::Value(value, media_type),
                None => faulty("body", counted("no JSON in", self.bytes.len(), "byte"), "JSON"),
            },
        }
    }
}

fn faulty<'m>(place: &str, found: String, expected: impl Into<String>) -> Reading<'m> {
    Reading::Faulty(Fault::new(Kind::Other, place, found, expected))
}

/// A form as an object. A field that is repeated is an array.
fn form(bytes: &[u8], types: &BTreeMap<String, TextType>) -> Value {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs(&String::from_utf8_lossy(bytes)) {
        fields.entry(name).or_default().push(value);
    }
    let members: Map<_, _> = fields
        .into_iter()
        .map(|(name, texts)| {
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            let text_type = types.get(&name).unwrap_or(&TextType::Text);
            let value = text_type.read_all(&texts, true);
            (name, value.unwrap_or_else(|| texts.iter().map(|text| text_type.read(text)).collect()))
        })
        .collect();
    Value::Object(members)
}
