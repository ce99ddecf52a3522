//! What the app was granted, and what is missing.

use muster_core::retry::Class;
use muster_emulator::{Emulator, OAuthSettings, OrgSettings, Ungranted};
use muster_okta::needs;

use crate::app::{ALL, HOUR, Wire, app, good, okta, okta_for, settings, words};
use crate::keys::Key;

const BOTH: [Ungranted; 2] = [Ungranted::Refused, Ungranted::Dropped];

fn granted(key: &Key, scopes: &[&str], ungranted: Ungranted) -> std::sync::Arc<Wire> {
    let settings = OrgSettings {
        apps: vec![app(&[key.public(None)], scopes, false)],
        oauth: OAuthSettings { ungranted, ..OAuthSettings::default() },
        ..settings(key, false, HOUR)
    };
    Wire::clean(&Emulator::open(settings).unwrap())
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_named_with_what_it_is_for() {
    for ungranted in BOTH {
        let key = Key::new();
        let wire = granted(&key, &["okta.users.manage", "okta.groups.read"], ungranted);
        let said = words(&okta(&wire, key.signing()).list_users().await);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines[1], "  okta.groups.manage  to put users into groups, and create groups");
        assert!(lines[2].starts_with("Grant them in the Admin Console"), "{said}");
        assert!(!said.contains("okta.schemas.read") && wire.calls().is_empty(), "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_only_wished_for_may_be_missing() {
    for ungranted in BOTH {
        let key = Key::new();
        let wire = granted(&key, &ALL[..2], ungranted);
        let okta = okta(&wire, key.signing());
        good(&okta.list_users().await);
        let schema = okta.read_schema().await;
        assert_eq!((schema.status, schema.class()), (Some(403), Some(Class::Forbidden)));
        let report = okta.token_report().await.unwrap().unwrap();
        assert_eq!(report.scopes, ALL[..2]);
        let missing: Vec<&str> = report.missing.iter().map(muster_okta::ScopeNeed::name).collect();
        assert_eq!(missing, ["okta.schemas.read"]);
        let asked = wire.token_requests().len();
        tokio::time::advance(HOUR).await;
        good(&okta.list_users().await);
        assert_eq!(wire.token_requests().len(), asked + 1, "what can be had is known");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_may_manage_may_read() {
    for ungranted in BOTH {
        let key = Key::new();
        let wire = granted(&key, &ALL, ungranted);
        let okta = okta_for(&wire, key.signing(), needs::plan());
        good(&okta.list_users().await);
        assert_eq!(okta.token_report().await.unwrap().unwrap().scopes, ALL);
        let wire = granted(&key, &["okta.users.read", "okta.groups.read"], ungranted);
        let okta = okta_for(&wire, key.signing(), needs::plan());
        good(&okta.list_users().await);
        let scopes = okta.token_report().await.unwrap().unwrap().scopes;
        assert_eq!(scopes, ["okta.users.read", "okta.groups.read"], "no more than is needed");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_granted_is_everything_missing() {
    let key = Key::new();
    let wire = granted(&key, &["okta.logs.read"], Ungranted::Refused);
    for needs in [needs::import(), needs::plan(), needs::doctor(), needs::named(["okta.users.manage"])] {
        let said = words(&okta_for(&wire, key.signing(), needs).list_users().await);
        assert!(said.contains("lacks scopes") && said.contains("okta.users."), "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_request_is_enough_where_all_is_granted() {
    let key = Key::new();
    let wire = granted(&key, &ALL, Ungranted::Refused);
    let okta = okta(&wire, key.signing());
    good(&okta.read_schema().await);
    assert_eq!(wire.token_requests(), [Some(200)]);
    assert!(wire.made()[0].body.contains("scope=okta.users.manage+okta.groups.manage+okta.schemas.read"));
}

#[tokio::test(start_paused = true)]
async fn sessions_can_be_looked_at_with_either_scope() {
    for ungranted in BOTH {
        for (scopes, settled) in [
            (&["okta.identitySources.read"][..], &["okta.identitySources.read"][..]),
            (&["okta.identitySources.manage"], &["okta.identitySources.manage"]),
            (
                &["okta.identitySources.manage", "okta.identitySources.read"],
                &["okta.identitySources.read", "okta.identitySources.manage"],
            ),
        ] {
            let key = Key::new();
            let wire = granted(&key, scopes, ungranted);
            let report =
                okta_for(&wire, key.signing(), needs::sessions()).token_report().await.unwrap().unwrap();
            assert_eq!(report.scopes, settled, "{ungranted:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_import_into_a_source_asks_for_the_hook_only_where_it_is_armed() {
    let key = Key::new();
    let least = ["okta.identitySources.manage", "okta.users.read"];
    let wire = granted(&key, &least, Ungranted::Refused);
    let okta = okta_for(&wire, key.signing(), needs::identity_source_import(false));
    let report = okta.token_report().await.unwrap().unwrap();
    assert_eq!(report.scopes, least);
    let missing: Vec<&str> = report.missing.iter().map(muster_okta::ScopeNeed::name).collect();
    assert_eq!(missing, ["okta.logs.read", "okta.schemas.read", "okta.apps.read"]);
    let okta = okta_for(&wire, key.signing(), needs::identity_source_import(true));
    let said = words(&okta.list_users().await);
    assert!(said.contains("okta.users.manage") && !said.contains("okta.users.read"), "{said}");
}
