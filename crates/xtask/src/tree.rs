//! The files of the project: what git tracks, and what it would.

use std::io::ErrorKind;
use std::path::Path;

use crate::error::WorkshopError;
use crate::rust_code::RustCode;
use crate::workspace::said;

/// All files.
#[derive(Debug, Default)]
pub struct Tree {
    /// By path.
    pub files: Vec<File>,
}

/// One file.
#[derive(Debug)]
pub struct File {
    /// From the root, with forward slashes.
    pub path: String,
    /// What is in it; bytes that are no text are replaced.
    pub text: String,
    /// The same as code, if it is Rust.
    pub rust: Option<RustCode>,
}

impl Tree {
    /// Reads everything below the root that git does not ignore.
    pub fn read(root: &Path) -> Result<Self, WorkshopError> {
        let place = root.to_string_lossy();
        let listed = said(
            "git",
            &["-C", &place, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
        )?;
        let mut files = Vec::new();
        for path in String::from_utf8_lossy(&listed).split('\0').filter(|path| !path.is_empty()) {
            files.extend(File::read(root, path)?);
        }
        Ok(Self { files })
    }

    /// The Rust files, as code.
    pub fn rust(&self) -> impl Iterator<Item = (&File, &RustCode)> {
        self.files.iter().filter_map(|file| file.rust.as_ref().map(|code| (file, code)))
    }
}

impl File {
    /// A file with this text.
    pub fn new(path: &str, text: String) -> Self {
        let rust = (extension(path) == Some("rs")).then(|| RustCode::read(&text));
        Self { path: path.to_owned(), text, rust }
    }

    /// Nothing for what is tracked but deleted, and for links to folders.
    fn read(root: &Path, path: &str) -> Result<Option<Self>, WorkshopError> {
        let place = root.join(path);
        match std::fs::read(&place) {
            Ok(bytes) => Ok(Some(Self::new(path, String::from_utf8_lossy(&bytes).into_owned()))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory) => Ok(None),
            Err(source) => Err(WorkshopError::File { path: place, source }),
        }
    }

    /// The crate that it belongs to.
    pub fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split_once('/').map(|(name, _)| name)
    }

    /// How its name ends.
    pub fn extension(&self) -> Option<&str> {
        extension(&self.path)
    }

    /// What is compiled into the crate, tests apart.
    pub fn is_product(&self) -> bool {
        let mut folders = self.path.split('/');
        folders.next() == Some("crates") && folders.nth(1) == Some("src") && !self.is_test()
    }

    fn is_test(&self) -> bool {
        self.path.split('/').any(|name| name == "tests" || name == "tests.rs")
    }
}

fn extension(path: &str) -> Option<&str> {
    Path::new(path).extension()?.to_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_knows_where_it_belongs() {
        for (path, crate_name, product) in [
            ("crates/muster-core/src/flow/mod.rs", Some("muster-core"), true),
            ("crates/muster-core/src/flow/tests.rs", Some("muster-core"), false),
            ("crates/muster-core/src/credential/tests/mod.rs", Some("muster-core"), false),
            ("crates/muster-core/tests/it/main.rs", Some("muster-core"), false),
            ("crates/muster-core/build.rs", Some("muster-core"), false),
            ("scripts/test", None, false),
            ("crates/README.md", None, false),
        ] {
            let file = File::new(path, String::new());
            assert_eq!((file.crate_name(), file.is_product()), (crate_name, product), "{path}");
        }
    }

    #[test]
    fn the_tree_holds_this_file() {
        let tree = Tree::read(&crate::workspace::Workspace::read().unwrap().root).unwrap();
        let this = tree.rust().find(|(file, _)| file.path == "crates/xtask/src/tree.rs");
        assert!(
            this.is_some_and(|(file, _)| file.is_product() && file.text.contains("the_tree_holds_this_file"))
        );
    }
}
