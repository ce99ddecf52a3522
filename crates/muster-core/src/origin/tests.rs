use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::login::Login;
use crate::record::Line;
use crate::secret::Secret;

const SINCE: &str = "2026-11-21T10:00:00.700Z";

fn candidate(credential: Credential) -> Candidate {
    Candidate {
        line: Line(2),
        login: Login::parse("kim@example.com").unwrap(),
        external_id: None,
        profile: profile(),
        activate: credential != Credential::None,
        credential,
        stored: None,
        recovery: None,
        change_password: false,
        other_status: false,
        afterwards: None,
        groups: BTreeSet::new(),
        realm_id: Some("guo1".to_owned()),
        type_id: Some("oty1".to_owned()),
    }
}

fn profile() -> Map<String, Value> {
    json!({"login": "kim@example.com", "firstName": "Kim"}).as_object().unwrap().clone()
}

fn found(status: &str, provider: &str) -> FoundUser {
    FoundUser {
        id: "00u1".to_owned(),
        status: status.to_owned(),
        created: "2026-11-21T10:00:03.000Z".parse().ok(),
        profile: profile(),
        provider: Some(provider.to_owned()),
        type_id: Some("oty1".to_owned()),
        realm_id: Some("guo1".to_owned()),
        in_transition: false,
    }
}

fn plain() -> FoundUser {
    found("STAGED", "OKTA")
}

fn doubt() -> Doubt {
    Doubt { since: SINCE.parse().unwrap(), until: "2026-11-21T10:01:12Z".parse().ok() }
}

fn told(credential: Credential, found: &FoundUser) -> Origin {
    origin(&candidate(credential), found, doubt(), &Customs::default())
}

fn password() -> Credential {
    Credential::Cleartext(Secret::new("Tr0mbone-quay"))
}

fn is_unclear(origin: &Origin, word: &str) -> bool {
    matches!(origin, Origin::Unclear(odd) if odd.iter().any(|odd| odd.contains(word)))
}

#[test]
fn what_a_create_of_ours_makes_is_ours() {
    assert_eq!(told(Credential::None, &plain()), Origin::Ours);
    assert_eq!(told(password(), &found("ACTIVE", "OKTA")), Origin::Ours);
    assert_eq!(told(Credential::Hook, &found("ACTIVE", "IMPORT")), Origin::Ours);
    let on_its_way = FoundUser { in_transition: true, ..found("STAGED", "IMPORT") };
    assert_eq!(told(Credential::Hook, &on_its_way), Origin::Ours);
    let mut with_defaults = plain();
    with_defaults.profile.insert("locale".to_owned(), json!("en_US"));
    with_defaults.profile.insert("mobilePhone".to_owned(), Value::Null);
    assert_eq!(told(Credential::None, &with_defaults), Origin::Ours);
}

#[test]
fn the_time_tells_who_can_not_have_been_us() {
    let at = |created: &str| FoundUser { created: created.parse().ok(), ..plain() };
    assert_eq!(told(Credential::None, &at("2026-11-21T10:00:00Z")), Origin::Ours, "seconds are whole");
    assert!(is_unclear(&told(Credential::None, &at("2026-11-21T09:59:58Z")), "a moment before"));
    assert_eq!(told(Credential::None, &at("2026-11-21T09:59:57Z")), Origin::Theirs);
    assert_eq!(told(Credential::None, &at("2026-11-21T10:01:12Z")), Origin::Ours);
    assert_eq!(told(Credential::None, &at("2026-11-21T10:01:13Z")), Origin::Theirs);
    let open = Doubt { until: None, ..doubt() };
    let customs = Customs::default();
    let late = at("2026-11-22T10:00:00Z");
    assert_eq!(origin(&candidate(Credential::None), &late, open, &customs), Origin::Ours);
    assert!(is_unclear(&told(Credential::None, &FoundUser { created: None, ..plain() }), "when"));
}

#[test]
fn what_no_create_of_ours_makes_is_theirs() {
    let other_name = json!({"login": "kim@example.com", "firstName": "Kimberly"});
    let cases = [
        (Credential::None, FoundUser { profile: other_name.as_object().unwrap().clone(), ..plain() }),
        (Credential::None, found("STAGED", "IMPORT")),
        (password(), found("ACTIVE", "IMPORT")),
        (password(), found("ACTIVE", "ACTIVE_DIRECTORY")),
        (password(), found("STAGED", "OKTA")),
        (Credential::Hook, found("STAGED", "IMPORT")),
        (Credential::None, FoundUser { type_id: Some("oty2".to_owned()), ..plain() }),
        (Credential::None, FoundUser { realm_id: Some("guo2".to_owned()), ..plain() }),
    ];
    for (credential, found) in cases {
        assert_eq!(told(credential, &found), Origin::Theirs, "{found:?}");
    }
}

#[test]
fn what_is_odd_is_unclear() {
    assert!(is_unclear(&told(Credential::Hook, &found("ACTIVE", "OKTA")), "provider is OKTA"));
    assert!(is_unclear(&told(Credential::None, &found("ACTIVE", "OKTA")), "a staged one"));
    let mut more = plain();
    more.profile.insert("title".to_owned(), json!("Clerk"));
    assert!(is_unclear(&told(Credential::None, &more), "not sent: title"));
}

#[test]
fn an_org_that_shows_less_is_judged_by_what_it_shows() {
    let bare =
        FoundUser { provider: None, type_id: None, realm_id: None, status: "ACTIVE".to_owned(), ..plain() };
    assert_eq!(told(Credential::Hook, &bare), Origin::Ours);
}

#[test]
fn a_suspension_of_ours_is_not_odd() {
    let suspended = Candidate { afterwards: Some(Afterwards::Deactivate), ..candidate(Credential::None) };
    let told = origin(&suspended, &found("DEPROVISIONED", "OKTA"), doubt(), &Customs::default());
    assert_eq!(told, Origin::Ours);
}

#[test]
fn each_create_without_an_answer_extends_the_doubt() {
    let minute = SignedDuration::from_mins(1);
    let (first, second) = (SINCE.parse().unwrap(), "2026-11-21T10:05:00Z".parse().unwrap());
    let once = Doubt::extended(None, first, minute);
    let twice = Doubt::extended(Some(once), second, minute);
    assert_eq!((twice.since, twice.until), (first, "2026-11-21T10:06:12Z".parse().ok()));
    let endless = Doubt { until: None, ..once };
    assert!(Doubt::extended(Some(endless), second, minute).until.is_some_and(|until| until > second));
}
