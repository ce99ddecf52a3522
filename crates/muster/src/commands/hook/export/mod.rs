//! `muster hook export`: writes the credential file.

mod count;
mod rows;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use muster_core::column::Renames;
use muster_legacy::files::Source;
use muster_legacy::truth::{CredentialFileWriter, FileKey, SecretReference};

use crate::args::HookExportArgs;
use crate::commands::source::{Spool, open_source};
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::{Settings, read_map, resolve_secret};
use crate::signals;

use count::{Exported, Tally};
use rows::SourceRows;

/// The command.
pub async fn export(settings: &Settings, args: HookExportArgs, console: Console) -> Result<End, Problem> {
    if let Some(path) = &args.new_key {
        return new_key(path, console);
    }
    let Some(out) = args.out.clone() else {
        return Err(Problem::wrong_usage("--out FILE says where the credential file goes"));
    };
    refuse_to_overwrite(&out, &args)?;
    let key = key(args.key_file.as_deref())?;
    let settlement = settings.settlement(&args.settlement)?;
    let renames = args.reading.map.as_deref().map(read_map).transpose()?.unwrap_or_default();
    let (mut sources, mut spools) = (Vec::new(), Vec::new());
    for path in &args.sources {
        let spool = Spool::temporary();
        sources.push(open_source(path, &spool.path, &args.reading).await?);
        spools.push(spool);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let work = Work { sources, renames, all: args.all, out, stop: Arc::clone(&stop) };
    let mut exporting = tokio::task::spawn_blocking(move || {
        let writer = CredentialFileWriter::begin(&work.out, &key, &settlement)?;
        work.run(writer, &settlement)
    });
    let exported = tokio::select! {
        exported = &mut exporting => exported,
        () = signals::wait() => {
            stop.store(true, Ordering::Relaxed);
            exporting.await
        }
    };
    drop(spools);
    let exported = exported.map_err(|_| Problem::could_not_run("the export was broken off"))??;
    console.result(&exported, &exported.text());
    Ok(exported.end())
}

/// What is to be exported.
struct Work {
    sources: Vec<Source>,
    renames: Renames,
    all: bool,
    out: PathBuf,
    stop: Arc<AtomicBool>,
}

impl Work {
    fn run(
        &self,
        mut writer: CredentialFileWriter,
        settlement: &muster_core::credential::Settlement,
    ) -> Result<Exported, Problem> {
        let mut tally = Tally::default();
        for source in &self.sources {
            let name = source.survey().name().display().to_string();
            let number = writer.source(name.clone());
            let mut rows = SourceRows::new(source, &self.renames, settlement, self.all)?;
            for record in source.records()? {
                if self.stop.load(Ordering::Relaxed) {
                    return Err(Problem::could_not_run("stopped; no credential file was written"));
                }
                rows.export(&record?, number, &mut writer, &mut tally)?;
            }
        }
        Ok(tally.with(self.out.clone(), writer.finish()?))
    }
}

/// A credential file may take the place of an older one, and of nothing else.
fn refuse_to_overwrite(out: &Path, args: &HookExportArgs) -> Result<(), Problem> {
    let there = |path: &Path| std::fs::canonicalize(path).ok();
    let Some(target) = there(out) else { return Ok(()) };
    let others = args.sources.iter().chain(&args.key_file).chain(&args.reading.map);
    let is_other = others.into_iter().any(|path| there(path).as_ref() == Some(&target));
    if is_other || !muster_legacy::truth::is_credential_file(&target) {
        let reason = "is there already, and is no credential file: name another file, or remove it";
        return Err(Problem::wrong_usage(format!("--out {} {reason}", out.display())));
    }
    Ok(())
}

fn key(file: Option<&Path>) -> Result<FileKey, Problem> {
    let reference = match file {
        Some(path) => SecretReference::File(path.to_owned()),
        None => SecretReference::Environment("MUSTER_HOOK_KEY".to_owned()),
    };
    let advice = "muster hook export --new-key FILE makes one";
    let text = resolve_secret(&reference).map_err(|reason| {
        Problem::wrong_usage(format!("no key for the credential file ({reference}: {reason}); {advice}"))
    })?;
    FileKey::parse(&text).map_err(|error| Problem::wrong_usage(format!("{reference}: {error}")))
}

/// Makes a key. A file that is there may be the key of a credential file, so it stays.
fn new_key(path: &Path, console: Console) -> Result<End, Problem> {
    use std::io::Write;
    let key = FileKey::random().map_err(|error| Problem::could_not_run(error.to_string()))?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let failed = |error: std::io::Error| Problem::could_not_run(format!("{}: {error}", path.display()));
    let mut file = options.open(path).map_err(failed)?;
    writeln!(file, "{}", key.reveal()).and_then(|()| file.sync_all()).map_err(failed)?;
    let text = format!(
        "{} holds a new key. Keep it away from the credential file; without it, the file can't be read by anybody.",
        path.display()
    );
    console.result(&serde_json::json!({ "key_file": path }), &text);
    Ok(End::Fine)
}
