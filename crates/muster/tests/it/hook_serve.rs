//! `muster hook serve` as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use reqwest::{Certificate, Client};
use serde_json::{Value, json};

use crate::world::{Ran, World};

const SECRET: &str = "a secret of 24 letters..";

/// A hook that runs until this is dropped.
struct Hook {
    child: Child,
    out: BufReader<ChildStdout>,
    url: String,
    admin: String,
}

impl Hook {
    fn start(world: &World, options: &[&str]) -> Self {
        let options =
            [&["hook", "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"], options].concat();
        let mut child = with_secret(world, &options).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let told = line(&mut out);
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Self { url: text("url"), admin: text("admin"), child, out }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(out: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
}

fn with_secret(world: &World, arguments: &[&str]) -> Command {
    let mut command = world.command(arguments);
    command.env("MUSTER_HOOK_SECRET", SECRET);
    command
}

/// Status and body of a call.
fn call(ca_pem: &str, url: &str, secret: &str) -> (u16, Value) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let body = json!({
        "eventId": "e1",
        "eventType": "com.okta.user.credential.password.import",
        "data": {"context": {"credential": {"username": "a@example.com", "password": "hunter2"}}},
    });
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let roots = [Certificate::from_pem(ca_pem.as_bytes()).unwrap()];
    let client = Client::builder().tls_certs_only(roots).no_proxy().build().unwrap();
    runtime.block_on(async {
        let call = client.post(url).header("authorization", secret).body(body.to_string());
        let answer = call.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
    })
}

#[test]
fn a_first_try_on_one_machine() {
    let world = World::free();
    let mut hook = Hook::start(&world, &["--self-signed", "--ca-out", "ca.pem", "--audit", "-"]);
    assert!(hook.url.starts_with("https://127.0.0.1:") && hook.url.ends_with("/okta/password-import"));
    assert!(hook.admin.starts_with("http://127.0.0.1:"), "{}", hook.admin);
    let ca_pem = world.read("ca.pem");
    let (status, body) = call(&ca_pem, &hook.url, SECRET);
    assert_eq!((status, &body["commands"][0]["value"]["credential"]), (200, &json!("UNVERIFIED")));
    assert_eq!(call(&ca_pem, &hook.url, "another").0, 401);
    let told = line(&mut hook.out);
    assert_eq!((&told["user"], &told["result"]), (&json!("a@example.com"), &json!("unknown_user")));
    // A hang-up moves files and ends nothing.
    hook.signal("HUP");
    assert_eq!(call(&ca_pem, &hook.url, SECRET).0, 200);
    hook.signal("TERM");
    assert_eq!(hook.child.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn its_memory_is_not_written_to_a_disk() {
    let world = World::free();
    let hook = Hook::start(&world, &["--self-signed"]);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", hook.child.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
}

#[test]
fn what_can_not_hold_is_refused_with_the_way_out() {
    let world = World::free();
    let serve = |options: &[&str]| {
        let options = [&["hook", "serve"], options].concat();
        Ran::of(&with_secret(&world, &options).output().unwrap())
    };
    serve(&[]).refused(2, &["no backend is set", "--credentials"]);
    serve(&["--listen", "0.0.0.0:0", "--admin", "none", "--shadow"])
        .refused(2, &["plain HTTP", "--behind-tls-proxy"]);
    serve(&["--certificate", "a.pem"]).refused(2, &["--key"]);
    serve(&["--self-signed", "--admin", "somewhere"]).refused(2, &["--admin"]);
    let bare = Ran::of(&world.command(&["hook", "serve", "--self-signed"]).output().unwrap());
    bare.refused(2, &["MUSTER_HOOK_SECRET", "openssl rand"]);
    for (text, word) in [
        ("[hook]\ndeadline_ms = 5000", "deadline"),
        ("[hook]\nlisen = \"127.0.0.1:0\"", "lisen"),
        ("[hook]\nsecret = \"hunter2hunter2hunter2\"", "env:NAME"),
        ("[hook]\nsecret = \"env:NOT_THERE\"", "NOT_THERE"),
        ("[hook]\nallow = [\"10.0.0.0/99\"]", "muster.toml"),
    ] {
        world.write("muster.toml", text);
        let ran = serve(&["--self-signed"]);
        assert!(!ran.err.contains("hunter2"), "{}", ran.err);
        ran.refused(2, &[word]);
    }
}

#[test]
fn the_settings_may_stand_in_a_file_of_another_name() {
    let world = World::free();
    world.write("secret", "another secret, of 30 letters.\n");
    world.write(
        "hook.toml",
        "[hook]\nsecret = [\"file:secret\", \"env:MUSTER_HOOK_SECRET\"]\npath = \"/here\"\n",
    );
    let hook = Hook::start(&world, &["--config", "hook.toml", "--self-signed", "--ca-out", "ca.pem"]);
    let ca_pem = world.read("ca.pem");
    assert!(hook.url.ends_with("/here"));
    assert_eq!(call(&ca_pem, &hook.url, "another secret, of 30 letters.").0, 200);
    assert_eq!(call(&ca_pem, &hook.url, SECRET).0, 200);
}

#[cfg(unix)]
#[test]
fn a_secret_that_is_no_text_is_not_quoted() {
    use std::os::unix::ffi::OsStrExt;
    let world = World::free();
    let secret = std::ffi::OsStr::from_bytes(b"hunter2-hunter2-\xff");
    let mut command = world.command(&["hook", "serve", "--self-signed"]);
    let ran = Ran::of(&command.env("MUSTER_HOOK_SECRET", secret).output().unwrap());
    assert_eq!(ran.code, 2);
    assert!(!ran.err.contains("hunter2") && ran.err.contains("MUSTER_HOOK_SECRET"), "{}", ran.err);
}
