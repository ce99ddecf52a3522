//! The hook with its doors: opened together, and shut in order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use muster_legacy::truth::Truth;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::admin::{Admin, Metrics};
use crate::door::Door;
use crate::drain::Drain;
use crate::error::ServerError;
use crate::hook::Hook;
use crate::hook::settings::HookSettings;
use crate::hook::verifier::Verifier;
use crate::tls::{self, Certificate, CertificateFiles, SelfSigned};

/// The certificate's files are looked at so often.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// How connections are made safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Safety {
    /// TLS with the certificate in these files.
    Files(CertificateFiles),
    /// TLS with a certificate that is made for it, to try things out.
    SelfSigned,
    /// None: the address is this machine's own.
    PlainOnLoopback,
    /// None: another server takes the TLS off and passes calls on.
    BehindTlsProxy,
}

/// Where and how to listen.
#[derive(Clone, Debug)]
pub struct Listen {
    /// Where Okta calls; port 0 is any free one.
    pub address: SocketAddr,
    /// How connections are made safe.
    pub safety: Safety,
    /// Callers must show a certificate that this authority, in PEM, has signed.
    pub client_authority: Option<Vec<u8>>,
    /// So many connections at once.
    pub connections: usize,
    /// Where health and metrics are told; none for nowhere.
    pub admin: Option<SocketAddr>,
    /// For so long the server says that it is not ready before it takes no more connections.
    pub notice: Duration,
    /// For so long the calls under way are waited for.
    pub patience: Duration,
}

/// A hook that runs.
pub struct Running {
    /// The address of the hook, with its path.
    pub url: String,
    /// The address of health and metrics.
    pub admin_url: Option<String>,
    /// The authority that callers are to trust, in PEM, where the certificate was made for it.
    pub ca_pem: Option<String>,
    hook: Arc<Hook>,
    look: Arc<Notify>,
    drain: Drain,
    notice: Duration,
    serving: JoinHandle<()>,
    /// What ends with the server and not before.
    beside: Vec<JoinHandle<()>>,
}

/// What makes connections safe.
struct Secured {
    acceptor: Option<TlsAcceptor>,
    certificate: Option<Arc<Certificate>>,
    ca_pem: Option<String>,
}

/// Opens the hook.
pub async fn open(
    listen: Listen,
    settings: HookSettings,
    truths: Vec<Arc<dyn Truth>>,
    verifier: Verifier,
) -> Result<Running, ServerError> {
    check(&listen, &settings)?;
    let secured = secured(&listen)?;
    let metrics = Arc::new(Metrics::default());
    let hook = Arc::new(Hook::new(settings, truths, verifier, Arc::clone(&metrics))?);
    let (listener, address) = bind(listen.address).await?;
    let (drain, draining) = Drain::new();
    let mut beside = Vec::new();
    let admin = Admin { hook: Arc::clone(&hook), metrics: Arc::clone(&metrics), draining: draining.clone() };
    let admin_url = serve_admin(listen.admin, admin, &mut beside).await?;
    let look = Arc::new(Notify::new());
    if let Some(certificate) = secured.certificate {
        beside.push(tokio::spawn(watch(certificate, Arc::clone(&metrics), Arc::clone(&look))));
    }
    let watched = Arc::clone(&hook);
    beside.push(tokio::spawn(async move { watched.watch_truths().await }));
    let scheme = if secured.acceptor.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{address}{}", hook.path());
    let door = Door { hook: Arc::clone(&hook), tls: secured.acceptor, metrics };
    let serving = tokio::spawn(door.serve(listener, listen.connections, draining, listen.patience));
    let (ca_pem, notice) = (secured.ca_pem, listen.notice);
    Ok(Running { url, admin_url, ca_pem, hook, look, drain, notice, serving, beside })
}

impl Running {
    /// Looks at the certificate's files, and opens the audit file anew.
    pub fn reload(&self) {
        self.look.notify_one();
        self.hook.reopen_audit();
    }

    /// Says that it is not ready, waits until that was seen, takes no more connections, and finishes what it has.
    pub async fn drain(self) {
        self.drain.announce();
        sleep(self.notice).await;
        self.drain.close();
        // It has a limit of its own.
        drop(self.serving.await);
        self.beside.iter().for_each(JoinHandle::abort);
        for task in self.beside {
            drop(task.await);
        }
        // The last owner writes the audit file to its end and waits for the workers, which takes a moment.
        let hook = self.hook;
        drop(timeout(Duration::from_secs(2), tokio::task::spawn_blocking(move || drop(hook))).await);
    }
}

fn check(listen: &Listen, settings: &HookSettings) -> Result<(), ServerError> {
    if listen.safety == Safety::PlainOnLoopback && !listen.address.ip().is_loopback() {
        return Err(ServerError::PlainHttp(listen.address));
    }
    let is_plain = matches!(listen.safety, Safety::PlainOnLoopback | Safety::BehindTlsProxy);
    if listen.client_authority.is_some() && is_plain {
        return Err(ServerError::Setting(
            "client_authority needs a certificate of this server: without TLS nobody shows one, and anybody would pass"
                .to_owned(),
        ));
    }
    if settings.secrets.is_empty() && settings.token.is_none() && listen.client_authority.is_none() {
        return Err(ServerError::NoGuard);
    }
    Ok(())
}

fn secured(listen: &Listen) -> Result<Secured, ServerError> {
    let (certificate, ca_pem) = match &listen.safety {
        Safety::Files(files) => (Certificate::read(files.clone())?, None),
        Safety::SelfSigned => {
            let made = SelfSigned::for_host(listen.address.ip())?;
            (Certificate::fixed(made.key), Some(made.ca_pem))
        }
        Safety::PlainOnLoopback | Safety::BehindTlsProxy => {
            return Ok(Secured { acceptor: None, certificate: None, ca_pem: None });
        }
    };
    let certificate = Arc::new(certificate);
    let acceptor = tls::acceptor(Arc::clone(&certificate), listen.client_authority.as_deref())?;
    Ok(Secured { acceptor: Some(acceptor), certificate: Some(certificate), ca_pem })
}

async fn bind(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), ServerError> {
    let failed = |source: io::Error| ServerError::Listen { address: wanted, source };
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

async fn serve_admin(
    wanted: Option<SocketAddr>,
    admin: Admin,
    beside: &mut Vec<JoinHandle<()>>,
) -> Result<Option<String>, ServerError> {
    let Some(wanted) = wanted else { return Ok(None) };
    let (listener, address) = bind(wanted).await?;
    beside.push(tokio::spawn(admin.serve(listener)));
    Ok(Some(format!("http://{address}")))
}

/// Looks at the certificate's files every few seconds, and when it is asked to.
async fn watch(certificate: Arc<Certificate>, metrics: Arc<Metrics>, look: Arc<Notify>) {
    loop {
        if let Some(expires) = certificate.expires() {
            metrics.certificate_expires(expires);
        }
        // Either is a reason to look.
        drop(timeout(LOOK_EVERY, look.notified()).await);
        let reloading = Arc::clone(&certificate);
        match tokio::task::spawn_blocking(move || reloading.reload()).await {
            Ok(Ok(true)) => tracing::info!("a new certificate is used from now on"),
            Ok(Err(error)) => tracing::error!("the old certificate stays: {error}"),
            Ok(Ok(false)) | Err(_) => {}
        }
    }
}
