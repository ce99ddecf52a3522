//! The doors.

pub mod programme_page;
