//! The memory that verifications may take together. Argon2, scrypt and yescrypt take up to a gigabyte for one
//! password, as the stored hash demands; a worker for each core would take as many of them, and the system would
//! end the process.

use std::sync::{Condvar, Mutex, PoisonError};

use crate::hook::locked;

/// What is left of it.
#[derive(Debug)]
pub struct Memory {
    whole: u64,
    free: Mutex<u64>,
    freed: Condvar,
}

/// A part that is given back when this is dropped.
#[derive(Debug)]
pub struct Held<'a> {
    memory: &'a Memory,
    bytes: u64,
}

impl Memory {
    /// So many bytes.
    pub fn new(whole: u64) -> Self {
        Self { whole, free: Mutex::new(whole), freed: Condvar::new() }
    }

    /// Whether so much is ever free.
    pub fn can_hold(&self, bytes: u64) -> bool {
        bytes <= self.whole
    }

    /// Waits until so much is free. More than there is counts as all of it.
    pub fn hold(&self, bytes: u64) -> Held<'_> {
        let bytes = bytes.min(self.whole);
        let mut free = locked(&self.free);
        while *free < bytes {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        Held { memory: self, bytes }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *locked(&self.memory.free) += self.bytes;
        self.memory.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn together_they_never_hold_more_than_there_is() {
        let memory = Memory::new(10);
        let (held, most) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for bytes in 1..=12 {
                let (memory, held, most) = (&memory, &held, &most);
                scope.spawn(move || {
                    for _ in 0..50 {
                        let part = memory.hold(bytes);
                        most.fetch_max(
                            held.fetch_add(part.bytes, Ordering::SeqCst) + part.bytes,
                            Ordering::SeqCst,
                        );
                        std::thread::yield_now();
                        held.fetch_sub(part.bytes, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.into_inner() <= 10 && *locked(&memory.free) == 10);
        assert!(memory.can_hold(10) && !memory.can_hold(11));
    }
}
