//! Base64 of any bytes: ASP.NET Identity, 389 Directory Server, LDIF.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_fuzz::encoded;

fuzz_target!(|data: &[u8]| encoded(data));
