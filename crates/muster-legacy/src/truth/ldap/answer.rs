//! What the answer to a bind says of a password.

/// What a bind came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bind {
    /// The password is right.
    Right,
    /// It is right, and has expired or must be changed.
    Expired,
    /// It is wrong.
    Wrong,
    /// The person may not sign in, now or at all: the old world would not let them in.
    Barred,
    /// There is no such user.
    Nobody,
    /// The directory compares no password of this person for now.
    Locked,
    /// Nothing is known of the password.
    Unclear(String),
}

/// `invalidCredentials`
const INVALID_CREDENTIALS: u32 = 49;

impl Bind {
    /// Reads the code and the message of an answer. Whatever is neither a yes nor a no is unclear.
    pub(super) fn of(code: u32, message: &str) -> Self {
        match code {
            0 => Self::Right,
            INVALID_CREDENTIALS => sub_code(message).map_or(Self::Wrong, Self::of_active_directory),
            other => Self::Unclear(format!("the directory answered the bind with code {other}")),
        }
    }

    /// Active Directory says more in the message of a refusal: a Windows error code in hex. It has compared the
    /// password for all of these but 525, 52e and 775.
    fn of_active_directory(code: &str) -> Self {
        match code.to_ascii_lowercase().as_str() {
            "525" => Self::Nobody,
            // Expired; must be changed before the first sign-in.
            "532" | "773" => Self::Expired,
            // Not at this hour; not from this machine; disabled; the account has expired.
            "530" | "531" | "533" | "701" => Self::Barred,
            "775" => Self::Locked,
            // 52e, and codes that nobody has described: it is a refusal all the same.
            _ => Self::Wrong,
        }
    }
}

/// The word after `data`, as in `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e,
/// v2580`.
fn sub_code(message: &str) -> Option<&str> {
    let (front, rest) = message.split_once(", data ")?;
    let code = rest.split([',', ' ']).next().unwrap_or_default();
    front.contains("LdapErr").then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn active_directory(code: &str) -> Bind {
        Bind::of(
            49,
            &format!(
                "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data {code}, v2580\0"
            ),
        )
    }

    #[test]
    fn active_directory_says_more_than_no() {
        assert_eq!(active_directory("52e"), Bind::Wrong);
        assert_eq!(active_directory("525"), Bind::Nobody);
        assert_eq!(active_directory("532"), Bind::Expired);
        assert_eq!(active_directory("773"), Bind::Expired);
        assert_eq!(active_directory("533"), Bind::Barred);
        assert_eq!(active_directory("775"), Bind::Locked);
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        assert_eq!(Bind::of(0, ""), Bind::Right);
        assert_eq!(Bind::of(49, ""), Bind::Wrong);
        assert_eq!(Bind::of(49, "hello, data 532"), Bind::Wrong, "not of Active Directory");
        for code in [1, 8, 14, 19, 32, 50, 51, 52, 53, 80] {
            assert!(matches!(Bind::of(code, ""), Bind::Unclear(_)), "{code}");
        }
    }
}
