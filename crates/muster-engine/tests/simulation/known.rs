//! Worlds in which something broke once.
//!
//! Not whole yet, and so not among them: 2823, 7085, 14556, 18024 (the share of a window of two seconds is exceeded by a
//! few), 11112 (a search that lags tells an old status), 4455 (the status in the books is not the org's), 12383 (an
//! outcome of a stranger's user), 7030 (sixty processes are not enough).

/// A seed, and what it found.
pub const KNOWN: &[(u64, &str)] = &[
    (13, "a stranger's user that we had updated was taken for ours after a crash, and suspended"),
    (231, "a torn refusal of a create was taken for final, though the user was there"),
    (358, "the same, where the user was there and equal"),
    (587, "the same, where nobody could have been told apart by its words"),
    (258, "a user whose login has a slash and other capitals was not found, and the row rejected"),
    (273, "the same, where the user was equal"),
    (539, "the same, with passwords"),
    (271, "an attribute that the org denied for a moment had an update rejected"),
    (748, "searches for logins with a slash were paced as reads, and the share of the creates exceeded"),
    (479, "a way that varies by a tenth of the window: one more than the share, which is known and allowed"),
    (9007, "an attribute that the org denied after other mishaps had a create rejected at once"),
    (21862, "a refusal that was torn before its first byte was taken for final"),
];
