//! `name=number,…`: the parameters between the dollar signs of the newer notations.

use crate::fault::Fault;

use super::Notation;
use super::cell::Cell;

/// Named numbers with commas between them.
#[derive(Clone, Copy)]
pub(super) struct Params<'a> {
    cell: Cell<'a>,
    notation: Notation,
}

impl<'a> Params<'a> {
    /// The parameters in this part of a cell; a name that is not one of these is a fault.
    pub(super) fn of(cell: Cell<'a>, notation: Notation, names: &[&str]) -> Result<Self, Fault> {
        for pair in cell.text.split(',') {
            let name = pair.split_once('=').map(|(name, _)| name);
            if matches!(name, Some("keyid" | "data")) {
                let reason = "found a key (keyid) or further data, which only the old application knows";
                return Err(cell.bad(format!("{notation}: {reason}")));
            }
            if !name.is_some_and(|name| names.contains(&name)) {
                let expected = names.join("=, ");
                return Err(cell.bad(format!("{notation}: found a parameter that is none of {expected}=")));
            }
        }
        Ok(Self { cell, notation })
    }

    /// The text of one.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        let mut pairs = self.cell.text.split(',').filter_map(|pair| pair.split_once('='));
        pairs.find(|(found, _)| *found == name).map(|(_, text)| text)
    }

    /// One that may be left out.
    pub(super) fn optional(self, name: &str) -> Result<Option<u32>, Fault> {
        self.text(name).map(|text| self.cell.part(text).number()).transpose()
    }

    /// One that has to be there.
    pub(super) fn number(self, name: &str) -> Result<u32, Fault> {
        let notation = self.notation;
        self.optional(name)?.ok_or_else(|| self.cell.bad(format!("{notation}: found no {name}=")))
    }
}
