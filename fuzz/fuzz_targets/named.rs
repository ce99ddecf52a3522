//! A name in front: Django, Werkzeug.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_fuzz::whole;

fuzz_target!(|data: &[u8]| whole("", data));
