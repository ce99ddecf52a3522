//! The sign-in of an old application, over HTTP.
//!
//! Only an answer that was described means something. Everything else — another status, a redirect, a body of another
//! shape, one that is cut short or too long, an answer that would be two things at once — is no answer.

mod json_body;
mod judgement;
mod request;
mod template;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use muster_core::login::Login;
use muster_core::secret::Secret;

use self::judgement::Judgement;
use self::request::RequestTemplate;
use super::network::said;
use super::network::tls;
use super::settings::HttpSettings;
use super::{Asking, Known, Resolve, Truth, TruthError, Unavailable};

/// No sign-in has so much to say.
const BODY_CAP: usize = 256 * 1024;

/// An old application as a place that verifies passwords.
pub(super) struct HttpTruth {
    name: String,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    request: RequestTemplate,
    judgement: Judgement,
}

impl HttpTruth {
    /// Checks the settings; connects when asked.
    pub(super) fn open(settings: &HttpSettings, resolve: Resolve<'_>) -> Result<Self, TruthError> {
        let faulty = |reason| TruthError::setting(&settings.name, reason);
        let request = RequestTemplate::new(settings, resolve)?;
        let judgement = Judgement::new(settings).map_err(faulty)?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // The request has checked that only this machine is talked to without TLS.
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(&settings.name, settings.ca_file.as_deref())?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { name: settings.name.clone(), client, request, judgement })
    }

    async fn verify(&self, login: &str, password: &Secret) -> Result<Known, Unavailable> {
        let Some(login) = Login::parse(login) else { return Ok(Known::Nobody) };
        if password.reveal().is_empty() {
            return Ok(Known::Differs);
        }
        // What can't be asked says nothing about the application.
        let request = match self.request.fill(login.as_str(), password) {
            Ok(request) => request,
            Err(reason) => return Ok(Known::Undecided(reason)),
        };
        let (status, body) = self.send(request).await.map_err(Unavailable)?;
        self.judgement.of(status, &body).map_err(Unavailable)
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), String> {
        let answer = self.client.request(request).await.map_err(|error| said(&error))?;
        let status = answer.status().as_u16();
        // The whole body is read even where the status says it all: an answer that is cut short is none.
        let body = Limited::new(answer.into_body(), BODY_CAP).collect().await;
        let body = body.map_err(|error| format!("the answer of status {status} ended badly: {error}"))?;
        Ok((status, body.to_bytes()))
    }
}

impl Truth for HttpTruth {
    fn name(&self) -> &str {
        &self.name
    }

    fn ask<'a>(&'a self, login: &'a str, password: &'a Secret) -> Asking<'a> {
        Box::pin(self.verify(login, password))
    }
}
