//! A directory that is not there, and questions that are never asked. Real ones are asked in `services`.

use super::{ask, place, run, word};

fn nobody_listens() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_directory_that_is_down_says_nothing() {
    let port = nobody_listens();
    let truth =
        place(&format!("kind = 'ldap'\nname = 'x'\nurl = 'ldap://127.0.0.1:{port}'\nbase = 'dc=x'")).unwrap();
    assert_eq!(word(&run(ask(&*truth, "ann", "secret"))), "unavailable");
    assert_eq!(word(&run(ask(&*truth, " ", "secret"))), "nobody");
}

#[test]
fn databases_that_are_down_say_nothing() {
    let port = nobody_listens();
    for kind in ["postgres", "mysql"] {
        let table = format!(
            "kind = '{kind}'\nname = 'x'\nurl = '{kind}://u@127.0.0.1:{port}/d'\npassword = 'env:P'\nquery = 'SELECT h AS passwordHash FROM u WHERE m = :login'"
        );
        let truth = place(&table).unwrap();
        assert_eq!(word(&run(ask(&*truth, "ann", "secret"))), "unavailable", "{kind}");
    }
}

#[test]
fn a_server_that_never_answers_is_left_in_time() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for (kind, rest) in [
        ("ldap", "base = 'dc=x'"),
        ("postgres", "query = 'SELECT h AS passwordHash FROM u WHERE m = :login'"),
        ("mysql", "query = 'SELECT h AS passwordHash FROM u WHERE m = :login'"),
    ] {
        let table = format!(
            "kind = '{kind}'\nname = 'x'\ntimeout_ms = 60\nurl = '{kind}://127.0.0.1:{port}'\n{rest}"
        );
        let truth = place(&table).unwrap();
        for _ in 0..6 {
            assert_eq!(word(&run(ask(&*truth, "ann", "secret"))), "unavailable", "{kind}");
        }
    }
}
