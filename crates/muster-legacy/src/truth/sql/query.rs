//! The operator's query, with `:login` where the login goes, in the words of one database or another.

/// How a database writes the place of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `$1`, as often as wanted.
    Postgres,
    /// `?`, one value for each.
    #[cfg_attr(not(feature = "mysql"), expect(dead_code, reason = "MySQL is left out"))]
    Mysql,
    /// `?1`, as often as wanted.
    Sqlite,
}

/// A query as a database takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) text: String,
    /// How often the login is in it.
    pub(super) logins: usize,
}

/// Why a query can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadQuery {
    #[error("query has no :login, so it would ask for everybody")]
    NoLogin,
    #[error("query has a quote or a comment that does not end")]
    Open,
}

const PLACEHOLDER: &str = ":login";

impl Query {
    /// Puts the database's own word for `:login`, but not within quotes and comments, where it is no placeholder.
    pub(super) fn parse(text: &str, dialect: Dialect) -> Result<Self, BadQuery> {
        let mut query = Self { text: String::with_capacity(text.len()), logins: 0 };
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let length = match closing(rest, dialect) {
                Some(span) => quoted(rest, &span, dialect)?,
                None if is_placeholder(rest, &query.text) => {
                    query.logins += 1;
                    query.text.push_str(match dialect {
                        Dialect::Postgres => "$1",
                        Dialect::Mysql => "?",
                        Dialect::Sqlite => "?1",
                    });
                    rest = rest.get(PLACEHOLDER.len()..).unwrap_or_default();
                    continue;
                }
                None => letter.len_utf8(),
            };
            let (done, left) = rest.split_at_checked(length).unwrap_or((rest, ""));
            query.text.push_str(done);
            rest = left;
        }
        if query.logins == 0 { Err(BadQuery::NoLogin) } else { Ok(query) }
    }
}

/// A cast of PostgreSQL has two colons; a longer name is another one.
fn is_placeholder(rest: &str, before: &str) -> bool {
    let after = rest.strip_prefix(PLACEHOLDER);
    let ends = |after: &str| !after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    after.is_some_and(ends) && !before.ends_with(':')
}

/// What opens, how long that is, and what closes it.
struct Span(usize, &'static str);

fn closing(rest: &str, dialect: Dialect) -> Option<Span> {
    let spans = [("'", "'"), ("\"", "\""), ("`", "`"), ("--", "\n"), ("#", "\n"), ("/*", "*/"), ("$$", "$$")];
    let (opening, close) = spans.into_iter().find(|(opening, _)| rest.starts_with(opening))?;
    let foreign = match opening {
        "$$" => dialect != Dialect::Postgres,
        "#" => dialect != Dialect::Mysql,
        _ => false,
    };
    (!foreign).then_some(Span(opening.len(), close))
}

/// The length of what stands in quotes. A doubled quote is two pieces side by side, which comes to the same.
fn quoted(rest: &str, span: &Span, dialect: Dialect) -> Result<usize, BadQuery> {
    let Span(opening, close) = *span;
    let body = rest.get(opening..).unwrap_or_default();
    let has_escapes = dialect == Dialect::Mysql && matches!(close, "'" | "\"");
    match if has_escapes { unescaped(body, close) } else { body.find(close) } {
        Some(at) => Ok(opening + at + close.len()),
        // A comment may end with the query.
        None if close == "\n" => Ok(rest.len()),
        None => Err(BadQuery::Open),
    }
}

/// Where a quote ends that may hold others behind a backslash.
fn unescaped(body: &str, close: &str) -> Option<usize> {
    let mut is_escaped = false;
    body.char_indices().find_map(|(at, letter)| {
        let ends = !is_escaped && close.starts_with(letter);
        is_escaped = !is_escaped && letter == '\\';
        ends.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, dialect: Dialect) -> String {
        Query::parse(text, dialect).unwrap().text
    }

    #[test]
    fn each_database_has_its_own_placeholder() {
        let text = "SELECT h FROM u WHERE mail = :login OR uid=:login";
        assert_eq!(parsed(text, Dialect::Postgres), "SELECT h FROM u WHERE mail = $1 OR uid=$1");
        assert_eq!(parsed(text, Dialect::Sqlite), "SELECT h FROM u WHERE mail = ?1 OR uid=?1");
        assert_eq!(parsed(text, Dialect::Mysql), "SELECT h FROM u WHERE mail = ? OR uid=?");
        assert_eq!(Query::parse(text, Dialect::Mysql).unwrap().logins, 2);
    }

    #[test]
    fn quotes_comments_and_casts_are_left_alone() {
        let text = "SELECT ':login', h::login, ':it''s :login' /* :login */ FROM u WHERE m=:login -- :login";
        let expected = "SELECT ':login', h::login, ':it''s :login' /* :login */ FROM u WHERE m=$1 -- :login";
        assert_eq!(parsed(text, Dialect::Postgres), expected);
        assert_eq!(Query::parse("SELECT :logins", Dialect::Sqlite), Err(BadQuery::NoLogin));
        assert_eq!(Query::parse("SELECT ':login", Dialect::Sqlite), Err(BadQuery::Open));
    }

    #[test]
    fn comments_and_escapes_of_mysql_are_its_own() {
        let text = "SELECT h, 'it\\'s :login', \"\\\\\" FROM u # don't :login\nWHERE m = :login";
        let expected = "SELECT h, 'it\\'s :login', \"\\\\\" FROM u # don't :login\nWHERE m = ?";
        assert_eq!(parsed(text, Dialect::Mysql), expected);
        assert_eq!(
            parsed("SELECT a #> :login, '\\' || :login", Dialect::Postgres),
            "SELECT a #> $1, '\\' || $1"
        );
    }
}
