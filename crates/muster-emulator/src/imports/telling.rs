//! What the System Log is told of an import.
//!
//! Okta's catalogue names the events and not what is in them. Here every event of an import names the source, as an
//! `AppInstance`, and what it is about; that of a person also names the person as the source knows them, as an
//! `AppUser`. `debugContext.debugData.importSessionId` is an invention: no recording shows what is there.

use super::{Errand, people::Given, words_of};
use crate::{
    model::{
        events::{Event, EventKind, ImportTarget, Target},
        org::Org,
        sources::{AppUserName, GroupWish, Outcome, Person},
    },
    refusal::Refusal,
};

impl Errand {
    /// Something that happened.
    pub fn event(&self, kind: EventKind, target: Target) -> Event {
        let at = self.at.as_millisecond();
        Event { at, kind, actor: self.actor, target, failed: false, reason: None }
    }

    /// What an event is about that is about the source.
    pub fn target(&self) -> ImportTarget {
        ImportTarget { source: self.source.as_str().into(), session: self.session, ..ImportTarget::default() }
    }

    /// Something happened to the session itself.
    pub fn tell_of_session(&self, org: &mut Org, kind: EventKind, failure: Option<&str>) {
        let mut event = self.event(kind, Target::Import(Box::new(self.target())));
        event.failed = failure.is_some();
        event.reason = failure.map(Into::into);
        org.happened(event);
    }

    /// Something happened to somebody who is in the source. Within a session the event is small, for there are
    /// millions of them.
    pub fn tell_of_person(&self, org: &mut Org, kind: EventKind, user: u64) {
        let target = if let Some(session) = self.session {
            Target::Sourced(user, session)
        } else {
            let app_user = org.resources.sources.origin(user).map(|(_, person)| person.named());
            Target::Import(Box::new(ImportTarget { user: Some(user), app_user, ..self.target() }))
        };
        org.happened(self.event(kind, target));
    }

    /// Something happened to a group.
    pub fn tell_of_group(&self, org: &mut Org, kind: EventKind, group: u64) {
        let target = ImportTarget { group: Some(group), ..self.target() };
        org.happened(self.event(kind, Target::Import(Box::new(target))));
    }

    /// Somebody is not imported.
    pub fn refuse_person(&self, org: &mut Org, given: &Given<'_>, refusal: &Refusal) -> Outcome {
        let known = org.resources.sources.by_id(&self.source);
        let known = known.and_then(|source| source.person(given.external_id));
        let (kind, user, app_user) = if let Some(person) = known {
            (EventKind::ImportUserUpdate, Some(person.user), person.named())
        } else {
            let name = given.attributes.get("userName").cloned().flatten().unwrap_or_default();
            let (id, external_id) = (org.ids.id("0ua").into(), given.external_id.into());
            (EventKind::ImportUserCreate, None, AppUserName { id, external_id, user_name: name.into() })
        };
        let target = ImportTarget { user, app_user: Some(app_user), ..self.target() };
        self.refuse(org, kind, target, refusal)
    }

    /// A group is not imported.
    pub fn refuse_group(&self, org: &mut Org, id: &str, wish: &GroupWish, refusal: &Refusal) -> Outcome {
        let known = org.resources.sources.by_id(&self.source).and_then(|source| source.group(id));
        let group = known.map(|group| group.group);
        let kind = if group.is_some() { EventKind::ImportGroupUpdate } else { EventKind::ImportGroupCreate };
        let name = wish.display_name.clone().unwrap_or_default();
        let app_group = group.is_none().then(|| (Box::from(id), name.into()));
        self.refuse(org, kind, ImportTarget { group, app_group, ..self.target() }, refusal)
    }

    /// Somebody is not put into a group, or taken out of it.
    pub fn refuse_membership(
        &self,
        org: &mut Org,
        kind: EventKind,
        (group, member): (&str, &str),
        refusal: &Refusal,
    ) -> Outcome {
        let source = org.resources.sources.by_id(&self.source);
        let known_group = source.and_then(|source| source.group(group)).map(|group| group.group);
        let person = source.and_then(|source| source.person(member));
        let unknown =
            || AppUserName { id: "unknown".into(), external_id: member.into(), user_name: "".into() };
        let target = ImportTarget {
            user: person.map(|person| person.user),
            app_user: Some(person.map_or_else(unknown, Person::named)),
            group: known_group,
            app_group: known_group.is_none().then(|| (group.into(), "".into())),
            ..self.target()
        };
        self.refuse(org, kind, target, refusal)
    }

    fn refuse(&self, org: &mut Org, kind: EventKind, target: ImportTarget, refusal: &Refusal) -> Outcome {
        let mut event = self.event(kind, Target::Import(Box::new(target)));
        event.failed = true;
        event.reason = Some(words_of(refusal));
        org.happened(event);
        Outcome::Refused
    }
}
