//! Where in a named schema a rule stands.

use crate::definitions::Definitions;

/// A named schema and the path of properties in it; `*` stands for items and for properties of any name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SchemaPlace {
    pub(crate) schema: String,
    pub(crate) path: String,
}

impl SchemaPlace {
    /// Reads the location of a keyword in a translated schema.
    pub(crate) fn read(keyword_location: &str, definitions: &Definitions) -> Option<Self> {
        let mut segments = keyword_location.split('/').skip(1);
        if segments.next()? != "definitions" {
            return None;
        }
        let schema = definitions.name(segments.next()?)?.to_owned();
        let mut path = Vec::new();
        while let Some(segment) = segments.next() {
            match segment {
                "properties" => path.push(segments.next()?.replace("~1", "/").replace("~0", "~")),
                "items" | "additionalProperties" => path.push("*".to_owned()),
                "allOf" | "anyOf" | "oneOf" => drop(segments.next()),
                _ => {}
            }
        }
        Some(Self { schema, path: path.join("/") })
    }

    /// Whether a pattern fits; `*` in it stands for any one property.
    pub(crate) fn fits(&self, schema: &str, path: &str) -> bool {
        let wanted = path.split('/');
        let have = self.path.split('/');
        self.schema == schema
            && wanted.clone().count() == have.clone().count()
            && wanted.zip(have).all(|(wanted, have)| wanted == "*" && !have.is_empty() || wanted == have)
    }
}
