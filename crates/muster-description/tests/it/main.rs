//! The judge at work.

mod answers;
mod dialect;
mod excuses;
mod official;
mod reading;
mod requests;
mod sample;
mod secrecy;
mod tally;
