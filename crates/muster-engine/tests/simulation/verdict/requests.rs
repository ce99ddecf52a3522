//! No create is sent while another one of the same login may have been carried out: what is in doubt is read first.

use std::collections::BTreeMap;

use crate::evidence::Evidence;
use crate::journal::{Kind, Seen, Sent};

/// What is known of a login before its next create.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    /// No create was sent, or it was surely not carried out, or a read came after it.
    Free,
    /// A create was sent by this process, and may have been carried out.
    Doubtful(u32),
    /// A create was seen to have been carried out.
    Made,
}

/// Every breach.
pub fn check(evidence: &Evidence) -> Vec<String> {
    let mut known: BTreeMap<&str, Known> = BTreeMap::new();
    let mut broken = Vec::new();
    for (number, sent) in evidence.sent.iter().enumerate() {
        let known = known.entry(&sent.about).or_insert(Known::Free);
        match (sent.kind, *known) {
            (Kind::Create, Known::Doubtful(process)) => broken.push(format!(
                "#{number}: {} is created again by process {}, though a create of process {process} may have been \
                 carried out, and nobody read it back",
                sent.about, sent.process
            )),
            (Kind::Create, Known::Made) => {
                broken.push(format!("#{number}: {} is created again after it was made", sent.about));
            }
            _ => {}
        }
        match sent.kind {
            Kind::Create => *known = after_create(sent),
            Kind::Read if *known != Known::Made => *known = Known::Free,
            _ => {}
        }
    }
    broken
}

fn after_create(sent: &Sent) -> Known {
    match sent.seen {
        Seen::NotSent | Seen::Answer(400..=499, _) => Known::Free,
        Seen::Answer(200, true) => Known::Made,
        // The only answers of 5xx that say that nothing was done are those of the read-only mode.
        Seen::Answer(503, true) if sent.status == Some(503) => Known::Free,
        Seen::Nothing | Seen::Broken | Seen::Answer(..) => Known::Doubtful(sent.process),
    }
}
