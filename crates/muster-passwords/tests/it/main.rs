//! What the crate promises, seen from outside.

mod malformed;
mod vectors;
