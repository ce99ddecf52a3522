//! The default password policy: what a cleartext password must have. It does not apply to hashes and hooks.

use crate::refusal::Refusal;

const LONGEST: usize = 72;
const TOO_WEAK: &str = "Password requirements were not met. Password requirements: at least 8 characters, a lowercase \
                        letter, an uppercase letter, a number, no parts of your username.";

/// Refuses a password that the policy does not allow for a login.
pub(crate) fn check(secret: &str, login: &str) -> Result<(), Refusal> {
    if secret.chars().count() > LONGEST {
        return Err(Refusal::field("password", "The field is too long"));
    }
    let has = |wanted: fn(char) -> bool| secret.chars().any(wanted);
    let strong = secret.chars().count() >= 8
        && has(char::is_lowercase)
        && has(char::is_uppercase)
        && has(|letter| letter.is_ascii_digit())
        && !has_part_of(&secret.to_lowercase(), &login.to_lowercase());
    if strong { Ok(()) } else { Err(Refusal::field("password", TOO_WEAK)) }
}

fn has_part_of(secret: &str, login: &str) -> bool {
    login
        .split([',', '.', '_', '#', '@', '-'])
        .filter(|part| part.chars().count() >= 4)
        .any(|part| secret.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_asks_for_four_things_and_no_part_of_the_login() {
        let login = "isaac.brock@example.com";
        assert!(check("Abcd1234", login).is_ok());
        for weak in ["Abc1234", "abcd1234", "ABCD1234", "Abcdefgh", "Isaac12345", "Xexample99"] {
            assert!(check(weak, login).is_err(), "{weak}");
        }
        assert!(check("Com12345", login).is_ok(), "parts below four letters do not count");
        assert!(
            check(&"Aa1".repeat(25), login).is_err_and(|refusal| refusal.causes[0].ends_with("too long"))
        );
    }
}
