//! A file with people, opened.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use crate::files::content::{Content, open_file, read_head};
use crate::files::csv_records::{CsvLayout, CsvRecords};
use crate::files::error::SourceError;
use crate::files::json_keys::KeyUnion;
use crate::files::json_lines::JsonLines;
use crate::files::json_records::{JsonRecords, marked};
use crate::files::records::{Records, Rows};
use crate::files::survey::name_of;
use crate::files::tally::Hashing;
use crate::files::{BUFFER, EncodingProof, Format, SourceOptions, Survey, delimiter, encoding, raw, sample};

/// How much text is looked at for the format and the delimiter.
const SAMPLE: usize = 256 * 1024;

/// A file with people. It can be read as often as wanted, each time from its beginning.
#[derive(Clone, Debug)]
pub struct Source {
    survey: Survey,
}

impl Source {
    /// Surveys a file. This reads all of it.
    pub fn open(path: impl AsRef<Path>, options: &SourceOptions) -> Result<Self, SourceError> {
        Self::survey_file(path.as_ref(), false, options)
    }

    /// Puts a stream that can be read only once, such as standard input, into a file that only its owner may
    /// read, and surveys that. A file of this name is overwritten.
    pub fn spool(reader: impl Read, into: &Path, options: &SourceOptions) -> Result<Self, SourceError> {
        let failed = |cause| SourceError::Io { path: into.to_owned(), cause };
        let mut file = create_private(into).map_err(failed)?;
        let mut reader = BufReader::with_capacity(BUFFER, reader);
        io::copy(&mut reader, &mut file).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        Self::survey_file(into, true, options)
    }

    /// Takes up a source that was surveyed before, if its file is still the same to the byte.
    pub fn reopen(survey: &Survey) -> Result<Self, SourceError> {
        let of_io = |cause| SourceError::of_io(&survey.path, cause);
        let (found, bytes) = Hashing::new(open_file(&survey.path)?).finish().map_err(of_io)?;
        if found == survey.sha256 {
            return Ok(Self { survey: survey.clone() });
        }
        Err(SourceError::Changed {
            path: survey.path.clone(),
            expected: survey.sha256.clone(),
            found,
            bytes: (survey.bytes, bytes),
        })
    }

    /// What is known of it.
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// The names of its columns; each record has a cell for each.
    pub fn header(&self) -> &[String] {
        &self.survey.header
    }

    /// Its records, from the first.
    pub fn records(&self) -> Result<Records, SourceError> {
        let content = open_content(&self.survey)?;
        let position = content.position.clone();
        let rows = match self.survey.format {
            Format::Csv => Rows::Csv(Box::new(open_csv(content, &self.survey)?)),
            Format::Ndjson => Rows::Json(Box::new(JsonRecords::new(content, &self.survey))),
        };
        Ok(Records::new(rows, position))
    }

    fn survey_file(path: &Path, spooled: bool, options: &SourceOptions) -> Result<Self, SourceError> {
        check(options)?;
        let mut survey = raw::survey(path, spooled, options)?;
        let content = open_content(&survey)?;
        let of_io = |cause| SourceError::of_io(name_of(path, spooled), cause);
        let mut text = content.text;
        let head = read_head(&mut text, SAMPLE).map_err(of_io)?;
        let format = options.format.map_or_else(|| detect_format(&head, survey.name()), Ok)?;
        survey.format = format;
        survey.line_ending = delimiter::line_ending(&head);
        let mut source = Self { survey };
        match format {
            Format::Csv => source.survey_csv(&head, options)?,
            Format::Ndjson => source.survey_ndjson(&head)?,
        }
        if source.survey.encoding.how == EncodingProof::Guessed {
            let sample = sample::find(&source.survey.header, source.records()?);
            let (column, text) = sample.map(|sample| (sample.column, sample.text)).unzip();
            (source.survey.encoding.sample_column, source.survey.encoding.sample) = (column, text);
        }
        Ok(source)
    }

    fn survey_csv(&mut self, head: &[u8], options: &SourceOptions) -> Result<(), SourceError> {
        let whole = head.len() < SAMPLE;
        let sep_line = delimiter::sep_line(head);
        let body = sep_line.as_ref().and_then(|line| head.get(line.length..)).unwrap_or(head);
        let said = options.delimiter.or(sep_line.map(|line| line.delimiter));
        self.survey.line_ending = delimiter::line_ending(body.trim_ascii_start());
        self.survey.delimiter = Some(said.unwrap_or_else(|| delimiter::detect(body, whole)));
        let mut rows = open_csv(open_content(&self.survey)?, &self.survey)?;
        if rows.next_record()?.is_none() {
            return Err(SourceError::NoPeople { path: self.name(), line: rows.header_line() });
        }
        self.survey.header = rows.header().to_vec();
        Ok(())
    }

    fn survey_ndjson(&mut self, head: &[u8]) -> Result<(), SourceError> {
        let first = head.trim_ascii_start().split(|byte| matches!(byte, b'\n' | b'\r')).next();
        if first.is_some_and(|line| line.trim_ascii() == b"{") {
            return Err(SourceError::JsonPretty { path: self.name() });
        }
        let mut lines = JsonLines::new(open_content(&self.survey)?.text, self.survey.line_ending);
        let (mut union, mut rows) = (KeyUnion::default(), 0);
        let escaped = self.survey.encoding.is_transcoded();
        while let Some(line) =
            lines.next_line().map_err(|cause| SourceError::of_io(self.survey.name(), cause))?
        {
            rows += 1;
            union.add(&marked(line.text.unwrap_or_default(), escaped));
        }
        if union.keys.is_empty() {
            return Err(SourceError::NoObjects { path: self.name() });
        }
        self.survey.header = union.keys;
        self.survey.keys_left_out = union.left_out;
        self.survey.rows = Some(rows);
        Ok(())
    }

    fn name(&self) -> PathBuf {
        self.survey.name().to_owned()
    }
}

fn check(options: &SourceOptions) -> Result<(), SourceError> {
    if let Some(label) = &options.encoding {
        encoding::of_label(label)?;
    }
    match options.delimiter {
        Some(byte) if !delimiter::is_usable(byte) => Err(SourceError::BadDelimiter { byte }),
        _ => Ok(()),
    }
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(0o600);
        if path.exists() {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        }
    }
    options.open(path)
}

fn open_content(survey: &Survey) -> Result<Content, SourceError> {
    let encoding: &'static Encoding = survey.encoding.encoding();
    Content::open(&survey.path, survey.name(), survey.compression, encoding)
}

fn open_csv(content: Content, survey: &Survey) -> Result<CsvRecords, SourceError> {
    let layout = CsvLayout {
        name: survey.name(),
        delimiter: survey.delimiter.unwrap_or(b','),
        line_ending: survey.line_ending,
        encoding: &survey.encoding,
    };
    CsvRecords::open(content, &layout)
}

/// The kind of text, by its first character.
fn detect_format(head: &[u8], name: &Path) -> Result<Format, SourceError> {
    let text = head.trim_ascii_start();
    match text.split_first() {
        Some((b'{', _)) => Ok(Format::Ndjson),
        Some((b'[', rest))
            if matches!(rest.trim_ascii_start().first(), None | Some(b'{' | b'[' | b']' | b'"')) =>
        {
            Err(SourceError::JsonArray { path: name.to_owned() })
        }
        _ => Ok(Format::Csv),
    }
}
