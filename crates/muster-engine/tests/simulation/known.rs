//! Worlds in which something broke once.
//!
//! Not whole yet, and so not among them: 122484 (the share of a window of groups is exceeded by two, at its end).

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
    (9007, "an attribute that the org denied after other mishaps had a create rejected at once"),
    (21862, "a refusal that was torn before its first byte was taken for final"),
    (782, "one date that was off by a second had a user of ours treated as someone else's"),
    (926, "the same, where --on-conflict fail was asked for"),
    (4455, "a page with 200 in the place of a refusal was taken for a suspension that was done"),
    (11112, "a suspension was checked by a search whose index lagged, and its old status told"),
    (14556, "a slow first answer had a window of six seconds taken for shorter, and its share exceeded"),
];
