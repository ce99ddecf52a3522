//! Core has no clock, no dice, no files and no threads.

use crate::finding::Finding;
use crate::tree::Tree;

/// The room of thought.
const ROOM: &str = "muster-core";
/// Modules of the standard library that touch the world.
const MODULES: &[&str] = &["env", "fs", "net", "process", "thread"];
/// Clocks.
const CLOCKS: &[&str] = &["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now"];

/// Checks the product code of core.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, code) in tree.rust().filter(|(file, _)| file.is_product() && file.crate_name() == Some(ROOM)) {
        for (line, name) in code.std_modules().into_iter().filter(|(_, name)| MODULES.contains(name)) {
            let message = format!(
                "`std::{name}`: core touches nothing of the world, so that a run can be repeated from a seed; take what it gives as an argument"
            );
            found.push(Finding::at(&file.path, line, message));
        }
        for clock in CLOCKS {
            let message = format!(
                "`{clock}`: core has no clock, so that tests turn it at will; take `now` as an argument"
            );
            let lines = code.lines_with(clock).into_iter();
            found.extend(lines.map(|line| Finding::at(&file.path, line, message.clone())));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::places;

    #[test]
    fn the_world_is_found_in_core() {
        let path = "crates/muster-core/src/a.rs";
        let first = [format!("{path}:1")];
        for module in MODULES {
            assert_eq!(places(check, path, &format!("use std::{module}::X;")), first);
            assert_eq!(places(check, path, &format!("use std::{{fmt, {module}::{{self, X}}}};")), first);
        }
        for clock in CLOCKS {
            assert_eq!(places(check, path, &format!("let now = {clock}();")), first);
            assert_eq!(places(check, path, &format!("let now = jiff::{clock}();")), first);
        }
        assert!(places(check, path, "use std::{fmt, time::Duration}; // std::fs").is_empty());
        assert!(places(check, "crates/muster-engine/src/a.rs", "use std::fs; Instant::now()").is_empty());
        assert!(places(check, path, "#[cfg(test)]\nmod tests { use std::fs; }").is_empty());
    }
}
