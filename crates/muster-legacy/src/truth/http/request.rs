//! The request that asks an old application.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request};
use http_body_util::Full;
use muster_core::secret::Secret;
use url::Url;

use super::json_body;
use super::template::{Escape, Template};
use crate::truth::network::is_loopback;
use crate::truth::settings::HttpSettings;
use crate::truth::{Resolve, TruthError};

/// A request with places for a login and a password.
pub(super) struct RequestTemplate {
    method: Method,
    url: Template,
    headers: HeaderMap,
    /// Headers that are other ones for every person.
    filled_headers: Vec<(HeaderName, Template)>,
    body: Option<(Template, Escape)>,
}

impl RequestTemplate {
    /// Checks the settings.
    pub(super) fn new(settings: &HttpSettings, resolve: Resolve<'_>) -> Result<Self, TruthError> {
        let faulty = |reason: String| TruthError::setting(&settings.name, reason);
        let mut request = Self {
            method: method(&settings.method).map_err(&faulty)?,
            url: url(&settings.url).map_err(&faulty)?,
            headers: HeaderMap::new(),
            filled_headers: Vec::new(),
            body: None,
        };
        for (name, value) in &settings.headers {
            request.add_header(name, value).map_err(&faulty)?;
        }
        for (name, reference) in &settings.secret_headers {
            let secret = reference.resolve(&settings.name, resolve)?;
            let mut value = header_value(secret.reveal().trim()).map_err(&faulty)?;
            value.set_sensitive(true);
            request.headers.insert(header_name(name).map_err(&faulty)?, value);
        }
        request.body = body(settings, &request.headers).map_err(&faulty)?;
        request.check().map_err(|reason| faulty(reason.to_owned()))?;
        Ok(request)
    }

    fn add_header(&mut self, name: &str, value: &str) -> Result<(), String> {
        let (key, template) = (header_name(name)?, Template::parse(value));
        if template.has_login() || template.has_password() {
            return Err(format!("the header {name} may hold {{basic}} and no other place"));
        }
        if template.has_basic() {
            self.filled_headers.push((key, template));
        } else {
            self.headers.insert(key, header_value(value)?);
        }
        Ok(())
    }

    fn check(&self) -> Result<(), &'static str> {
        let basic = !self.filled_headers.is_empty();
        let body = self.body.as_ref().map(|(template, _)| template);
        if !basic && !body.is_some_and(Template::has_password) {
            return Err(
                "neither body nor headers hold the password: put {password} into body, or {basic} into a header",
            );
        }
        if basic || self.url.has_login() || body.is_some_and(Template::has_login) {
            Ok(())
        } else {
            Err("neither url, body nor headers hold {login}")
        }
    }

    /// The request for one person.
    pub(super) fn fill(&self, login: &str, password: &Secret) -> Result<Request<Full<Bytes>>, String> {
        if login.contains(':') && !self.filled_headers.is_empty() {
            return Err("a login with a colon can't be told by basic authentication".to_owned());
        }
        let carries = |escape: Escape| escape.carries(login) && escape.carries(password.reveal());
        if self.body.as_ref().is_some_and(|(_, escape)| !carries(*escape)) {
            return Err("the login or the password has a character that XML can't carry".to_owned());
        }
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(self.url.fill(login, password, Escape::Percent).as_str());
        if let Some(headers) = request.headers_mut() {
            headers.extend(self.headers.clone());
            for (name, template) in &self.filled_headers {
                let mut value = header_value(&template.fill(login, password, Escape::None))?;
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
        let body = self.body.as_ref().map(|(template, escape)| {
            Bytes::copy_from_slice(template.fill(login, password, *escape).as_bytes())
        });
        request
            .body(Full::new(body.unwrap_or_default()))
            .map_err(|_| "no request can be made for this login".to_owned())
    }
}

fn method(name: &str) -> Result<Method, String> {
    match name {
        "POST" => Ok(Method::POST),
        "PUT" => Ok(Method::PUT),
        "GET" => Ok(Method::GET),
        _ => Err(format!("method {name:?} is not POST, PUT or GET")),
    }
}

/// Whatever the login is, it must stay behind the host.
fn url(text: &str) -> Result<Template, String> {
    let template = Template::parse(text);
    if template.has_password() || template.has_basic() {
        return Err(
            "url holds the password, and addresses are logged everywhere: put it into body".to_owned()
        );
    }
    let sample = |login: &str| {
        let filled = template.fill(login, &Secret::new(""), Escape::Percent);
        Url::parse(&filled).map_err(|_| "url is not https://HOST/PATH".to_owned())
    };
    let (one, other) = (sample("a")?, sample("b@c.example")?);
    if one.origin() != other.origin() || !one.username().is_empty() || one.password().is_some() {
        return Err("url: neither the login nor a secret may stand before the path".to_owned());
    }
    match (one.scheme(), one.host_str()) {
        ("https", Some(_)) => Ok(template),
        ("http", Some(host)) if is_loopback(host) => Ok(template),
        ("http", _) => Err("url: passwords go by https:// only, but for this machine".to_owned()),
        _ => Err("url is not https://HOST/PATH".to_owned()),
    }
}

fn body(settings: &HttpSettings, headers: &HeaderMap) -> Result<Option<(Template, Escape)>, String> {
    let Some(text) = &settings.body else { return Ok(None) };
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let escape = Escape::of_content_type(content_type).ok_or_else(|| {
        format!(
            "body: headers say no content-type whose escapes are known ({content_type:?}); known are JSON, a form, XML and text/plain"
        )
    })?;
    let template = Template::parse(text);
    if template.has_basic() {
        return Err("body: {basic} is for a header".to_owned());
    }
    match fault_of(&template, escape) {
        Some(fault) => Err(fault.to_owned()),
        None => Ok(Some((template, escape))),
    }
}

/// Why a person's own words could be read as more than a login or a password.
fn fault_of(template: &Template, escape: Escape) -> Option<&'static str> {
    match escape {
        Escape::Json => {
            let sample = template.fill(json_body::LOGIN, &Secret::new(json_body::PASSWORD), escape);
            json_body::fault(&sample)
        }
        // Nothing is escaped: a password with what stands between the two would be read as both.
        Escape::None if !template.is_one_place() => Some(
            "body: as text/plain it holds {password} and nothing else, for nothing would tell them apart",
        ),
        Escape::None | Escape::Percent | Escape::Xml => None,
    }
}

fn header_name(name: &str) -> Result<HeaderName, String> {
    name.parse().map_err(|_| format!("{name:?} can't be the name of a header"))
}

/// The value is not repeated, for it may be a secret.
fn header_value(value: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(value).map_err(|_| "a header can't have this value".to_owned())
}
