//! Many people at the sign-in page at the same time.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde_json::json;

use crate::world::World;

/// So many try at the same time.
const AT_ONCE: usize = 8;

/// Name and password.
pub type Try<'a> = (&'a str, &'a str);

/// The names that got in. Nobody may be told to wait.
pub fn let_in(world: &World, tries: &[Try<'_>]) -> BTreeSet<String> {
    let waiting = Mutex::new(tries.iter());
    let inside = Mutex::new(BTreeSet::new());
    let lane = || {
        loop {
            let Some(&(login, password)) = waiting.lock().unwrap().next() else { return };
            let body = json!({"username": login, "password": password});
            let (status, text) = world.call("POST", "/api/v1/authn", Some(&body));
            assert!(status == 200 || status == 401, "{login}: {status} {text}");
            if status == 200 {
                inside.lock().unwrap().insert(login.to_owned());
            }
        }
    };
    std::thread::scope(|scope| (0..AT_ONCE).for_each(|_| drop(scope.spawn(lane))));
    inside.into_inner().unwrap()
}
