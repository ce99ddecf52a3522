//! The files of the hook: its secrets and its settings, made for one tour.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use muster_legacy::truth::FileKey;

use crate::commands::generate::create;
use crate::error::Problem;

/// Where they are.
pub struct HookFiles {
    /// The key of the credential file.
    pub key: String,
    /// The credential file.
    pub credentials: String,
    /// What Okta shows to the hook, as a reference.
    pub secret: String,
    /// The settings of `hook serve`.
    pub settings: String,
    /// What the hook writes of each call.
    pub audit: String,
}

impl HookFiles {
    /// Files of this folder. What an earlier tour left there would not fit.
    pub fn clean(folder: &Path) -> Result<Self, Problem> {
        let path = |name: &str| folder.join(name);
        for name in ["hook.key", "hook.secret", "hook-audit.jsonl"] {
            remove(&path(name))?;
        }
        let text = |name: &str| path(name).display().to_string();
        Ok(Self {
            key: text("hook.key"),
            credentials: text("people.credentials"),
            secret: text("hook.secret"),
            settings: text("hook.toml"),
            audit: text("hook-audit.jsonl"),
        })
    }

    /// A new secret, and settings that name it and the credential file.
    pub fn write(&self) -> Result<(), Problem> {
        let secret = FileKey::random().map_err(|error| Problem::could_not_run(error.to_string()))?;
        writeln!(create(&PathBuf::from(&self.secret))?, "{}", secret.reveal())?;
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let file = |path: &str| quoted(&format!("file:{path}"));
        write!(
            create(&PathBuf::from(&self.settings))?,
            "# muster hook serve --config {}\n[hook]\nlisten = \"127.0.0.1:0\"\nadmin = \"none\"\nsecret = {}\n\
             audit = {}\n\n[[hook.backend]]\nkind = \"file\"\nname = \"export\"\npath = {}\nkey = {}\n",
            self.settings,
            file(&self.secret),
            quoted(&self.audit),
            quoted(&self.credentials),
            file(&self.key)
        )?;
        Ok(())
    }
}

fn remove(path: &Path) -> Result<(), Problem> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Problem::could_not_run(format!("{} can't be removed: {error}", path.display())))
        }
        _ => Ok(()),
    }
}
