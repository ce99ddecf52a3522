//! What an answer means in each stage of a row's way.

use std::time::Duration;

use jiff::Timestamp;

use super::{Answer, Call, MOST_TRIES, Progress, Refusal, RowFlow, RowResult, SettledUser, Stage, Trouble};
use crate::candidate::{Afterwards, Credential, OnConflict};
use crate::compare::{FoundUser, differences};
use crate::login::fold;
use crate::origin::{Doubt, Origin, origin};
use crate::outcome::Outcome;
use crate::retry::back_off;

/// Tries for what the org may know only after a moment: a fresh id, a login that was said to exist.
const TRIES_FOR_FRESH: u32 = 5;

/// The wait before the one retry of an attribute that Okta denies to know.
const ATTRIBUTE_RETRY: Duration = Duration::from_secs(2);

/// The code of a row whose user may be ours and may be someone else's.
pub const ORIGIN_UNCLEAR: &str = "origin_unclear";

impl Afterwards {
    pub(super) fn call(self, user: String) -> Call {
        match self {
            Self::Suspend => Call::Suspend { user },
            Self::Deactivate => Call::Deactivate { user },
        }
    }

    fn status(self) -> &'static str {
        match self {
            Self::Suspend => "SUSPENDED",
            Self::Deactivate => "DEPROVISIONED",
        }
    }
}

impl RowFlow {
    pub(super) fn create_answered(
        &mut self,
        answer: Answer,
        intended_at: Timestamp,
        well: bool,
        dice: f64,
    ) -> Progress {
        match answer {
            Answer::User(user) => self.settle(Outcome::Created, *user),
            Answer::Doubtful(why) => {
                self.lost = why;
                // Before it left, an access token may have had to be had: it was under way later than it was intended.
                let longest = self.customs.request_time.max(self.took);
                self.doubt = Some(Doubt::extended(self.doubt, intended_at, longest));
                self.tries += u32::from(well);
                let wait = back_off(self.tries.max(1), dice);
                self.stage = Stage::ReadBack;
                Progress::Again(wait)
            }
            Answer::Done => self.give_up("malformed_answer", "the answer to the create held no user"),
            Answer::Later(refusal) => self.again_or(well, dice, |flow| flow.fail(&refusal)),
            Answer::NotSent(why) => self.again_or(well, dice, |flow| flow.give_up("unreachable", &why)),
            Answer::Refused(refusal) if refusal.says_login_exists() => {
                self.exists = Some(refusal);
                self.read_back()
            }
            Answer::Refused(refusal) if refusal.says_attribute_unknown() && !self.denied => {
                self.denied = true;
                Progress::Again(ATTRIBUTE_RETRY)
            }
            Answer::Refused(refusal) | Answer::NotFound(refusal) => self.reject(&refusal),
        }
    }

    pub(super) fn read_back_answered(&mut self, answer: Answer, well: bool, dice: f64) -> Progress {
        match answer {
            // A login may also be read by its part before the @, so it must be looked at.
            Answer::User(found) if self.is_login_of(&found) => self.found(*found),
            Answer::User(_) | Answer::NotFound(_) => self.not_found(dice),
            Answer::Done => self.give_up("malformed_answer", "the answer to the read held no user"),
            Answer::Later(refusal) => self.again_or(well, dice, |flow| flow.fail(&refusal)),
            Answer::Doubtful(why) | Answer::NotSent(why) => self.again_or(well, dice, |flow| {
                flow.give_up("unsettled", &format!("the user could not be read back: {why}"))
            }),
            Answer::Refused(refusal) => self.fail(&refusal),
        }
    }

    fn is_login_of(&self, found: &FoundUser) -> bool {
        let login = found.profile.get("login").and_then(serde_json::Value::as_str);
        login.is_some_and(|login| fold(login) == self.candidate.login.folded())
    }

    fn found(&mut self, found: FoundUser) -> Progress {
        let told = self.doubt.map(|doubt| origin(&self.candidate, &found, doubt, &self.customs));
        match told {
            Some(Origin::Ours) => return self.settle(Outcome::Adopted, found),
            Some(Origin::Unclear(odd)) => return self.unclear(found, &odd),
            Some(Origin::Theirs) | None => {}
        }
        let changes = differences(&self.candidate.profile, &found.profile);
        let arm = self.arms(&found);
        match self.on_conflict {
            OnConflict::Fail => {
                self.user = Some(settled(Outcome::Rejected, found));
                let taken = "the user exists already, and --on-conflict fail was asked for";
                self.finish(
                    Outcome::Rejected,
                    Some(Trouble { code: "login_exists".to_owned(), text: taken.to_owned() }),
                )
            }
            _ if changes.is_empty() && !arm => self.settle(Outcome::Unchanged, found),
            OnConflict::Skip => self.settle(Outcome::Skipped, found),
            OnConflict::Update => {
                (self.tries, self.denied) = (0, false);
                self.stage = Stage::Update(found, changes, arm);
                Progress::Again(Duration::ZERO)
            }
        }
    }

    /// Whether the hook shall be asked for the password of this user, who was there before. A password that is checked
    /// elsewhere stays there, and one that was imported already is not imported once more (API.md §5.5).
    fn arms(&self, found: &FoundUser) -> bool {
        self.customs.arms_existing
            && self.candidate.credential == Credential::Hook
            && matches!(found.provider.as_deref(), None | Some("OKTA"))
    }

    /// The user may be ours and may be someone else's. It is treated as existing, and told. The books do not hear of it
    /// before its memberships are made: a process that dies meanwhile finds it unclear once more.
    fn unclear(&mut self, found: FoundUser, odd: &[String]) -> Progress {
        let text = unclear_text(&found, odd);
        if self.on_conflict == OnConflict::Fail {
            self.user = Some(settled(Outcome::Rejected, found));
            let text = format!("{text}; --on-conflict fail was asked for");
            return self.finish(Outcome::Rejected, Some(Trouble { code: ORIGIN_UNCLEAR.to_owned(), text }));
        }
        self.trouble = Some(Trouble { code: ORIGIN_UNCLEAR.to_owned(), text });
        self.go_on_with(settled(Outcome::Unchanged, found));
        self.go_on()
    }

    fn not_found(&mut self, dice: f64) -> Progress {
        match self.exists.clone() {
            // Okta says both that the login exists and that it does not: give its index a moment.
            Some(refusal) if self.tries >= TRIES_FOR_FRESH => self.reject(&refusal),
            Some(_) => {
                self.tries += 1;
                Progress::Again(back_off(self.tries, dice))
            }
            None if self.tries >= MOST_TRIES => {
                let why = format!("the create did not get through in {MOST_TRIES} tries: {}", self.lost);
                self.give_up("unsettled", &why)
            }
            None => {
                self.stage = Stage::Create;
                Progress::Again(Duration::ZERO)
            }
        }
    }

    pub(super) fn update_answered(&mut self, answer: Answer, well: bool, dice: f64) -> Progress {
        match answer {
            Answer::User(user) => self.settle(Outcome::Updated, *user),
            Answer::Done => {
                let Stage::Update(found, ..) = &self.stage else { return Progress::Again(Duration::ZERO) };
                let found = found.clone();
                self.settle(Outcome::Updated, found)
            }
            // The same values sent twice are the same values.
            Answer::Doubtful(why) | Answer::NotSent(why) => {
                self.again_or(well, dice, |flow| flow.give_up("unsettled", &why))
            }
            Answer::Later(refusal) => self.again_or(well, dice, |flow| flow.fail(&refusal)),
            Answer::Refused(refusal) if refusal.says_attribute_unknown() && !self.denied => {
                self.denied = true;
                Progress::Again(ATTRIBUTE_RETRY)
            }
            Answer::Refused(refusal) | Answer::NotFound(refusal) => {
                if let Stage::Update(found, ..) = &self.stage {
                    self.user = Some(settled(Outcome::Rejected, found.clone()));
                }
                self.reject(&refusal)
            }
        }
    }

    pub(super) fn join_answered(&mut self, answer: Answer, well: bool, dice: f64) -> Progress {
        match answer {
            Answer::Done | Answer::User(_) => {
                self.joined += 1;
                self.next_group()
            }
            // The id may be too fresh for this part of the org (API.md §11.2).
            Answer::NotFound(_) if self.tries < TRIES_FOR_FRESH => {
                self.tries += 1;
                Progress::Again(back_off(self.tries, dice))
            }
            Answer::Refused(refusal) | Answer::NotFound(refusal) => self.group_missed(refusal.trouble()),
            Answer::Later(refusal) => self.again_or(well, dice, |flow| flow.group_missed(refusal.trouble())),
            Answer::Doubtful(why) | Answer::NotSent(why) => self.again_or(well, dice, |flow| {
                flow.group_missed(Trouble { code: "unsettled".to_owned(), text: why })
            }),
        }
    }

    fn group_missed(&mut self, trouble: Trouble) -> Progress {
        let Stage::Join(at) = self.stage else { return Progress::Again(Duration::ZERO) };
        let group = self.groups.get(at).map(String::as_str).unwrap_or_default();
        let text = format!("group {group}: {}", trouble.text);
        match &mut self.trouble {
            None => self.trouble = Some(Trouble { code: trouble.code, text }),
            Some(earlier) if earlier.code == ORIGIN_UNCLEAR => earlier.text.extend(["; ", &text]),
            Some(_) => {}
        }
        self.next_group()
    }

    fn next_group(&mut self) -> Progress {
        if let Stage::Join(at) = self.stage {
            self.join_from(at + 1);
        }
        self.go_on()
    }

    pub(super) fn afterwards_answered(&mut self, answer: Answer, well: bool, dice: f64) -> Progress {
        let trouble = match answer {
            Answer::Done | Answer::User(_) => {
                let status = self.candidate.afterwards.map(Afterwards::status);
                if let (Some(user), Some(status)) = (&mut self.user, status) {
                    status.clone_into(&mut user.status);
                }
                return self.finish_as_settled();
            }
            Answer::NotFound(_) if self.tries < TRIES_FOR_FRESH => {
                self.tries += 1;
                return Progress::Again(back_off(self.tries, dice));
            }
            Answer::Refused(refusal) => {
                self.tries = 0;
                self.stage = Stage::Recheck(refusal.trouble());
                return Progress::Again(Duration::ZERO);
            }
            Answer::NotFound(refusal) => refusal.trouble(),
            Answer::Later(refusal) if well && self.tries >= MOST_TRIES => refusal.trouble(),
            Answer::Doubtful(why) | Answer::NotSent(why) if well && self.tries >= MOST_TRIES => {
                Trouble { code: "unsettled".to_owned(), text: why }
            }
            Answer::Later(_) | Answer::Doubtful(_) | Answer::NotSent(_) => {
                self.tries += u32::from(well);
                return Progress::Again(back_off(self.tries.max(1), dice));
            }
        };
        self.trouble.get_or_insert(trouble);
        self.finish_as_settled()
    }

    /// Whether the user has the status that the org refused to give once more.
    pub(super) fn recheck_answered(
        &mut self,
        answer: Answer,
        refused: Trouble,
        well: bool,
        dice: f64,
    ) -> Progress {
        let wanted = self.candidate.afterwards.map(Afterwards::status);
        let done = match answer {
            Answer::User(found) if self.user.as_ref().is_some_and(|user| user.id == found.id) => {
                let done = wanted == Some(found.status.as_str());
                if let Some(user) = &mut self.user {
                    user.status = found.status;
                }
                done
            }
            Answer::Later(_) | Answer::Doubtful(_) | Answer::NotSent(_) => {
                return self.again_or(well, dice, |flow| {
                    flow.trouble.get_or_insert(refused);
                    flow.finish_as_settled()
                });
            }
            _ => false,
        };
        if !done {
            self.trouble.get_or_insert(refused);
        }
        self.finish_as_settled()
    }

    /// The user is there. A created one already is in the groups that went into the create; whether an adopted
    /// one is, nobody told, and a membership may be asked for twice.
    fn settle(&mut self, outcome: Outcome, user: FoundUser) -> Progress {
        let user = settled(outcome, user);
        self.go_on_with(user.clone());
        match self.call() {
            Some(_) => Progress::Settled(user),
            None => self.finish_as_settled(),
        }
    }

    pub(super) fn go_on_with(&mut self, user: SettledUser) {
        let from = if user.outcome == Outcome::Created { self.groups_at_creation().len() } else { 0 };
        self.joined = u32::try_from(from).unwrap_or(u32::MAX);
        self.user = Some(user);
        self.join_from(from);
    }

    fn join_from(&mut self, at: usize) {
        self.tries = 0;
        self.stage = if at < self.groups.len() { Stage::Join(at) } else { Stage::Afterwards };
        // Someone who was there before keeps the status that it has.
        let by_us = self
            .user
            .as_ref()
            .is_some_and(|user| matches!(user.outcome, Outcome::Created | Outcome::Adopted));
        if !by_us {
            self.candidate.afterwards = None;
        }
    }

    fn go_on(&mut self) -> Progress {
        if self.call().is_some() { Progress::Again(Duration::ZERO) } else { self.finish_as_settled() }
    }

    fn read_back(&mut self) -> Progress {
        self.tries = 0;
        self.stage = Stage::ReadBack;
        Progress::Again(Duration::ZERO)
    }

    fn again_or(&mut self, well: bool, dice: f64, give_up: impl FnOnce(&mut Self) -> Progress) -> Progress {
        if well && self.tries >= MOST_TRIES {
            return give_up(self);
        }
        self.tries += u32::from(well);
        Progress::Again(back_off(self.tries.max(1), dice))
    }

    fn reject(&mut self, refusal: &Refusal) -> Progress {
        self.finish(Outcome::Rejected, Some(refusal.trouble()))
    }

    fn fail(&mut self, refusal: &Refusal) -> Progress {
        self.finish(Outcome::Failed, Some(refusal.trouble()))
    }

    fn give_up(&mut self, code: &str, why: &str) -> Progress {
        self.finish(Outcome::Failed, Some(Trouble { code: code.to_owned(), text: why.to_owned() }))
    }

    /// The result of a row whose user is settled and which needs no more calls.
    pub fn finish_as_settled(&mut self) -> Progress {
        let outcome = self.user.as_ref().map_or(Outcome::Failed, |user| user.outcome);
        let trouble = self.trouble.take();
        self.finish(outcome, trouble)
    }

    fn finish(&mut self, outcome: Outcome, trouble: Option<Trouble>) -> Progress {
        let user = self.user.take();
        Progress::Finished(RowResult {
            line: self.candidate.line,
            outcome,
            okta_id: user.as_ref().map(|user| user.id.clone()),
            okta_status: user.map(|user| user.status),
            groups_requested: u32::try_from(self.groups.len()).unwrap_or(u32::MAX),
            groups_joined: self.joined,
            trouble,
            attempts: self.attempts,
        })
    }
}

/// What agrees, what is odd, what to look at.
fn unclear_text(found: &FoundUser, odd: &[String]) -> String {
    format!(
        "the answer to our create was lost, and user {} has all that was sent; but {}. Muster left it as someone else's: \
         look at its creation in the System Log",
        found.id,
        odd.join("; and ")
    )
}

fn settled(outcome: Outcome, user: FoundUser) -> SettledUser {
    SettledUser { outcome, id: user.id, status: user.status }
}
