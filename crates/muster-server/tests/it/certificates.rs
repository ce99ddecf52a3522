//! TLS, and certificates that change while the server runs.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use muster_server::tls::{Certificate, CertificateFiles};
use muster_server::{Safety, ServerError};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use reqwest::Identity;

use crate::places::{Place, Stored};
use crate::world::{Came, World, client, listen, settings, world_at};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Certificate and key for this machine, in PEM.
fn signed(authority: &Authority, usage: ExtendedKeyUsagePurpose, year: i32) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params.extended_key_usages = vec![usage];
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    (params.signed_by(&key, authority).unwrap().pem(), key.serialize_pem())
}

fn server(authority: &Authority, year: i32) -> (String, String) {
    signed(authority, ExtendedKeyUsagePurpose::ServerAuth, year)
}

fn write(folder: &Path, (certificate, key): &(String, String)) -> CertificateFiles {
    let files = CertificateFiles { certificate: folder.join("tls.crt"), key: folder.join("tls.key") };
    fs::write(&files.certificate, certificate).unwrap();
    fs::write(&files.key, key).unwrap();
    files
}

async fn served(safety: Safety, client_authority: Option<String>) -> Result<World, ServerError> {
    let mut listen = listen();
    listen.safety = safety;
    listen.client_authority = client_authority.map(String::into_bytes);
    let place = Place::new("old", &[("a@example.com", Stored::Hash("right", 1))]);
    world_at(listen, settings(), vec![Arc::new(place)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_made_for_it_works_with_its_authority_alone() {
    let world = served(Safety::SelfSigned, None).await.unwrap();
    assert!(world.running.url.starts_with("https://127.0.0.1:"));
    assert_eq!(world.call("e1", "a@example.com", "right").await, Came::Verified);
    let stranger = client(Some(&authority().pem()));
    assert!(stranger.post(&world.running.url).send().await.is_err());
    let (_, metrics) = world.admin("/metrics").await;
    assert!(metrics.contains("muster_hook_certificate_expires_timestamp_seconds"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_certificate_is_taken_over_and_a_bad_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (authority(), authority());
    let files = write(folder.path(), &server(&first, 2090));
    let mut world = served(Safety::Files(files), None).await.unwrap();
    let reaches = async |world: &World, authority: &Authority| {
        let client = client(Some(&authority.pem()));
        client.post(&world.running.url).send().await.is_ok()
    };
    assert!(reaches(&world, &first).await && !reaches(&world, &second).await);
    write(folder.path(), &("garbage".to_owned(), "garbage".to_owned()));
    world.running.reload();
    assert!(reaches(&world, &first).await, "the old one stays");
    write(folder.path(), &server(&second, 2090));
    world.running.reload();
    for _ in 0..1000 {
        if reaches(&world, &second).await {
            world.client = client(Some(&second.pem()));
            assert_eq!(world.call("e1", "a@example.com", "right").await, Came::Verified);
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the new certificate is never used");
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority();
    let good = server(&authority, 2090);
    let files = write(folder.path(), &good);
    let certificate = Certificate::read(files.clone()).unwrap();
    assert_eq!(certificate.expires(), Some(3_786_912_000));
    assert!(!certificate.reload().unwrap(), "nothing changed");
    let other = server(&authority, 2090);
    let mixed = (good.0.clone(), other.1.clone());
    for (bad, word) in [(mixed, "certificate"), (server(&authority, 2021), "ended at 2021")] {
        write(folder.path(), &bad);
        let error = certificate.reload().unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
        assert!(!certificate.reload().unwrap(), "said once");
        assert!(Certificate::read(files.clone()).is_err(), "and no server begins with it");
    }
    fs::remove_file(&files.key).unwrap();
    assert!(certificate.reload().unwrap_err().to_string().contains("tls.key"));
    assert!(!certificate.reload().unwrap());
    write(folder.path(), &other);
    assert!(certificate.reload().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_show_a_certificate_where_that_is_asked_for() {
    let callers = authority();
    let world = served(Safety::SelfSigned, Some(callers.pem())).await.unwrap();
    assert!(world.client.post(&world.running.url).send().await.is_err(), "no certificate");
    let ca = world.running.ca_pem.clone().unwrap();
    let with = |authority: &Authority| {
        let (certificate, key) = signed(authority, ExtendedKeyUsagePurpose::ClientAuth, 2090);
        let roots = reqwest::Certificate::from_pem(ca.as_bytes()).unwrap();
        let identity = Identity::from_pem(format!("{certificate}{key}").as_bytes()).unwrap();
        reqwest::Client::builder().tls_certs_only([roots]).identity(identity).no_proxy().build().unwrap()
    };
    assert!(with(&authority()).post(&world.running.url).send().await.is_err(), "of somebody else");
    let world = World { client: with(&callers), ..world };
    assert_eq!(world.call("e1", "a@example.com", "right").await, Came::Verified);
}
