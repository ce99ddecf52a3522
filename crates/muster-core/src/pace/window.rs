//! One window of a bucket, on the axis of our sending times: a moment `t` stands for what is counted when a request
//! that leaves at `t` arrives. On that axis the beginning of a window is seen exactly: it is the departure of the
//! first request whose answer shows the new reset. The window then ends one length later, however wrong the date is.

use super::time::Seconds;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// An answer showed it.
    Shown,
    /// The last one has ended by our reckoning; no answer has shown this one yet.
    Presumed,
    /// The last one should have ended, but its length was never seen: a request goes alone and finds out.
    Doubted,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// The reset that the answers of this window show, or the last one's while it is presumed.
    pub resets_at: i64,
    pub standing: Standing,
    pub begins: Seconds,
    /// Departures that are not counted in it.
    pub base: u64,
    /// The budget is spread until then.
    pub ends: Seconds,
    /// The next one is reckoned from then; later than the end by what the way may vary.
    pub next_opens: Seconds,
    /// When it was first reckoned to begin; an end that is put off by a little does not change that.
    pub due: Seconds,
    /// It should have ended, and an answer showed that it had not.
    pub put_off: bool,
    /// The last departure whose answer showed it.
    pub last_shown: Seconds,
    /// Whether the end is reckoned from a beginning that was seen, and not from a date.
    pub exact: bool,
}
