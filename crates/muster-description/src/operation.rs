//! The operations of a description, read once.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value};

use crate::definitions::Definitions;
use crate::dialect::{Translator, array, object};
use crate::document::Document;
use crate::media_type::{MediaType, essence};
use crate::parameter::{Location, Parameter, TextType};
use crate::path_template::PathTemplate;
use crate::shape::Shape;
use crate::{DescriptionError, Side};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A path and what may be done there.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) template: PathTemplate,
    pub(crate) operations: Vec<(Method, Operation)>,
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The `operationId`, or method and path.
    pub(crate) name: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<RequestBody>,
    pub(crate) answers: Vec<Answer>,
}

#[derive(Debug)]
pub(crate) struct RequestBody {
    pub(crate) is_required: bool,
    pub(crate) media_types: Vec<MediaType>,
}

/// What is promised for a status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) statuses: Statuses,
    pub(crate) headers: Vec<Parameter>,
    pub(crate) media_types: Vec<MediaType>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statuses {
    One(u16),
    /// `2XX` and its like, by the first digit.
    Class(u16),
    Default,
}

/// Everything that was read from a document.
#[derive(Debug)]
pub(crate) struct Contract {
    pub(crate) routes: Vec<Route>,
    pub(crate) of_requests: Definitions,
    pub(crate) of_answers: Definitions,
}

/// Reads operations, and translates the schemas of either direction on the way.
struct Reader<'d> {
    document: &'d Document,
    requests: Translator<'d>,
    answers: Translator<'d>,
}

impl Contract {
    pub(crate) fn read(document: &Document) -> Result<Self, DescriptionError> {
        let mut reader = Reader {
            document,
            requests: Translator::new(document, Side::Request),
            answers: Translator::new(document, Side::Answer),
        };
        reader.all_schemas()?;
        let mut routes = Vec::new();
        for (path, item) in document.section("/paths")?.into_iter().flatten() {
            let place = format!("paths {path}");
            let item = document.resolve(item, &place)?;
            let item = item.as_object().ok_or_else(|| DescriptionError::malformed(&place, "an object"))?;
            let operations = reader.operations(path, item)?;
            routes.push(Route { template: PathTemplate::parse(path), operations });
        }
        routes.sort_by_key(|route| std::cmp::Reverse(route.template.literals()));
        let (of_requests, of_answers) =
            (reader.requests.into_definitions(), reader.answers.into_definitions());
        Ok(Self { routes, of_requests, of_answers })
    }
}

impl Reader<'_> {
    /// Translates even the schemas that nothing refers to, so that an error in them is told.
    fn all_schemas(&mut self) -> Result<(), DescriptionError> {
        for (name, schema) in self.document.section("/components/schemas")?.into_iter().flatten() {
            let place = format!("components/schemas/{name}");
            self.requests.schema(schema, &place)?;
            self.answers.schema(schema, &place)?;
        }
        Ok(())
    }

    fn operations(
        &mut self,
        path: &str,
        item: &Map<String, Value>,
    ) -> Result<Vec<(Method, Operation)>, DescriptionError> {
        let shared = array(item, "parameters", path)?.map(Vec::as_slice).unwrap_or_default();
        let mut operations = Vec::new();
        for name in METHODS {
            let upper = name.to_ascii_uppercase();
            let (Some(map), Ok(method)) = (object(item, name, path)?, upper.parse()) else { continue };
            let id = map.get("operationId").and_then(Value::as_str);
            let name = id.map_or_else(|| format!("{upper} {path}"), str::to_owned);
            operations.push((method, self.operation(name, shared, map)?));
        }
        Ok(operations)
    }

    fn operation(
        &mut self,
        name: String,
        shared: &[Value],
        map: &Map<String, Value>,
    ) -> Result<Operation, DescriptionError> {
        let own = array(map, "parameters", &name)?.map(Vec::as_slice).unwrap_or_default();
        let mut parameters: Vec<Parameter> = Vec::new();
        for parameter in own.iter().chain(shared) {
            if let Some(read) = self.parameter(parameter, &name)? {
                let is_overridden =
                    parameters.iter().any(|one| one.name == read.name && one.location == read.location);
                if !is_overridden {
                    parameters.push(read);
                }
            }
        }
        let body = map.get("requestBody").map(|body| self.request_body(body, &name)).transpose()?;
        let responses = object(map, "responses", &name)?.into_iter().flatten();
        let answers: Result<_, _> =
            responses.map(|(status, answer)| self.answer(status, answer, &name)).collect();
        Ok(Operation { parameters, body, answers: answers?, name })
    }

    /// A parameter; nothing for cookies, and nothing for the headers that `OpenAPI` says to ignore.
    fn parameter(&mut self, parameter: &Value, owner: &str) -> Result<Option<Parameter>, DescriptionError> {
        let place = format!("{owner}/parameters");
        let map = self.object(parameter, &place)?;
        let name = map.get("name").and_then(Value::as_str);
        let name = name.ok_or_else(|| DescriptionError::malformed(&place, "a `name`"))?;
        let location = match map.get("in").and_then(Value::as_str) {
            Some("query") => Location::Query,
            Some("path") => Location::Path,
            Some("header") if is_reserved(name) => return Ok(None),
            Some("header") => Location::Header,
            Some("cookie") => return Ok(None),
            _ => return Err(DescriptionError::malformed(place, "`in` to be query, path, header or cookie")),
        };
        self.value(name, location, map, Side::Request, &place).map(Some)
    }

    /// What parameters and headers of answers have in common.
    fn value(
        &mut self,
        name: &str,
        location: Location,
        map: &Map<String, Value>,
        side: Side,
        place: &str,
    ) -> Result<Parameter, DescriptionError> {
        let flag = |key: &str| map.get(key).and_then(Value::as_bool);
        let schema = map.get("schema");
        let text_type = schema.map_or(TextType::Text, |schema| TextType::of(self.document, schema));
        let shape = schema.map(|schema| self.shape(schema, side, &format!("{place} {name}"))).transpose()?;
        Ok(Parameter {
            name: name.to_owned(),
            location,
            is_required: location == Location::Path || flag("required").unwrap_or(false),
            may_be_empty: flag("allowEmptyValue").unwrap_or(false),
            explodes: flag("explode").unwrap_or(location == Location::Query),
            text_type,
            shape,
        })
    }

    fn request_body(&mut self, body: &Value, owner: &str) -> Result<RequestBody, DescriptionError> {
        let place = format!("{owner}/requestBody");
        let map = self.object(body, &place)?;
        let is_required = map.get("required").and_then(Value::as_bool).unwrap_or(false);
        Ok(RequestBody { is_required, media_types: self.media_types(map, Side::Request, &place)? })
    }

    fn answer(&mut self, status: &str, answer: &Value, owner: &str) -> Result<Answer, DescriptionError> {
        let place = format!("{owner}/responses/{status}");
        let map = self.object(answer, &place)?;
        let mut headers = Vec::new();
        for (name, header) in object(map, "headers", &place)?.into_iter().flatten() {
            let header = self.object(header, &place)?;
            if !name.eq_ignore_ascii_case("content-type") {
                headers.push(self.value(name, Location::Header, header, Side::Answer, &place)?);
            }
        }
        let statuses = Statuses::parse(status)
            .ok_or_else(|| DescriptionError::malformed(&place, "a status, a class of them, or `default`"))?;
        Ok(Answer { statuses, headers, media_types: self.media_types(map, Side::Answer, &place)? })
    }

    fn media_types(
        &mut self,
        map: &Map<String, Value>,
        side: Side,
        place: &str,
    ) -> Result<Vec<MediaType>, DescriptionError> {
        let mut media_types = Vec::new();
        for (range, media_type) in object(map, "content", place)?.into_iter().flatten() {
            let place = format!("{place}/{range}");
            let media_type = self.object(media_type, &place)?;
            let schema = media_type.get("schema");
            let shape = schema.map(|schema| self.shape(schema, side, &place)).transpose()?;
            let properties = schema.map(|schema| self.document.properties_of(schema)).unwrap_or_default();
            let typed = |(name, schema): (String, Value)| (name, TextType::of(self.document, &schema));
            let fields: BTreeMap<_, _> = properties.into_iter().map(typed).collect();
            media_types.push(MediaType { range: essence(range), shape, fields });
        }
        // An exact media type is meant before a range that covers it.
        media_types.sort_by_key(|one| one.range.matches('*').count());
        Ok(media_types)
    }

    fn shape(&mut self, schema: &Value, side: Side, place: &str) -> Result<Shape, DescriptionError> {
        let translator = match side {
            Side::Request => &mut self.requests,
            Side::Answer => &mut self.answers,
        };
        translator.schema(schema, place).map(Shape::new)
    }
}

impl<'d> Reader<'d> {
    fn object<'v>(&self, value: &'v Value, place: &str) -> Result<&'v Map<String, Value>, DescriptionError>
    where
        'd: 'v,
    {
        let resolved = self.document.resolve(value, place)?;
        resolved.as_object().ok_or_else(|| DescriptionError::malformed(place, "an object"))
    }
}

impl Statuses {
    fn parse(text: &str) -> Option<Self> {
        match text.strip_suffix("XX") {
            Some(class) => class.parse().ok().map(Self::Class),
            None if text == "default" => Some(Self::Default),
            None => text.parse().ok().map(Self::One),
        }
    }

    /// How closely a status is meant, if it is meant at all: the least is the closest.
    pub(crate) fn distance(self, status: u16) -> Option<u8> {
        match self {
            Self::One(one) if one == status => Some(0),
            Self::Class(class) if class == status / 100 => Some(1),
            Self::Default => Some(2),
            _ => None,
        }
    }

    pub(crate) fn is_of_class(self, status: u16) -> bool {
        matches!(self, Self::One(one) if one / 100 == status / 100)
    }
}

impl std::fmt::Display for Statuses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(status) => write!(f, "{status}"),
            Self::Class(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("any"),
        }
    }
}

fn is_reserved(header: &str) -> bool {
    ["accept", "content-type", "authorization"].iter().any(|name| header.eq_ignore_ascii_case(name))
}
