//! A file can be read in one sitting.

use crate::finding::Finding;
use crate::tree::Tree;

/// In lines, with everything in it.
const LONGEST: usize = 600;

/// Checks every file of product code.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let long = tree.rust().filter_map(|(file, _)| {
        let lines = file.text.lines().count();
        (file.is_product() && lines > LONGEST).then(|| {
            let message = format!(
                "{lines} lines, and a file has {LONGEST} at most: a longer one is a drawer; give its halves names of their own"
            );
            Finding::of(&file.path, message)
        })
    });
    long.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::places;

    #[test]
    fn long_files_are_found_tests_apart() {
        let (long, fits) = ("x\n".repeat(LONGEST + 1), "x\n".repeat(LONGEST));
        assert_eq!(places(check, "crates/a/src/lib.rs", &long), ["crates/a/src/lib.rs"]);
        for path in
            ["crates/a/src/b/tests.rs", "crates/a/src/tests/b.rs", "crates/a/tests/it/main.rs", "Cargo.lock"]
        {
            assert!(places(check, path, &long).is_empty(), "{path}");
        }
        assert!(places(check, "crates/a/src/lib.rs", &fits).is_empty());
    }
}
