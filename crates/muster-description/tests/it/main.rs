//! The judge at work.
