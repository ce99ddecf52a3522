//! A limit that takes the place of the plan's, as it is written on a command line.

use std::str::FromStr;

use crate::bucket::{Bucket, UnknownBucket};

/// How many requests of a bucket one token may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// So many per window, as the token sees it; the org allows twice as many.
    PerWindow {
        /// The number that the headers show.
        requests: u32,
        /// The length of the window.
        seconds: u32,
    },
    /// No limit.
    Unlimited,
}

/// The allowance of one bucket: `users=600/6s`, `user-reads=1000` (a minute) or `groups=unlimited`; of every bucket,
/// each for itself: `all=600/6s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitOverride {
    /// The bucket; every one, if none.
    pub bucket: Option<Bucket>,
    /// What is allowed of it.
    pub allowance: Allowance,
}

/// A limit that can't be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLimit {
    /// There is no `=`.
    #[error(
        "`{0}` is not a limit; write it as BUCKET=REQUESTS/WINDOW, such as users=600/6s, or BUCKET=unlimited"
    )]
    NoBucket(String),
    /// The bucket is not known.
    #[error(transparent)]
    Bucket(#[from] UnknownBucket),
    /// The number is not one.
    #[error("`{0}` is not a number of requests; a limit is a whole number from 1, or `unlimited`")]
    Requests(String),
    /// The window is not one.
    #[error("`{0}` is not a window; write whole seconds or minutes from 1, such as 6s or 1m")]
    Window(String),
}

impl FromStr for LimitOverride {
    type Err = BadLimit;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (bucket, allowance) = text.split_once('=').ok_or_else(|| BadLimit::NoBucket(text.to_owned()))?;
        let bucket = Some(bucket.trim()).filter(|name| *name != "all").map(str::parse).transpose()?;
        Ok(Self { bucket, allowance: allowance.trim().parse()? })
    }
}

impl FromStr for Allowance {
    type Err = BadLimit;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "unlimited" {
            return Ok(Self::Unlimited);
        }
        let (requests, window) = text.split_once('/').unwrap_or((text, "60s"));
        let requests = positive(requests).ok_or_else(|| BadLimit::Requests(requests.to_owned()))?;
        let seconds = seconds(window).ok_or_else(|| BadLimit::Window(window.to_owned()))?;
        Ok(Self::PerWindow { requests, seconds })
    }
}

fn seconds(window: &str) -> Option<u32> {
    if let Some(minutes) = window.strip_suffix('m') {
        return positive(minutes)?.checked_mul(60);
    }
    positive(window.strip_suffix('s').unwrap_or(window))
}

fn positive(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read() {
        let read = |text: &str| text.parse::<LimitOverride>();
        let six = Allowance::PerWindow { requests: 600, seconds: 6 };
        assert_eq!(read("users=600/6s"), Ok(LimitOverride { bucket: Some(Bucket::Users), allowance: six }));
        let minute = Allowance::PerWindow { requests: 9, seconds: 60 };
        assert_eq!(
            read("user-reads=9"),
            Ok(LimitOverride { bucket: Some(Bucket::UserReads), allowance: minute })
        );
        assert_eq!(read("group=9/1m").map(|limit| limit.allowance), Ok(minute));
        assert_eq!(read("authn=unlimited").map(|limit| limit.allowance), Ok(Allowance::Unlimited));
        assert_eq!(read("all=9"), Ok(LimitOverride { bucket: None, allowance: minute }));
        assert_eq!(read("users"), Err(BadLimit::NoBucket("users".into())));
        assert_eq!(read("users=0"), Err(BadLimit::Requests("0".into())));
        assert_eq!(read("users=5/0s"), Err(BadLimit::Window("0s".into())));
        assert!(read("people=5").is_err_and(|error| error.to_string().contains("user-writes")));
    }
}
