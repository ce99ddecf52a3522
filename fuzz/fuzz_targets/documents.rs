//! JSON: Keycloak, Auth0.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_fuzz::whole;

fuzz_target!(|data: &[u8]| whole("{\"", data));
