//! The binary from the outside: each test has an org of its own, a folder of its own, and calls `muster` as people
//! do.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod activate;
mod again;
mod arming;
mod attributes;
mod command_pages;
mod cuts;
mod emulated_org;
mod encodings;
mod faults;
mod files;
mod formats;
mod groups;
mod hook_admin;
mod hook_export;
mod hook_serve;
mod hook_server;
mod hook_trial;
mod interruptions;
mod kills;
mod kills_of_waves;
mod leftovers;
mod modes;
mod moved;
mod next_steps;
mod output;
mod passwords;
mod planning;
mod programme;
mod rates;
mod reference;
mod refusals;
mod retry;
mod service_app;
mod settings;
mod sources;
mod tls;
mod whose;
mod world;
