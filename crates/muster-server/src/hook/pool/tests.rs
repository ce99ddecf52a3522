//! The pool as a whole.

use muster_core::stored::Argon2Variant;
use zeroize::Zeroizing;

use super::*;

fn argon2(memory: u32) -> StoredHash {
    StoredHash::Argon2 {
        variant: Argon2Variant::Id,
        version: 0x13,
        memory,
        passes: 1,
        lanes: 1,
        salt: Zeroizing::new(vec![7; 16]),
        value: Zeroizing::new(vec![7; 32]),
    }
}

#[tokio::test]
async fn a_hash_that_demands_more_memory_than_there_may_be_is_not_tried() {
    let settings = PoolSettings { workers: 2, memory: 1 << 20, ..PoolSettings::default() };
    let pool = Pool::start(settings, Verifier::default()).unwrap();
    let ask = async |memory| {
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        pool.verify(argon2(memory), Secret::new("x"), deadline).await
    };
    assert_eq!(ask(1025).await, Err(NotVerified::Overloaded));
    assert_eq!(ask(1024).await, Ok(false));
}
