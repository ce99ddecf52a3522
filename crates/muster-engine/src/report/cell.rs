//! Cells that no spreadsheet runs as a formula.

use std::borrow::Cow;

/// The characters that a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection").
const BEGINS_FORMULA: [u8; 6] = *b"=+-@\t\r";

/// The cell with an apostrophe in front where a spreadsheet would run it. A cell that begins with an apostrophe
/// gets another one, so that taking one off gives back what was there.
pub fn guarded(cell: &[u8]) -> Cow<'_, [u8]> {
    match cell.first() {
        Some(first) if BEGINS_FORMULA.contains(first) || *first == b'\'' => {
            let mut guarded = Vec::with_capacity(cell.len() + 1);
            guarded.push(b'\'');
            guarded.extend_from_slice(cell);
            Cow::Owned(guarded)
        }
        _ => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        assert_eq!(&*guarded(b"=HYPERLINK(1)"), b"'=HYPERLINK(1)");
        assert_eq!(&*guarded(b"+49 170"), b"'+49 170");
        assert_eq!(&*guarded(b"'n sync"), b"''n sync");
        assert_eq!(&*guarded(b"kim@example.com"), b"kim@example.com");
        assert_eq!(&*guarded(b""), b"");
    }
}
