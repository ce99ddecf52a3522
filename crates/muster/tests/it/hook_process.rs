//! `muster hook serve` as a process, with a certificate that the org of a test trusts.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use muster_emulator::{HookCalls, OrgSettings};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};

use crate::world::{Ran, World, free_settings};

const SECRET: &str = "a secret of 24 letters..";

/// A certificate for this machine, its key, and the authority that signed it, in PEM.
struct Certificate {
    chain: String,
    key: String,
    ca: String,
}

impl Certificate {
    fn make() -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().unwrap();
        let ca = authority.self_signed(&authority_key).unwrap().pem();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let leaf = leaf.signed_by(&key, &issuer).unwrap();
        Self { chain: leaf.pem(), key: key.serialize_pem(), ca }
    }
}

/// An org without limits that trusts the hook of [`HookProcess`], with the hook's key and certificate in the folder.
pub fn world() -> World {
    world_of(free_settings())
}

/// The same, of an org with these settings.
pub fn world_of(settings: OrgSettings) -> World {
    let certificate = Certificate::make();
    let hooks = HookCalls { ca_pem: Some(certificate.ca.clone()), ..HookCalls::default() };
    let world = World::with(OrgSettings { hooks, ..settings });
    world.write("ca.pem", certificate.ca);
    world.write("chain.pem", certificate.chain);
    world.write("key.pem", certificate.key);
    let ran = world.muster(&["hook", "export", "--new-key", "hook.key"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    world
}

/// `muster hook export` with the key of the folder.
pub fn export(world: &World, source: &str, out: &str, more: &[&str]) -> Value {
    let arguments = ["hook", "export", source, "--key-file", "hook.key", "--out", out, "--output", "json"];
    let ran = world.muster(&[&arguments, more].concat());
    assert!(ran.code == 0 || ran.code == 3, "{ran:?}");
    ran.json()
}

/// A hook that runs until it is stopped or dropped.
pub struct HookProcess {
    child: Child,
    url: String,
}

impl HookProcess {
    /// Serves these credential files, in this order, and writes `audit.jsonl`.
    pub fn start(world: &World, credentials: &[&str]) -> Self {
        let backend = |file: &&str| {
            format!(
                "[[hook.backend]]\nkind = 'file'\nname = '{file}'\npath = '{file}'\nkey = 'file:hook.key'\n"
            )
        };
        let backends: String = credentials.iter().map(backend).collect();
        let settings = "listen = '127.0.0.1:0'\nadmin = 'none'\ncertificate = 'chain.pem'\nkey = 'key.pem'\naudit = 'audit.jsonl'\n";
        world.write("hook.toml", format!("[hook]\n{settings}\n{backends}"));
        let mut command = with_secret(world, &["hook", "serve", "--config", "hook.toml"]);
        let mut child = command.stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { child, url: told["url"].as_str().unwrap().to_owned() }
    }

    /// `muster hook register` for this hook.
    pub fn register(&self, world: &World) {
        let arguments = ["hook", "register", "--url", &self.url, "--output", "json"];
        let ran = Ran::of(&with_secret(world, &arguments).output().unwrap());
        assert_eq!((ran.code, &ran.json()["done"]), (0, &"registered".into()), "{ran:?}");
    }

    /// What the org would not pass on is asked directly: all of these passwords are right.
    pub fn verifies<'a>(&self, world: &World, people: impl Iterator<Item = (&'a str, &'a str)>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let roots = [reqwest::Certificate::from_pem(world.read("ca.pem").as_bytes()).unwrap()];
        let client = reqwest::Client::builder().tls_certs_only(roots).no_proxy().build().unwrap();
        for (login, password) in people {
            let body = json!({
                "eventId": login,
                "eventType": "com.okta.user.credential.password.import",
                "data": {"context": {"credential": {"username": login, "password": password}}},
            });
            let call = client.post(&self.url).header("authorization", SECRET).body(body.to_string());
            let answer = runtime.block_on(async { call.send().await.unwrap().text().await.unwrap() });
            assert!(answer.contains(r#""VERIFIED""#), "{login}: {answer}");
        }
    }

    /// Ends it as an operator would; all calls are in the audit file then.
    pub fn stop(mut self) {
        let sent = Command::new("kill").args(["-s", "TERM", &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for HookProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn with_secret(world: &World, arguments: &[&str]) -> Command {
    let mut command = world.command(arguments);
    command.env("MUSTER_HOOK_SECRET", SECRET);
    command
}

/// The lines of a file of JSON lines.
pub fn json_lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
