//! Numbers and cells as bytes. Whatever is read may be cut short: then there is none.

use zeroize::Zeroizing;

use crate::truth::cells::{Column, CredentialCells};

/// The bytes at the front, and the rest.
pub(super) fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (front, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*front)
}

/// So many bytes at the front.
pub(super) fn take_slice<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (front, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(front)
}

/// Two bytes of length, then the bytes; none if they are too many.
pub(super) fn put_with_length(into: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    into.extend(u16::try_from(bytes.len()).ok()?.to_le_bytes());
    into.extend(bytes);
    Some(())
}

/// Two bytes of length, then the bytes.
pub(super) fn take_with_length<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u16::from_le_bytes(take(bytes)?);
    take_slice(bytes, usize::from(length))
}

/// The filled cells: the number of the column, the length, the text. None if a cell is beyond all measure.
pub(super) fn of_cells(cells: &CredentialCells) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    for column in Column::ALL {
        if let Some(text) = cells.get(column) {
            bytes.push(column.number());
            put_with_length(&mut bytes, text.as_bytes())?;
        }
    }
    Some(bytes)
}

/// The cells again.
pub(super) fn to_cells(mut bytes: &[u8]) -> Option<CredentialCells> {
    let mut cells = CredentialCells::default();
    while !bytes.is_empty() {
        let [number] = take(&mut bytes)?;
        let text = std::str::from_utf8(take_with_length(&mut bytes)?).ok()?;
        cells.set(Column::of_number(number)?, text);
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_went() {
        let mut cells = CredentialCells::default();
        cells.set(Column::HashedPassword, "abc");
        cells.set(Column::Salt, "sälz");
        let bytes = of_cells(&cells).unwrap();
        assert!(to_cells(&bytes).unwrap() == cells);
        assert!(to_cells(&bytes[..bytes.len() - 1]).is_none());
        assert!(to_cells(&[77, 1, 0, b'x']).is_none());
    }
}
