//! `muster generate`

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;

use muster_people::{Column, CsvWriter, HashKind, KnownWriter, NdjsonWriter, People, PeopleSettings, Person};

use crate::args::GenerateArgs;
use crate::error::{End, Problem};
use crate::output::Console;

/// Writes made-up people, one after the other.
pub async fn generate(args: GenerateArgs, console: Console) -> Result<End, Problem> {
    let count = args.count;
    tokio::task::spawn_blocking(move || write(&args))
        .await
        .map_err(|error| Problem::could_not_run(error.to_string()))??;
    console.note(&format!("{} people", crate::output::grouped(count)));
    Ok(End::Fine)
}

fn write(args: &GenerateArgs) -> Result<(), Problem> {
    let settings = PeopleSettings {
        domain: args.domain.clone(),
        hashes: kinds(&args.hashes)?,
        groups: args.groups.clone(),
        faulty_per_mille: args.faulty,
        ..PeopleSettings::new(args.seed, args.count)
    };
    let columns = Column::for_kinds(&settings.hashes);
    let people = People::new(settings).map_err(|error| Problem::wrong_usage(error.to_string()))?;
    let out: Box<dyn Write> = match &args.out {
        Some(path) if path != Path::new("-") => Box::new(create(path)?),
        _ => Box::new(BufWriter::with_capacity(1 << 16, std::io::stdout().lock())),
    };
    let known = args.known.as_deref().map(create).transpose()?.map(KnownWriter::new).transpose()?;
    let mut table = if args.ndjson {
        Table::Ndjson(NdjsonWriter::new(out, &columns))
    } else {
        Table::Csv(Box::new(CsvWriter::new(out, &columns)?))
    };
    match pour(people, &mut table, known) {
        // Whoever reads us has enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other.and_then(|()| table.finish())?),
    }
}

fn pour<W: Write, K: Write>(
    people: People,
    table: &mut Table<W>,
    mut known: Option<KnownWriter<K>>,
) -> std::io::Result<()> {
    for person in people {
        table.write(&person)?;
        if let Some(known) = &mut known {
            known.write(&person)?;
        }
    }
    known.map_or(Ok(()), KnownWriter::finish)
}

enum Table<W: Write> {
    Csv(Box<CsvWriter<W>>),
    Ndjson(NdjsonWriter<W>),
}

impl<W: Write> Table<W> {
    fn write(&mut self, person: &Person) -> std::io::Result<()> {
        match self {
            Self::Csv(table) => table.write(person),
            Self::Ndjson(table) => table.write(person),
        }
    }

    fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Csv(table) => table.finish(),
            Self::Ndjson(table) => table.finish(),
        }
    }
}

/// The notations of `--hashes`.
pub fn kinds(words: &[String]) -> Result<Vec<HashKind>, Problem> {
    let kinds = words.iter().map(|word| word.parse::<HashKind>());
    kinds.collect::<Result<_, _>>().map_err(|error| Problem::wrong_usage(format!("--hashes: {error}")))
}

/// A new file for its owner only: the people are made up, the habit is not.
pub fn create(path: &Path) -> Result<BufWriter<File>, Problem> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path);
    let file = file
        .map_err(|error| Problem::could_not_run(format!("{} can't be written: {error}", path.display())))?;
    Ok(BufWriter::with_capacity(1 << 16, file))
}
