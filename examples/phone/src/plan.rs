//! What a round does next: a pure function of what the phone holds and of what has happened in this round.
//!
//! Kilobytes before megabytes: ask, hand in answers, tell intents, pull, fetch checklists; then photos, oldest audit first, and
//! last the pictures: what was made here goes before what can be fetched again.

use std::collections::HashSet;

use uuid::Uuid;

use crate::outbox::{OutboxItem, Standing};
use crate::store::State;

/// One request (a pull: one for each page) and what is kept of its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Hello,
    /// Everything, or what is open only.
    Offer {
        everything: bool,
    },
    Audit(Uuid),
    Commands,
    Pull,
    Checklist(String),
    /// Of the oldest audit that it belongs to.
    Photo {
        audit: Uuid,
        sha256: String,
    },
    Picture(String),
}

/// What has happened in this round.
#[derive(Debug, Default)]
pub struct Progress {
    pub offered: bool,
    /// Something was sent since the server was last asked.
    pub sent_since_offer: bool,
    pub pulled: bool,
    /// Steps that failed and are not taken again in this round.
    pub aside: HashSet<Step>,
    /// What was handed in. A server that forgets it at once does not get it again in the same round.
    pub handed_in: HashSet<Step>,
}

/// What the phone knows that bears on the next step.
#[derive(Debug)]
pub struct World<'a> {
    pub knows_server: bool,
    pub state: &'a State,
    /// Oldest first.
    pub outbox: &'a [OutboxItem],
    pub lacking_checklists: Vec<String>,
    pub lacking_pictures: Vec<String>,
}

/// The next step; `None` when the round is done.
pub fn next(world: &World<'_>, progress: &Progress) -> Option<Step> {
    steps(world, progress)
        .find(|step| !progress.aside.contains(step) && !progress.handed_in.contains(step))
}

/// How much the server lacks that it was given in this round.
pub fn forgotten(world: &World<'_>, progress: &Progress) -> usize {
    let steps = steps(world, progress);
    steps
        .filter(|step| progress.handed_in.contains(step))
        .count()
}

fn steps(world: &World<'_>, progress: &Progress) -> impl Iterator<Item = Step> {
    let state = world.state;
    // In a new epoch the server may have lost what it had: it is offered all that is held, receipts or not.
    let everything = state.epoch.is_some() && state.epoch != state.offered_epoch;
    let offer = Step::Offer { everything };
    let open = world.outbox.iter().filter(|item| item.is_open()).count();
    let to_ask = world.outbox.iter().any(|item| is_offered(item, everything));

    let hello = (!world.knows_server).then_some(Step::Hello);
    let first_offer = (to_ask && (everything || !progress.offered)).then(|| offer.clone());
    let audits = world
        .outbox
        .iter()
        .filter(|item| item.state == Standing::Waiting)
        .map(|item| Step::Audit(item.audit));
    let commands = (!state.commands.is_empty()).then_some(Step::Commands);
    let pull = (!progress.pulled).then_some(Step::Pull);
    let checklists = world
        .lacking_checklists
        .iter()
        .cloned()
        .map(Step::Checklist);
    let photos = world.outbox.iter().flat_map(|item| {
        item.photos_to_send().map(|photo| Step::Photo {
            audit: item.audit,
            sha256: photo.sha256.clone(),
        })
    });
    let pictures = world.lacking_pictures.iter().cloned().map(Step::Picture);
    // Something was sent: only the server can say that all of it arrived. And it is told how much is left.
    let asked_again = progress.sent_since_offer && to_ask;
    let told = state.offered_audits != open;
    let last_offer = (asked_again || told).then_some(offer);

    hello
        .into_iter()
        .chain(first_offer)
        .chain(audits)
        .chain(commands)
        .chain(pull)
        .chain(checklists)
        .chain(photos)
        .chain(pictures)
        .chain(last_offer)
}

/// Whether the server is asked about this audit.
pub fn is_offered(item: &OutboxItem, everything: bool) -> bool {
    item.state != Standing::Parked && (everything || item.is_open())
}
