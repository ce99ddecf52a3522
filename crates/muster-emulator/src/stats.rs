//! What the org counts, for those who rehearse.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::model::{org::Org, user::User};

/// The numbers of an org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Users that are not deleted, deactivated ones included.
    pub users: usize,
    /// Creates that were accepted, over all time.
    pub creates_accepted: u64,
    /// The most creates that were accepted for one login, over all time.
    pub creates_by_login_max: u32,
    /// SHA-256, in hex, over the logins of all users, sorted by bytes, each followed by a line feed.
    pub logins_sha256: String,
    /// Users by status.
    pub users_by_status: BTreeMap<String, u64>,
    /// Users by the type of their provider.
    pub users_by_provider: BTreeMap<String, u64>,
    /// Groups, `Everyone` included.
    pub groups: usize,
    /// Memberships, those of `Everyone` left out.
    pub memberships: usize,
    /// Mails that would have gone out, by what they are about.
    pub mails: BTreeMap<String, u64>,
    /// Writes that were done since the start.
    pub writes: usize,
    /// Requests since the start.
    pub requests: RequestStats,
    /// Requests that were refused because a quota was used up.
    pub quota_429: u64,
    /// Requests that were refused because too many were running.
    pub concurrency_429: u64,
    /// The most requests that were running at once.
    pub peak_in_flight: u32,
}

/// The numbers of the requests to the API; those to the emulator's own paths are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RequestStats {
    /// All of them.
    pub total: u64,
    /// By the status of the answer; 0 for requests that got none and were not worked on.
    pub by_status: BTreeMap<u16, u64>,
}

/// A user as `/_emulator/users` shows it.
#[derive(Serialize)]
struct UserLine<'a> {
    login: &'a str,
    id: &'a str,
    status: &'static str,
    provider: &'static str,
    credential: &'static str,
    groups: Vec<&'a str>,
}

impl Stats {
    /// The numbers of the model; those of the traffic are still to be filled in.
    pub(crate) fn of(org: &Org) -> Self {
        let mut users_by_status = BTreeMap::new();
        let mut users_by_provider = BTreeMap::new();
        for user in org.users.after(None) {
            *users_by_status.entry(user.status.name().to_owned()).or_default() += 1;
            *users_by_provider.entry(user.credentials.provider.kind.name().to_owned()).or_default() += 1;
        }
        let mut mails = BTreeMap::new();
        for mail in &org.mails {
            *mails.entry(mail.kind.name().to_owned()).or_default() += 1;
        }
        let (creates_accepted, creates_by_login_max) = org.creates();
        Self {
            users: org.users.len(),
            creates_accepted,
            creates_by_login_max,
            logins_sha256: logins_digest(org),
            users_by_status,
            users_by_provider,
            groups: org.groups.len(),
            memberships: org.groups.memberships(),
            mails,
            writes: 0,
            requests: RequestStats::default(),
            quota_429: 0,
            concurrency_429: 0,
            peak_in_flight: 0,
        }
    }
}

/// All users, a JSON object per line, sorted by login.
pub(crate) fn user_lines(org: &Org) -> Vec<u8> {
    let mut users: Vec<_> = org.users.after(None).collect();
    users.sort_by_key(|user| user.profile.login());
    let mut lines = Vec::new();
    for user in users {
        if serde_json::to_writer(&mut lines, &line_of(org, user)).is_ok() {
            lines.push(b'\n');
        }
    }
    lines
}

/// The mails, a JSON object per line.
pub(crate) fn mail_lines(org: &Org) -> Vec<u8> {
    let mut lines = Vec::new();
    for mail in &org.mails {
        let at = jiff::Timestamp::from_millisecond(mail.at).unwrap_or_default();
        let login = org.users.by_ordinal(mail.user).map(|user| user.profile.login());
        let login = login.or_else(|| org.events.gone(mail.user).map(|(_, login)| login));
        let line = serde_json::json!({"at": format!("{at:.3}"), "kind": mail.kind.name(), "login": login});
        if serde_json::to_writer(&mut lines, &line).is_ok() {
            lines.push(b'\n');
        }
    }
    lines
}

/// The user of a login or short name.
pub(crate) fn user_line<'a>(org: &'a Org, name: &str) -> Option<impl Serialize + use<'a>> {
    org.users.by_name(name).map(|user| line_of(org, user))
}

fn line_of<'a>(org: &'a Org, user: &'a User) -> UserLine<'a> {
    UserLine {
        login: user.profile.login(),
        id: &user.id,
        status: user.status.name(),
        provider: user.credentials.provider.kind.name(),
        credential: user.credentials.password.name(),
        groups: org.groups.of_user(user.ordinal).map(|group| group.name.as_str()).collect(),
    }
}

fn logins_digest(org: &Org) -> String {
    let mut logins: Vec<_> = org.users.after(None).map(|user| user.profile.login()).collect();
    logins.sort_unstable();
    let mut digest = Sha256::new();
    for login in logins {
        digest.update(login);
        digest.update(b"\n");
    }
    digest.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
