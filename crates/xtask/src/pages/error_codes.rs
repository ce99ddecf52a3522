//! The reference of error codes.

use muster_core::fault::FaultCode;

use super::{NOTICE, table};

/// What a row can be refused for before any request, by code.
pub fn page() -> String {
    let rows = FaultCode::ALL.into_iter().map(|code| vec![format!("`{code}`"), code.hint().to_owned()]);
    let table = table(&["code", "what to do"], rows);
    format!(
        "# Error codes\n\n{NOTICE}\n\n\
         A row with one of these faults is `invalid`: no request was made for it. The code is in the column \
         `error_code` of `results.csv` and `_code` of `rejects.csv`; `_reason` says what was found in the row.\n\n\
         {table}\n\
         Rows that Okta itself refused are `rejected`, and have Okta's own error code, such as `E0000001`.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_row() {
        let page = page();
        for code in FaultCode::ALL {
            assert_eq!(page.matches(&format!("\n| `{code}` | ")).count(), 1, "{code}");
        }
    }
}
