//! Hash, salt, algorithm and parameters in columns of their own.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_fuzz::columns;

fuzz_target!(|data: &[u8]| columns(data));
