//! The reference of error codes.

use muster_core::answer_code::HINTS;
use muster_core::fault::FaultCode;

use super::{NOTICE, table};

/// What a row can be refused for, before any request and after it, by code.
pub fn page() -> String {
    let rows = FaultCode::ALL.into_iter().map(|code| vec![format!("`{code}`"), code.hint().to_owned()]);
    let head = ["code", "what to do"];
    let faults = table(&head, rows);
    let answers = HINTS.into_iter().map(|(code, hint)| vec![format!("`{code}`"), hint.to_owned()]);
    let answers = table(&head, answers);
    format!(
        "# Error codes\n\n{NOTICE}\n\n\
         A row with one of these faults is `invalid`: no request was made for it. The code is in the column \
         `error_code` of `results.csv` and `_code` of `rejects.csv`; `_reason` says what was found in the row.\n\n\
         {faults}\n\
         Rows that Okta itself refused are `rejected`, and have Okta's own error code, such as `E0000001`, or one of ours \
         where Okta has none. An import by sessions of an identity source gives no code per person: a reason of the System \
         Log is `import_refused`, a request that was not taken because of the row is `upload_refused`, and a person of whom \
         neither the log nor the user tells what the session did is `failed` with `not_told`. These are met most:\n\n\
         {answers}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_row() {
        let page = page();
        for (code, _) in HINTS {
            assert_eq!(page.matches(&format!("\n| `{code}` | ")).count(), 1, "{code}");
        }
        for code in FaultCode::ALL {
            assert_eq!(page.matches(&format!("\n| `{code}` | ")).count(), 1, "{code}");
        }
    }
}
