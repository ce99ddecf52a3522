//! What the targets do with a text: read it as a stored password, and verify it where that is cheap.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_core::credential::{Settlement, StoredPassword, understand};
use muster_core::stored::{Bytes, FirebaseProject};

/// Cells of a row, at most.
const CELLS: usize = 10;

/// Work beyond this says nothing of a parser.
const CHEAP: u64 = 5_000;

/// The text is all that there is of a hash.
pub fn whole(front: &str, data: &[u8]) {
    let text = format!("{front}{}", String::from_utf8_lossy(data));
    read(&StoredPassword { password_hash: Some(&text), ..StoredPassword::default() });
    read(&StoredPassword { cleartext: Some(&text), ..StoredPassword::default() });
}

/// The bytes are what a base64 text holds.
pub fn encoded(data: &[u8]) {
    whole("", STANDARD.encode(data).as_bytes());
}

/// The bytes are cells, with a zero between them.
pub fn columns(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let cells: Vec<&str> = text.splitn(CELLS, '\0').collect();
    let cell = |at: usize| cells.get(at).copied();
    read(&StoredPassword {
        hashed_password: cell(0),
        salt: cell(1),
        algorithm: cell(2),
        work_factor: cell(3),
        salt_order: cell(4),
        iterations: cell(5),
        key_size: cell(6),
        digest_algorithm: cell(7),
        ..StoredPassword::default()
    });
}

fn read(stored: &StoredPassword<'_>) {
    let settlement = Settlement {
        firebase: Some(FirebaseProject {
            signer_key: Bytes::new(vec![7; 64]),
            salt_separator: Bytes::new(vec![7]),
            rounds: 8,
            memory_cost: 4,
        }),
        ..Settlement::default()
    };
    let Ok(readings) = understand(stored, &settlement) else { return };
    for hash in readings.into_iter().filter_map(|reading| reading.stored) {
        if muster_passwords::cost(&hash).work <= CHEAP {
            std::hint::black_box(muster_passwords::verify("password", &hash));
        }
    }
}
