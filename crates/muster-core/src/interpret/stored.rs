//! The stored password of a record, whatever else is wrong with the row: the hook's credential file wants no more.

use super::{Interpreter, text};
use crate::credential::StoredPassword;
use crate::login::Login;
use crate::record::Record;

impl Interpreter {
    /// Hands the login and the credential cells of a record to `take`. The mode of the import plays no part, nor do
    /// faults of other cells; whether the record itself is torn is for the caller to see.
    pub fn with_stored<T>(
        &self,
        record: &Record,
        take: impl FnOnce(Option<Login>, StoredPassword<'_>) -> T,
    ) -> T {
        let record = &*self.without_guard(record);
        let record = &*self.with_text(record);
        let written = |place| text(record, place).and_then(Login::parse);
        let login = written(self.places.login).or_else(|| written(self.places.email));
        take(login, self.stored_password(record))
    }
}
