//! The scheme of an `Authorization` header. It must not know whose token is good.

/// Takes the scheme off the token.
///
/// Okta's Python SDK (3.x) writes no space after `SSWS`, in its default mode. So Okta most likely takes it that way
/// as well, although no page says so (UNCONFIRMED).
pub(crate) fn split(given: &str) -> Option<(&str, &str)> {
    const API_TOKEN: &str = "SSWS";
    given.split_once(' ').or_else(|| {
        let (scheme, token) = given.split_at_checked(API_TOKEN.len())?;
        scheme.eq_ignore_ascii_case(API_TOKEN).then_some((scheme, token))
    })
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn only_an_api_token_may_stand_close() {
        assert_eq!(split("SSWS one"), Some(("SSWS", "one")));
        assert_eq!(split("SSWSone"), Some(("SSWS", "one")));
        assert_eq!(split("DPoP one"), Some(("DPoP", "one")));
        assert_eq!(split("Bearerone"), None);
        assert_eq!(split("SSW"), None);
        assert_eq!(split("SSẄSone"), None);
    }
}
