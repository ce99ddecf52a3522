//! "$" in front: crypt(3), PHC strings, passlib, PHPass, WordPress, Drupal.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_fuzz::whole;

fuzz_target!(|data: &[u8]| whole("$", data));
