//! What Okta, or whoever pretends to be Okta, sends to the password-import hook.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    drop(muster_server::hook::request::read(data));
});
