//! A service app in the place of a token: how it is named, what it may do, and what is said when it may not.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use aws_lc_rs::encoding::AsBigEndian;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use muster_emulator::{OAuthSettings, OrgSettings, ServiceApp};
use serde_json::{Value, json};

use crate::world::{Ran, World, free_settings, people};

const APP: &str = "0oa1service";
const ALL: [&str; 3] = ["okta.users.manage", "okta.groups.manage", "okta.schemas.read"];

/// A key pair in the forms that people have.
struct Key {
    pem: String,
    jwk: Value,
}

impl Key {
    fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let d = pair.private_key().as_be_bytes().unwrap();
        let jwk = json!({"kty": "EC", "crv": "P-256", "kid": "k1", "x": text(x), "y": text(y), "d": text(d.as_ref())});
        let base64 = STANDARD.encode(pair.to_pkcs8v1().unwrap().as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
        Self { pem, jwk }
    }

    fn secret(&self) -> &str {
        self.jwk["d"].as_str().unwrap()
    }
}

/// An org that knows an app of this key, and the key in a file.
fn world(key: &Key, scopes: &[&str], dpop: bool, life: Duration) -> World {
    let app = json!({
        "client_id": APP,
        "jwks": {"keys": [key.jwk]},
        "scopes": scopes,
        "dpop_bound_access_tokens": dpop,
    });
    let mut settings = free_settings();
    settings.limits.push("token=unlimited".parse().unwrap());
    let world = World::with(OrgSettings {
        apps: vec![ServiceApp::from_json(app.to_string().as_bytes()).unwrap()],
        oauth: OAuthSettings { token_lifetime: life, ..OAuthSettings::default() },
        ..settings
    });
    world.write("key.pem", &key.pem);
    std::fs::set_permissions(world.path("key.pem"), Permissions::from_mode(0o600)).unwrap();
    world
}

fn usual(key: &Key) -> World {
    world(key, &ALL, false, Duration::from_hours(1))
}

/// The binary with these variables and no token.
fn command(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = world.command(arguments);
    command.env_remove("OKTA_API_TOKEN").envs(variables.iter().copied());
    command
}

fn ran(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    Ran::of(&command(world, arguments, variables).output().unwrap())
}

const FILE: [(&str, &str); 3] =
    [("OKTA_CLIENT_ID", APP), ("OKTA_PRIVATE_KEY_FILE", "key.pem"), ("OKTA_KEY_ID", "k1")];

#[test]
fn an_app_imports_with_its_key_in_any_form() {
    let key = Key::new();
    let world = usual(&key);
    let jwk = key.jwk.to_string();
    let path = world.path("key.pem").display().to_string();
    for (place, variables) in [
        FILE.to_vec(),
        vec![("OKTA_CLIENT_ID", APP), ("OKTA_PRIVATE_KEY", jwk.as_str())],
        vec![("OKTA_CLIENT_CLIENTID", APP), ("OKTA_CLIENT_PRIVATEKEY", &key.pem), ("OKTA_KEY_ID", "k1")],
        vec![("OKTA_CLIENT_CLIENTID", APP), ("OKTA_CLIENT_PRIVATEKEY", &path), ("OKTA_CLIENT_KID", "k1")],
    ]
    .into_iter()
    .enumerate()
    {
        world.write("people.csv", people(3).replace('@', &format!("{place}@")));
        let import = ["import", "--yes", "-vv", "--output", "json", "people.csv"];
        let import = world.imported(ran(&world, &import, &variables));
        import.came_to(0, &[("created", 3)]);
        import.ran.hides(&[key.secret(), "eyJ"]);
    }
    assert_eq!(world.stats().users, 12);
}

#[test]
fn the_file_of_oktas_sdks_is_enough() {
    let key = Key::new();
    let world = usual(&key);
    let indented = key.pem.replace('\n', "\n      ");
    let yaml = format!(
        "okta:\n  client:\n    orgUrl: {}\n    token: old\n    authorizationMode: PrivateKey\n    clientId: {APP}\n    scopes:\n      - okta.users.manage\n    kid: k1\n    privateKey: |\n      {indented}\n",
        world.url
    );
    world.write("home/.okta/okta.yaml", yaml);
    world.write("people.csv", people(3));
    let mut import = command(&world, &["import", "--yes", "people.csv"], &[]);
    let ran = Ran::of(&import.env_remove("OKTA_ORG_URL").output().unwrap());
    assert_eq!((ran.code, world.stats().users), (0, 3), "{ran:?}");
}

#[test]
fn a_run_outlives_many_tokens() {
    let key = Key::new();
    for dpop in [false, true] {
        let world = world(&key, &ALL, dpop, Duration::from_secs(1));
        world.write("people.csv", people(400));
        world.post("/_emulator/faults", &json!("expired-token:createUser=from:50,max:3"));
        let mut import = command(
            &world,
            &["import", "--yes", "-q", "--output", "json", "--max-in-flight", "4", "people.csv"],
            &FILE,
        );
        let import = world.imported(Ran::of(&import.output().unwrap()));
        import.came_to(0, &[("created", 400)]);
        assert_eq!((world.stats().users, world.stats().creates_by_login_max), (400, 1));
    }
}

#[test]
fn a_plan_asks_for_reading_only() {
    let key = Key::new();
    let scopes = ["okta.users.read", "okta.groups.read", "okta.schemas.read"];
    let world = world(&key, &scopes, false, Duration::from_hours(1));
    world.write("people.csv", people(3));
    assert_eq!(ran(&world, &["plan", "people.csv"], &FILE).code, 0);
    let import = ran(&world, &["import", "--yes", "people.csv"], &FILE);
    import.refused(
        1,
        &["okta.users.manage  to create and update users", "okta.groups.manage", "API Scopes", "role"],
    );
    assert!(world.is_untouched());
}

#[test]
fn what_is_wrong_with_the_app_is_told() {
    let (key, other) = (Key::new(), Key::new());
    let world = usual(&key);
    world.write("people.csv", people(3));
    world.write("other.pem", &other.pem);
    world.write("broken.pem", key.pem.replace("PRIVATE", "PUBLIC"));
    std::fs::set_permissions(world.path("other.pem"), Permissions::from_mode(0o644)).unwrap();
    let with = |name: &'static str, value: &'static str| {
        let mut variables = FILE.to_vec();
        variables.retain(|(set, _)| *set != name);
        if !value.is_empty() {
            variables.push((name, value));
        }
        ran(&world, &["plan", "people.csv"], &variables)
    };
    with("OKTA_KEY_ID", "k2").refused(1, &["kid", "\"k2\"", "OKTA_KEY_ID"]);
    let wrong = with("OKTA_PRIVATE_KEY_FILE", "other.pem");
    wrong.refused(1, &["signature", "not the other half", "others on this machine", "chmod 600 other.pem"]);
    wrong.hides(&[key.secret(), other.secret(), "eyJ"]);
    with("OKTA_CLIENT_ID", "0oastranger").refused(1, &["0oastranger", "OKTA_CLIENT_ID right"]);
    with("OKTA_PRIVATE_KEY_FILE", "broken.pem").refused(2, &["broken.pem", "public key"]);
    with("OKTA_PRIVATE_KEY_FILE", "gone.pem").refused(2, &["gone.pem", "can't be read"]);
    with("OKTA_PRIVATE_KEY_FILE", "").refused(2, &["no private key", "OKTA_PRIVATE_KEY_FILE"]);
    with("OKTA_CLIENT_ID", "").refused(2, &["no client id", "OKTA_CLIENT_ID"]);
    with("OKTA_PRIVATE_KEY", "{}").refused(2, &["set twice"]);
    with("OKTA_DPOP", "perhaps").refused(2, &["OKTA_DPOP", "neither true nor false"]);
    with("OKTA_API_TOKEN", "test").refused(2, &["OKTA_CLIENT_ID", "unset OKTA_API_TOKEN"]);
    with("OKTA_SCOPES", "okta.users.read").refused(1, &["lacks scopes", "out of OKTA_SCOPES"]);
    assert!(world.is_untouched());
}

#[test]
fn the_nearest_layer_says_who_calls() {
    let key = Key::new();
    let world = usual(&key);
    world.write("muster.toml", "api_token = \"from-a-file\"\n");
    let held = |variables: &[(&str, &str)]| {
        let settings = ran(&world, &["--show-settings", "--output", "json"], variables);
        settings.hides(&["from-a-file", key.secret()]);
        settings.json()["credentials"]["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(held(&FILE), "service app");
    assert_eq!(held(&[]), "API token");
    assert!(held(&[FILE.as_slice(), &[("OKTA_API_TOKEN", "x")]].concat()).starts_with("unclear: both"));
    let mode = ("OKTA_CLIENT_AUTHORIZATIONMODE", "SSWS");
    assert_eq!(held(&[FILE.as_slice(), &[("OKTA_API_TOKEN", "x"), mode]].concat()), "API token");
    world.write(
        "muster.toml",
        format!("client_id = \"{APP}\"\nprivate_key_file = \"key.pem\"\nkey_id = \"k1\"\n"),
    );
    assert_eq!(held(&[]), "service app");
    assert_eq!(held(&[("OKTA_ACCESS_TOKEN", "x")]), "access token");
    world.write("people.csv", people(2));
    assert_eq!(ran(&world, &["import", "--yes", "people.csv"], &[]).code, 0);
}

#[test]
fn the_doctor_tells_of_token_and_scopes() {
    let key = Key::new();
    let all = world(&key, &ALL, true, Duration::from_mins(10));
    let well = ran(&all, &["doctor"], &FILE);
    assert_eq!(well.code, 0, "{well:?}");
    for word in ["service app", "10 min", "DPoP", "granted: okta.users.manage", "needs no others"] {
        assert!(well.out.contains(word), "{word}: {}", well.out);
    }
    let few = world(&key, &["okta.users.manage", "okta.groups.read"], false, Duration::from_hours(1));
    let ill = ran(&few, &["doctor"], &FILE);
    assert_eq!(ill.code, 1, "{ill:?}");
    for word in [
        "FAIL  scopes",
        "lacks okta.groups.manage to put users into groups",
        "okta.schemas.read",
        "as Bearer",
    ] {
        assert!(ill.out.contains(word), "{word}: {}", ill.out);
    }
    let none = ran(&few, &["doctor"], &[FILE[0], FILE[1], ("OKTA_KEY_ID", "k2")]);
    assert!(none.code == 1 && none.out.contains("FAIL  token") && none.out.contains("\"k2\""), "{none:?}");
    none.hides(&[key.secret()]);
}
