//! The rows of a source on their way into the credential file.

use muster_core::column::{Mapping, MappingError, Renames};
use muster_core::credential::{Notation, Settlement, StoredPassword, Understood, understand};
use muster_core::interpret::{Interpreter, Wishes};
use muster_core::login::Login;
use muster_core::record::Record;
use muster_core::schema::ProfileSchema;
use muster_legacy::files::Source;
use muster_legacy::truth::{Added, CredentialCells, CredentialFileWriter, Place};

use super::count::{LeftOut, Tally};
use crate::error::Problem;

/// Reads the credential columns of a source's rows.
pub struct SourceRows<'a> {
    interpreter: Interpreter,
    settlement: &'a Settlement,
    all: bool,
    name: String,
}

/// Why a row is not in the file, in words where it needs some.
type Left = (LeftOut, Option<String>);

impl<'a> SourceRows<'a> {
    /// Finds out what the columns mean.
    pub fn new(
        source: &Source,
        renames: &Renames,
        settlement: &'a Settlement,
        all: bool,
    ) -> Result<Self, Problem> {
        let schema = ProfileSchema::base();
        let mapping = mapping(source.header(), &schema, renames)
            .map_err(|error| Problem::wrong_usage(error.to_string()))?;
        let interpreter = Interpreter::new(mapping, &schema, Wishes::default());
        let name = source.survey().name().display().to_string();
        Ok(Self { interpreter, settlement, all, name })
    }

    /// Puts one row into the file, or says why not.
    pub fn export(
        &mut self,
        record: &Record,
        source: u16,
        writer: &mut CredentialFileWriter,
        tally: &mut Tally,
    ) -> Result<(), Problem> {
        tally.rows += 1;
        let chosen = match &record.fault {
            // Where cells are missing, those that are there may be somebody else's.
            Some(fault) => Err((LeftOut::Torn, Some(fault.to_string()))),
            None => self.interpreter.with_stored(record, |login, stored| self.choose(login, &stored)),
        };
        let (notation, login, cells) = match chosen {
            Ok(chosen) => chosen,
            Err((why, words)) => {
                tally.leave_out(why, &self.name, record.line, words);
                return Ok(());
            }
        };
        match writer.add(&login, &cells, Place { source, line: record.line })? {
            Added::Yes => tally.take(notation),
            Added::TooLong => tally.leave_out(LeftOut::TooLong, &self.name, record.line, None),
        }
        Ok(())
    }

    fn choose(
        &self,
        login: Option<Login>,
        stored: &StoredPassword<'_>,
    ) -> Result<(Notation, Login, CredentialCells), Left> {
        let readings = understand(stored, self.settlement)
            .map_err(|fault| (LeftOut::Unreadable, Some(fault.to_string())))?;
        let notation = self.notation(&readings)?;
        let login = login.ok_or((LeftOut::NoLogin, None))?;
        Ok((notation, login, CredentialCells::of(stored)))
    }

    /// The notation of a hash that the file is for.
    fn notation(&self, readings: &[Understood]) -> Result<Notation, Left> {
        match readings {
            [] => Err((LeftOut::NoHash, None)),
            // With --all, too, the hook has no time for a bcrypt that is too costly.
            [one] if one.okta.is_some() && (!self.all || one.stored.is_none()) => {
                Err((LeftOut::OktaChecks, None))
            }
            [one] if one.stored.is_none() => Err((
                LeftOut::NobodyCan,
                Some(format!("{} is a notation that nobody can check", one.notation)),
            )),
            [one] => Ok(one.notation),
            several => {
                let names: Vec<&str> = several.iter().map(|reading| reading.notation.as_str()).collect();
                let names = names.join(" or ");
                Err((
                    LeftOut::Ambiguous,
                    Some(format!("{names}; say which by meant, in the table passwords")),
                ))
            }
        }
    }
}

/// The mapping of an import, without the attributes of an org that is not asked here.
fn mapping(header: &[String], schema: &ProfileSchema, renames: &Renames) -> Result<Mapping, MappingError> {
    let mut renames = renames.clone();
    loop {
        match Mapping::new(header, schema, &renames) {
            Err(MappingError::NoSuchMeaning { column, .. }) => drop(renames.insert(column, String::new())),
            found => return found,
        }
    }
}
