//! People written down: CSV, NDJSON, and the list of known passwords.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::WriterBuilder;

use crate::fault::FaultKind;
use crate::hash_kind::HashKind;
use crate::person::Person;

/// How many cells a short row has, at most.
const SHORT: usize = 3;

/// A column of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// `login`
    Login,
    /// `email`
    Email,
    /// `firstName`
    FirstName,
    /// `lastName`
    LastName,
    /// `mobilePhone`
    MobilePhone,
    /// `department`
    Department,
    /// `title`
    Title,
    /// `city`
    City,
    /// `employeeNumber`
    EmployeeNumber,
    /// `password`: only filled for people whose old system stores it so.
    Password,
    /// `passwordHash`
    PasswordHash,
    /// `groups`, with semicolons between.
    Groups,
    /// `groupId`: only filled where it is at fault.
    GroupId,
}

impl Column {
    /// The usual columns, without `password`.
    pub const USUAL: [Self; 12] = [
        Self::Login,
        Self::Email,
        Self::FirstName,
        Self::LastName,
        Self::MobilePhone,
        Self::Department,
        Self::Title,
        Self::City,
        Self::EmployeeNumber,
        Self::PasswordHash,
        Self::Groups,
        Self::GroupId,
    ];

    /// The usual columns, and `password` if one of these kinds needs it.
    pub fn for_kinds(kinds: &[HashKind]) -> Vec<Self> {
        let mut columns = Self::USUAL.to_vec();
        if kinds.contains(&HashKind::Cleartext) {
            columns.push(Self::Password);
        }
        columns
    }

    /// The header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Email => "email",
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
            Self::MobilePhone => "mobilePhone",
            Self::Department => "department",
            Self::Title => "title",
            Self::City => "city",
            Self::EmployeeNumber => "employeeNumber",
            Self::Password => "password",
            Self::PasswordHash => "passwordHash",
            Self::Groups => "groups",
            Self::GroupId => "groupId",
        }
    }

    fn cell(self, person: &Person) -> Cow<'_, str> {
        let text = match self {
            Self::Login => &person.login,
            Self::Email => &person.email,
            Self::FirstName => &person.first_name,
            Self::LastName => &person.last_name,
            Self::MobilePhone => person.mobile_phone.as_deref().unwrap_or_default(),
            Self::Department => &person.department,
            Self::Title => &person.title,
            Self::City => &person.city,
            Self::EmployeeNumber => &person.employee_number,
            Self::Password if person.hash_kind == HashKind::Cleartext => &person.password,
            Self::Password => "",
            Self::PasswordHash => person.password_hash.as_deref().unwrap_or_default(),
            Self::Groups => return person.groups.join(";").into(),
            Self::GroupId => person.group_id.as_deref().unwrap_or_default(),
        };
        text.into()
    }
}

/// Writes people as rows of CSV.
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    rows: csv::Writer<W>,
    columns: Vec<Column>,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the header.
    pub fn new(out: W, columns: &[Column]) -> io::Result<Self> {
        let mut rows = WriterBuilder::new().flexible(true).from_writer(out);
        rows.write_record(columns.iter().map(|column| column.as_str()))?;
        Ok(Self { rows, columns: columns.to_vec() })
    }

    /// Writes one row; a short one is cut.
    pub fn write(&mut self, person: &Person) -> io::Result<()> {
        let columns = written(&self.columns, person);
        let cells: Vec<Cow<'_, str>> = columns.iter().map(|column| column.cell(person)).collect();
        Ok(self.rows.write_record(cells.iter().map(|cell| cell.as_bytes()))?)
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

/// Writes people as lines of JSON. Empty cells are left out, groups are an array.
#[derive(Debug)]
pub struct NdjsonWriter<W: Write> {
    out: W,
    columns: Vec<Column>,
}

impl<W: Write> NdjsonWriter<W> {
    /// There is no header.
    pub fn new(out: W, columns: &[Column]) -> Self {
        Self { out, columns: columns.to_vec() }
    }

    /// Writes one line; a short one lacks its last members.
    pub fn write(&mut self, person: &Person) -> io::Result<()> {
        // By hand, because the order of the members must not depend on how serde_json was built.
        let members: Vec<String> = written(&self.columns, person)
            .iter()
            .filter_map(|column| member(*column, person))
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        writeln!(self.out, "{{{}}}", members.join(","))
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes `login,password` of those who should be able to sign in after the move: rows without a fault, people
/// with a stored password.
#[derive(Debug)]
pub struct KnownWriter<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> KnownWriter<W> {
    /// Writes the header.
    pub fn new(out: W) -> io::Result<Self> {
        let mut rows = WriterBuilder::new().from_writer(out);
        rows.write_record(["login", "password"])?;
        Ok(Self { rows })
    }

    /// Writes one row, if the person can sign in.
    pub fn write(&mut self, person: &Person) -> io::Result<()> {
        if person.fault.is_some() || person.hash_kind == HashKind::None {
            return Ok(());
        }
        Ok(self.rows.write_record([&person.login, &person.password])?)
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

/// Writes all of them as CSV.
pub fn write_csv(
    out: impl Write,
    people: impl IntoIterator<Item = Person>,
    columns: &[Column],
) -> io::Result<()> {
    let mut writer = CsvWriter::new(out, columns)?;
    people.into_iter().try_for_each(|person| writer.write(&person))?;
    writer.finish()
}

/// Writes all of them as NDJSON.
pub fn write_ndjson(
    out: impl Write,
    people: impl IntoIterator<Item = Person>,
    columns: &[Column],
) -> io::Result<()> {
    let mut writer = NdjsonWriter::new(out, columns);
    people.into_iter().try_for_each(|person| writer.write(&person))?;
    writer.finish()
}

/// The columns that a row really has.
fn written<'a>(columns: &'a [Column], person: &Person) -> &'a [Column] {
    match person.fault {
        Some(FaultKind::ShortRow) => {
            let cells = SHORT.min(columns.len().saturating_sub(1)).max(1);
            columns.get(..cells).unwrap_or(columns)
        }
        _ => columns,
    }
}

/// Name and value of a JSON member.
fn member(column: Column, person: &Person) -> Option<(&'static str, serde_json::Value)> {
    let value = match column {
        Column::Groups => person.groups.as_slice().into(),
        other => serde_json::Value::from(other.cell(person)),
    };
    let empty = value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty);
    (!empty).then_some((column.as_str(), value))
}
