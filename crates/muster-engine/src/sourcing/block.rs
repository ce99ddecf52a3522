//! One session's worth of requests: people, then their groups, then the memberships (API.md §10.2).

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use muster_core::sourcing::{Filling, Operation, PageLimits, SessionRoom, SourcedPerson};
use muster_ledger::{Departure, UploadKind};
use muster_okta::wire::{BulkKind, deletion_entity, group_entity, memberships_entity, user_entity};

/// One bulk request.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What it carries.
    pub kind: UploadKind,
    /// The rows that it is about, or the numbers of departures; a row of memberships is there for each.
    pub lines: Vec<u64>,
    /// The entities, one for each line where people are carried.
    pub entities: Vec<Vec<u8>>,
}

impl Piece {
    fn new(kind: UploadKind) -> Self {
        Self { kind, lines: Vec::new(), entities: Vec::new() }
    }

    /// The request that it is.
    pub fn request(&self) -> BulkKind {
        match self.kind {
            UploadKind::Users => BulkKind::UsersUpsert,
            UploadKind::Deletions | UploadKind::Departures => BulkKind::UsersDelete,
            UploadKind::Groups => BulkKind::GroupsUpsert,
            UploadKind::Joins => BulkKind::MembershipsUpsert,
            UploadKind::Leaves => BulkKind::MembershipsDelete,
        }
    }

    /// Its body.
    pub fn body(&self) -> Bytes {
        self.request().body(&self.entities)
    }

    /// Whether it carries people, one entity each.
    pub fn carries_people(&self) -> bool {
        matches!(self.kind, UploadKind::Users | UploadKind::Deletions | UploadKind::Departures)
    }

    /// Two halves of it, for finding the person whom Okta does not take.
    pub fn halves(mut self) -> [Self; 2] {
        let middle = self.entities.len() / 2;
        let rest = Self {
            kind: self.kind,
            lines: self.lines.split_off(middle.min(self.lines.len())),
            entities: self.entities.split_off(middle),
        };
        [self, rest]
    }
}

/// Requests of a session that are kept free where memberships follow people: an answer that is lost costs one, and
/// whoever's memberships do not fit any more has to be sent again.
const SPARE: usize = 2;

/// What is to be told of a person's memberships.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Groups that the person is to be in.
    pub joins: Vec<String>,
    /// Groups that the source has the person in, and no longer is to.
    pub leaves: Vec<String>,
}

impl Moves {
    /// Of a person whom the source has in these groups.
    pub fn of(groups: &[String], before: Vec<String>) -> Self {
        let leaves = before.into_iter().filter(|group| !groups.contains(group)).collect();
        Self { joins: groups.to_vec(), leaves }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.joins.is_empty() && self.leaves.is_empty()
    }
}

/// The membership of one person in one group.
type Pair = (String, String);

/// Gathers rows until a session is full.
#[derive(Debug)]
pub struct BlockBuilder {
    operation: Operation,
    limits: PageLimits,
    room: SessionRoom,
    taken: usize,
    people: Pages,
    groups: BTreeSet<String>,
    joins: PairPages,
    leaves: PairPages,
}

impl BlockBuilder {
    /// A block for a session that has so much room.
    pub fn new(operation: Operation, limits: PageLimits, room: SessionRoom) -> Self {
        let kind = if operation == Operation::Deactivate { UploadKind::Deletions } else { UploadKind::Users };
        Self {
            operation,
            limits,
            room,
            taken: 0,
            people: Pages::new(kind, limits),
            groups: BTreeSet::new(),
            joins: PairPages::new(UploadKind::Joins, limits),
            leaves: PairPages::new(UploadKind::Leaves, limits),
        }
    }

    /// Takes the person, unless the session would be over one of its limits. `carried` is whether the session has the
    /// person already and memberships are missing.
    pub fn offer(&mut self, person: &SourcedPerson, moves: &Moves, carried: bool) -> bool {
        let entity = self.entity(person);
        let joins = pairs(person, &moves.joins);
        let leaves = pairs(person, &moves.leaves);
        let new = moves.joins.iter().filter(|group| !self.groups.contains(*group));
        let groups = (self.groups.len() + new.count()).div_ceil(self.limits.entities);
        let people = if carried { self.people.filling.pages() } else { self.people.with(entity.len()) };
        let pages = people + groups + self.joins.with(&joins) + self.leaves.with(&leaves);
        let spare = if joins.is_empty() && self.joins.filled.is_empty() { 0 } else { SPARE };
        let fresh = self.room == SessionRoom::after(0, 0);
        let requests = if fresh { self.room.requests - spare } else { self.room.requests };
        if pages > requests || (!carried && self.taken >= self.room.users) {
            return false;
        }
        if !carried {
            self.taken += 1;
            self.people.add(person.line.0, entity);
        }
        self.groups.extend(moves.joins.iter().cloned());
        self.joins.add(person.line.0, joins);
        self.leaves.add(person.line.0, leaves);
        true
    }

    /// Takes somebody who is gone, unless the session is full.
    pub fn offer_departure(&mut self, departure: &Departure) -> bool {
        self.people.kind = UploadKind::Departures;
        let entity = deletion_entity(&departure.external_id);
        let full = self.people.with(entity.len()) > self.room.requests || self.taken >= self.room.users;
        if !full {
            self.taken += 1;
            self.people.add(departure.number, entity);
        }
        !full
    }

    fn entity(&self, person: &SourcedPerson) -> Vec<u8> {
        match self.operation {
            Operation::CreateUpdate => user_entity(&person.external_id, &person.profile),
            Operation::Deactivate => deletion_entity(&person.external_id),
        }
    }

    /// The requests, in the order in which they have to go.
    pub fn finish(self) -> Vec<Piece> {
        let mut groups = Pages::new(UploadKind::Groups, self.limits);
        for group in &self.groups {
            groups.add_entity(group_entity(group, group, None));
        }
        let pairs = [self.joins, self.leaves].into_iter().flat_map(PairPages::finish);
        self.people.pieces.into_iter().chain(groups.pieces).chain(pairs).collect()
    }
}

/// Whether a person fits into one request, and all memberships into another; or else the bytes that they come to.
pub fn fits_alone(person: &SourcedPerson, limits: PageLimits) -> Result<(), usize> {
    let entity = user_entity(&person.external_id, &person.profile).len();
    let memberships = size(&pairs(person, &person.groups));
    let parts = [(BulkKind::UsersUpsert, entity), (BulkKind::MembershipsUpsert, memberships)];
    let over = parts.into_iter().find(|(kind, bytes)| !limits.holds_alone(kind.envelope(), *bytes));
    over.map_or(Ok(()), |(_, bytes)| Err(bytes))
}

fn pairs(person: &SourcedPerson, groups: &[String]) -> Vec<Pair> {
    groups.iter().map(|group| (group.clone(), person.external_id.clone())).collect()
}

/// Requests with one entity for each person or group.
#[derive(Debug)]
struct Pages {
    kind: UploadKind,
    filling: Filling,
    pieces: Vec<Piece>,
}

impl Pages {
    fn new(kind: UploadKind, limits: PageLimits) -> Self {
        let filling = Filling::new(limits, Piece::new(kind).request().envelope());
        Self { kind, filling, pieces: Vec::new() }
    }

    /// How many pages there would be with one more entity of so many bytes.
    fn with(&self, bytes: usize) -> usize {
        self.filling.pages() + usize::from(!self.filling.fits(1, bytes))
    }

    fn add(&mut self, line: u64, entity: Vec<u8>) {
        self.add_entity(entity);
        if let Some(page) = self.pieces.last_mut() {
            page.lines.push(line);
        }
    }

    fn add_entity(&mut self, entity: Vec<u8>) {
        if self.filling.add(1, entity.len()) {
            self.pieces.push(Piece::new(self.kind));
        }
        if let Some(page) = self.pieces.last_mut() {
            page.entities.push(entity);
        }
    }
}

/// Requests with memberships. All of a row's go together, so that a row is in its groups or is not. How many members
/// one item takes is not documented (API.md §10.2), so each pair of group and member counts as an entity.
#[derive(Debug)]
struct PairPages {
    kind: UploadKind,
    filling: Filling,
    filled: Vec<PairPage>,
}

#[derive(Debug, Default)]
struct PairPage {
    lines: Vec<u64>,
    members: BTreeMap<String, Vec<String>>,
}

impl PairPages {
    fn new(kind: UploadKind, limits: PageLimits) -> Self {
        let filling = Filling::new(limits, Piece::new(kind).request().envelope());
        Self { kind, filling, filled: Vec::new() }
    }

    fn with(&self, pairs: &[Pair]) -> usize {
        let begins = !pairs.is_empty() && !self.filling.fits(pairs.len(), size(pairs));
        self.filling.pages() + usize::from(begins)
    }

    fn add(&mut self, line: u64, pairs: Vec<Pair>) {
        if pairs.is_empty() {
            return;
        }
        if self.filling.add(pairs.len(), size(&pairs)) {
            self.filled.push(PairPage::default());
        }
        if let Some(page) = self.filled.last_mut() {
            page.lines.push(line);
            for (group, member) in pairs {
                page.members.entry(group).or_default().push(member);
            }
        }
    }

    fn finish(self) -> impl Iterator<Item = Piece> {
        self.filled.into_iter().map(move |page| {
            let entity = |(group, members): (&String, &Vec<String>)| {
                let members: Vec<&str> = members.iter().map(String::as_str).collect();
                memberships_entity(group, &members)
            };
            Piece { kind: self.kind, lines: page.lines, entities: page.members.iter().map(entity).collect() }
        })
    }
}

/// Bytes if nothing of it could be put together with the memberships of others: never less than it takes.
fn size(pairs: &[Pair]) -> usize {
    let each = |(group, member): &Pair| memberships_entity(group, &[member]).len() + 1;
    pairs.iter().map(each).sum()
}

#[cfg(test)]
mod tests {
    use muster_core::record::Line;
    use muster_core::sourcing::{MOST_BYTES, MOST_ENTITIES, MOST_REQUESTS, MOST_USERS};
    use serde_json::json;

    use super::*;

    const LIMITS: PageLimits = PageLimits { entities: MOST_ENTITIES, bytes: MOST_BYTES };

    fn person(line: u64, groups: &[&str], padding: usize) -> SourcedPerson {
        let profile = json!({"userName": format!("p{line}@example.com"), "homeAddress": "x".repeat(padding)});
        SourcedPerson {
            line: Line(line),
            login: format!("p{line}@example.com"),
            external_id: format!("E{line}"),
            profile: profile.as_object().cloned().unwrap(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        }
    }

    fn builder() -> BlockBuilder {
        BlockBuilder::new(Operation::CreateUpdate, LIMITS, SessionRoom::after(0, 0))
    }

    fn offer(builder: &mut BlockBuilder, person: &SourcedPerson, before: &[&str], carried: bool) -> bool {
        let before = before.iter().map(|group| (*group).to_owned()).collect();
        builder.offer(person, &Moves::of(&person.groups, before), carried)
    }

    /// How many people fit, and the requests that they come to.
    fn fill(groups: &[&str], padding: usize) -> (u64, Vec<Piece>) {
        let mut builder = builder();
        let taken = (1..=MOST_USERS as u64 + 1)
            .take_while(|line| offer(&mut builder, &person(*line, groups, padding), &[], false))
            .count();
        (taken as u64, builder.finish())
    }

    #[test]
    fn people_without_groups_fill_a_session_to_its_end() {
        let (taken, pieces) = fill(&[], 0);
        assert_eq!((taken, pieces.len()), (MOST_USERS as u64, MOST_REQUESTS));
        assert!(pieces.iter().all(|piece| piece.lines.len() == 200 && piece.entities.len() == 200));
    }

    #[test]
    fn groups_and_memberships_have_their_place_in_the_same_session() {
        let (taken, pieces) = fill(&["Staff"], 0);
        assert_eq!((taken, pieces.len()), (4_600, 47), "23 of people, one of groups, 23 of memberships");
        let kinds: Vec<UploadKind> = pieces.iter().map(|piece| piece.kind).collect();
        assert_eq!(
            (kinds[0], kinds[23], kinds[24]),
            (UploadKind::Users, UploadKind::Groups, UploadKind::Joins)
        );
        let joined: u64 = pieces[24..].iter().map(|piece| piece.lines.len() as u64).sum();
        assert_eq!(joined, taken);
    }

    #[test]
    fn no_body_is_larger_than_a_request_may_be() {
        for piece in fill(&["A", "B", "C"], 3_000).1 {
            assert!(piece.body().len() <= MOST_BYTES && piece.entities.len() <= MOST_ENTITIES);
        }
    }

    #[test]
    fn who_left_a_group_is_taken_out_of_it() {
        let mut builder = builder();
        assert!(offer(&mut builder, &person(1, &["New"], 0), &["Old", "New"], false));
        let pieces = builder.finish();
        let leaves = pieces.last().unwrap();
        assert_eq!(leaves.kind, UploadKind::Leaves);
        assert!(String::from_utf8_lossy(&leaves.body()).contains("Old"));
    }

    #[test]
    fn only_memberships_of_who_is_carried_already() {
        let mut builder = builder();
        assert!(offer(&mut builder, &person(1, &["Staff"], 0), &[], true));
        let kinds: Vec<UploadKind> = builder.finish().iter().map(|piece| piece.kind).collect();
        assert_eq!(kinds, [UploadKind::Groups, UploadKind::Joins]);
    }

    #[test]
    fn memberships_that_no_request_holds_are_too_large() {
        let groups: Vec<String> = (0..200).map(|at| format!("{at}{}", "\u{1}".repeat(250))).collect();
        let names: Vec<&str> = groups.iter().map(String::as_str).collect();
        let bytes = fits_alone(&person(1, &names, 0), LIMITS).unwrap_err();
        assert!(bytes > MOST_BYTES, "{bytes}: each of these characters is six bytes");
        assert_eq!(fits_alone(&person(1, &names[..100], 0), LIMITS), Ok(()));
    }

    #[test]
    fn halves_keep_each_person_with_its_line() {
        let mut builder = builder();
        (1..=3).for_each(|line| assert!(offer(&mut builder, &person(line, &[], 0), &[], false)));
        let [first, second] = builder.finish().remove(0).halves();
        assert_eq!((first.lines.as_slice(), second.lines.as_slice()), ([1].as_slice(), [2, 3].as_slice()));
        assert!(String::from_utf8_lossy(&second.body()).contains("E2"));
    }
}
