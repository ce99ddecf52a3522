//! The office where the books of a process are kept: commits take their time, and may be the death of it.

use std::time::Duration;

use muster_ledger::Keeper;

use crate::dice::Dice;
use crate::doom::Doom;
use crate::story::Story;

/// How long commits take.
#[derive(Clone, Copy, Debug)]
pub struct OfficeHours {
    /// Most of them take this at most.
    pub most: Duration,
    /// So many of a thousand take a second.
    pub slow: u64,
}

/// Commits what waits, for ever.
pub async fn keep(keeper: &mut Keeper, hours: OfficeHours, dice: &Dice, doom: &Doom, story: &Story) {
    while keeper.job().await {
        let slow = dice.per_mille(hours.slow);
        let time = if slow { Duration::from_secs(1) } else { dice.time(Duration::ZERO, hours.most) };
        if !time.is_zero() {
            tokio::time::sleep(time).await;
        }
        if let Some(books) = doom.commit() {
            story.tell(|| format!("the process dies of a commit: {books:?}"));
            doom.strike(books);
            return std::future::pending().await;
        }
        keeper.commit();
    }
    std::future::pending::<()>().await;
}
