//! Events as they are kept. There are several for every user, and an org has a million users: each takes 24 bytes, and
//! only the rare ones that have more to say are kept whole. It must not know what the events are about.

use super::events::{Actor, Event, EventKind, Target};

/// Events in their order.
#[derive(Debug, Default)]
pub(super) struct PackedEvents {
    all: Vec<Packed>,
    /// Those that do not fit, by the place that their packed form has.
    whole: Vec<Event>,
}

#[derive(Clone, Copy, Debug)]
struct Packed {
    at: i64,
    /// The user, or the place among those that are kept whole.
    user: u32,
    group: u32,
    actor: u32,
    kind: EventKind,
    by: By,
    about: About,
    failed: bool,
}

/// Who did it; the number stands beside it.
#[derive(Clone, Copy, Debug)]
enum By {
    Token,
    App,
    User,
    System,
}

/// Whom it happened to; the numbers stand beside it.
#[derive(Clone, Copy, Debug)]
enum About {
    Nothing,
    User,
    Group,
    Membership,
    /// A user, and a session, which stands in the place of the group.
    Sourced,
    /// The event is kept whole.
    Whole,
}

impl PackedEvents {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The time of the last one.
    pub fn last_at(&self) -> Option<i64> {
        self.all.last().map(|last| last.at)
    }

    /// One more.
    pub fn push(&mut self, event: Event) {
        let packed = Packed::of(&event).unwrap_or_else(|| {
            let place = u32::try_from(self.whole.len()).unwrap_or(u32::MAX);
            let packed = Packed::whole(&event, place);
            self.whole.push(event);
            packed
        });
        self.all.push(packed);
    }

    /// The event at a place.
    pub fn get(&self, place: usize) -> Option<Event> {
        self.all.get(place).and_then(|packed| self.unpacked(*packed))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Event> {
        self.all.iter().filter_map(|packed| self.unpacked(*packed))
    }

    /// The place of the first one that is not earlier than a time.
    pub fn first_from(&self, at: i64) -> usize {
        self.all.partition_point(|event| event.at < at)
    }

    fn unpacked(&self, packed: Packed) -> Option<Event> {
        let Packed { at, user, group, actor, kind, by, about, failed } = packed;
        let target = match about {
            About::Nothing => Target::Nothing,
            About::User => Target::User(user.into()),
            About::Group => Target::Group(group.into()),
            About::Membership => Target::Membership(user.into(), group.into()),
            About::Sourced => Target::Sourced(user.into(), group.into()),
            About::Whole => return self.whole.get(usize::try_from(user).ok()?).cloned(),
        };
        let place = || u16::try_from(actor).unwrap_or(u16::MAX);
        let actor = match by {
            By::Token => Actor::Token(place()),
            By::App => Actor::App(place()),
            By::User => Actor::User(actor.into()),
            By::System => Actor::System,
        };
        Some(Event { at, kind, actor, target, failed, reason: None })
    }
}

impl Packed {
    /// An event, if it fits.
    fn of(event: &Event) -> Option<Self> {
        if event.reason.is_some() {
            return None;
        }
        let small = |place: u64| u32::try_from(place).ok();
        let (about, user, group) = match event.target {
            Target::Nothing => (About::Nothing, 0, 0),
            Target::User(user) => (About::User, small(user)?, 0),
            Target::Group(group) => (About::Group, 0, small(group)?),
            Target::Membership(user, group) => (About::Membership, small(user)?, small(group)?),
            Target::Sourced(user, session) => (About::Sourced, small(user)?, small(session)?),
            Target::Other(_) | Target::Import(_) => return None,
        };
        let (by, actor) = match event.actor {
            Actor::Token(token) => (By::Token, token.into()),
            Actor::App(app) => (By::App, app.into()),
            Actor::User(user) => (By::User, small(user)?),
            Actor::System => (By::System, 0),
        };
        let Event { at, kind, failed, .. } = *event;
        Some(Self { at, user, group, actor, kind, by, about, failed })
    }

    /// What stands for an event that is kept whole.
    fn whole(event: &Event, place: u32) -> Self {
        let Event { at, kind, failed, .. } = *event;
        Self { at, user: place, group: 0, actor: 0, kind, by: By::System, about: About::Whole, failed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_as_they_went_in_and_are_small() {
        let event = |at, actor, target, reason: Option<&str>| {
            let reason = reason.map(Into::into);
            Event { at, kind: EventKind::SignIn, actor, target, failed: reason.is_some(), reason }
        };
        let events = [
            event(1, Actor::System, Target::Nothing, None),
            event(2, Actor::Token(7), Target::User(8), None),
            event(3, Actor::App(1), Target::other("User", "unknown".to_owned(), "ada".to_owned()), None),
            event(4, Actor::User(3), Target::Membership(8, 9), None),
            event(4, Actor::User(3), Target::User(3), Some("INVALID_CREDENTIALS")),
            event(9, Actor::User(u64::MAX), Target::Group(5), None),
            event(9, Actor::System, Target::Membership(u64::MAX, 1), None),
            event(9, Actor::System, Target::Sourced(4, 2), None),
        ];
        let mut packed = PackedEvents::default();
        events.iter().cloned().for_each(|event| packed.push(event));
        assert_eq!(packed.iter().collect::<Vec<_>>(), events);
        assert_eq!((packed.len(), packed.whole.len(), packed.last_at()), (8, 4, Some(9)));
        assert_eq!((packed.get(3), packed.get(8)), (Some(events[3].clone()), None));
        assert_eq!((packed.first_from(4), packed.first_from(5), packed.first_from(10)), (3, 5, 8));
        assert_eq!(size_of::<Packed>(), 24);
    }
}
