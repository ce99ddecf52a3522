//! The house rules. Each one says why it is one; what it can't know is whether a breach is justified, so there are
//! no exceptions but those in its own list.

mod attributes;
mod doors;
mod layering;
mod length;
mod machine_paths;
mod module_names;
mod purity;
mod sql;

use crate::finding::Finding;
use crate::tree::Tree;
use crate::workspace::Package;

/// A rule about files.
type Rule = fn(&Tree) -> Vec<Finding>;

/// All rules about files.
const ALL: &[Rule] = &[
    length::check,
    attributes::check,
    module_names::check,
    machine_paths::check,
    sql::check,
    doors::check,
    purity::check,
];

/// Everything that breaks a rule.
pub fn check(tree: &Tree, packages: &[Package]) -> Vec<Finding> {
    let layering = layering::check(packages);
    layering.into_iter().chain(ALL.iter().flat_map(|rule| rule(tree))).collect()
}

/// A tree of one file, and where a rule finds fault with it.
#[cfg(test)]
fn places(rule: Rule, path: &str, text: &str) -> Vec<String> {
    let tree = Tree { files: vec![crate::tree::File::new(path, text.to_owned())] };
    rule(&tree).into_iter().map(|finding| finding.place).collect()
}
