//! Settings: what is not understood or not safe is refused, and no secret is repeated.

use super::{place, settings};

fn refusal(table: &str) -> String {
    place(table).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn words_that_nobody_knows_are_refused() {
    let refused = |table: &str| settings(table).unwrap_err().to_string();
    assert!(refused("kind = 'oracle'\nname = 'x'").contains("oracle"));
    let table = "kind = 'sqlite'\nname = 'x'\npath = 'x.db'\nquery = 'q'\nqurey = 'q'";
    assert!(refused(table).contains("qurey"));
    let table = "kind = 'postgres'\nname = 'x'\nurl = 'u'\nquery = 'q'\ntls = 'require'";
    assert!(refused(table).contains("verify-full"), "half an encryption is none");
}

#[test]
fn a_secret_that_is_written_down_is_refused_and_not_repeated() {
    let table = "kind = 'file'\nname = 'x'\npath = 'p'\nkey = 'hunter2hunter2'";
    let error = settings(table).unwrap_err();
    assert!(error.message().contains("env:NAME or file:PATH"), "{}", error.message());
    assert!(!error.message().contains("hunter2"));
    let table = "kind = 'postgres'\nname = 'x'\nurl = 'postgres://u:hunter2@127.0.0.1/d'\nquery = 'a :login'";
    let error = refusal(table);
    assert!(error.contains("url holds a password") && !error.contains("hunter2"), "{error}");
    let error = refusal(&table.replace("postgres", "mysql"));
    assert!(error.contains("url holds a password") && !error.contains("hunter2"), "{error}");
}

#[test]
fn times_and_names_are_checked() {
    let table = "kind = 'file'\nname = 'x'\npath = 'p'\ntimeout_ms = 0";
    assert!(refusal(table).contains("timeout_ms"));
    assert!(refusal("kind = 'file'\nname = ' '\npath = 'p'").contains("name is empty"));
    let set = settings("kind = 'file'\nname = 'x'\npath = 'p'").unwrap();
    assert_eq!(set.timeout().as_millis(), 1500);
}

#[test]
fn directories_hear_passwords_through_tls_only() {
    let table = |url: &str| format!("kind = 'ldap'\nname = 'x'\nurl = '{url}'\nbase = 'dc=x'");
    assert!(refusal(&table("ldap://ldap.example.com")).contains("start_tls"));
    assert!(refusal(&table("https://ldap.example.com")).contains("ldaps://"));
    assert_eq!(refusal(&table("ldap://127.0.0.1:1389")), "");
    let half = format!("{}\nbind_dn = 'cn=a'", table("ldap://127.0.0.1:1389"));
    assert!(refusal(&half).contains("bind_password"));
}

#[test]
fn old_applications_hear_passwords_through_tls_only() {
    let table = |url: &str, body: &str, right: &str| {
        format!(
            "kind = 'http'\nname = 'x'\nurl = '{url}'\nbody = '{body}'\n\
             headers = {{ content-type = 'application/json' }}\n\
             right = {right}\nwrong = {{ status = [401] }}"
        )
    };
    let body = r#"{"u":"{login}","p":"{password}"}"#;
    let fine = "{ status = [200] }";
    assert_eq!(refusal(&table("http://127.0.0.1:1/x", body, fine)), "");
    assert!(refusal(&table("http://old.example.com/x", body, fine)).contains("https://"));
    assert!(refusal(&table("http://127.0.0.1:1/{password}", body, fine)).contains("logged"));
    assert!(refusal(&table("http://{login}.127.0.0.1:1/", body, fine)).contains("url"));
    assert!(
        refusal(&table("http://127.0.0.1:1/", r#"{"u":{login},"p":"{password}"}"#, fine)).contains("quotes")
    );
    assert!(refusal(&table("http://127.0.0.1:1/", r#"{"u":"{login}"}"#, fine)).contains("{password}"));
    for status in [302, 401, 500, 429] {
        let right = format!("{{ status = [{status}] }}");
        assert!(refusal(&table("http://127.0.0.1:1/", body, &right)).contains("can't be a sign"), "{status}");
    }
    let both = "{ status = [200, 401] }";
    assert!(!refusal(&table("http://127.0.0.1:1/", body, both)).is_empty());
}
