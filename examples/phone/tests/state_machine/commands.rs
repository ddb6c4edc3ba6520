//! What can happen, and which of it makes sense when. Things are named by their place, so that a story stays readable while it is
//! made shorter.

use proptest::prelude::*;
use proptest::sample::select;
use proptest_state_machine::ReferenceStateMachine;

pub const SHOPPERS: usize = 2;
/// Few, so that stories are about the same ones.
const VISITS_MAX: usize = 3;
/// The shopper whose phone it is. The first shopper has two phones.
pub const PHONES: [usize; 3] = [0, 0, 1];
/// An audit and its receipt.
const HANDING_IN_BYTES: u64 = 3_000;
/// A round's questions and answers are done after so many bytes, and its photos after so many.
const SMALL_TALK_BYTES: u64 = 8_000;
const WITH_PHOTOS_BYTES: u64 = 120_000;

/// One event.
#[derive(Clone, Debug)]
pub enum Command {
    MakeVisit {
        shopper: usize,
    },
    Assign {
        visit: usize,
        shopper: usize,
    },
    Withdraw {
        visit: usize,
    },
    /// A reviewer sends the visit's newest audit back, if one waits.
    Return {
        visit: usize,
    },
    /// A reviewer approves the visit's newest audit, if one waits; refused while photos are missing.
    Approve {
        visit: usize,
    },
    Finish {
        phone: usize,
        /// The phone may be one of a shopper who does not have this visit, or has never heard of it.
        visit: usize,
        /// None is too few for the checklist.
        photos: usize,
        /// A photo that other audits have, too.
        old_photo: bool,
        /// Names the audit that the phone knows as the visit's newest.
        corrects: bool,
    },
    Round {
        phone: usize,
        line: LineIs,
    },
    /// The phone's process ends and begins anew.
    Reopen {
        phone: usize,
    },
    /// kill -9, and a new start on the same data.
    KillServer,
}

/// What becomes of the line in a round.
#[derive(Clone, Copy, Debug)]
pub enum LineIs {
    Good,
    /// It breaks, and is dead until the round is over.
    Breaks {
        after_bytes: u64,
        /// Both ways together, counted from here.
        from: From,
        /// With kill -9, at that moment.
        kills_server: bool,
    },
}

/// From when on bytes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    TheBeginning,
    /// Where every byte matters: the request that hands in an audit, and its answer.
    TheFirstAudit,
}

/// What has to be known to draw the next command.
#[derive(Clone, Debug)]
pub struct Story {
    /// Of each visit, the shopper who should have it.
    shoppers: Vec<usize>,
}

impl ReferenceStateMachine for Story {
    type State = Self;
    type Transition = Command;

    fn init_state() -> BoxedStrategy<Self> {
        let shoppers = Vec::new();
        Just(Self { shoppers }).boxed()
    }

    fn transitions(story: &Self) -> BoxedStrategy<Command> {
        let make = (0..SHOPPERS).prop_map(|shopper| Command::MakeVisit { shopper });
        let visits = story.shoppers.len();
        if visits == 0 {
            return make.boxed();
        }
        let visit = || 0..visits;
        let phone = || 0..PHONES.len();
        let breaks = prop_oneof![
            2 => (0..HANDING_IN_BYTES).prop_map(|bytes| (bytes, From::TheFirstAudit)),
            1 => (0..SMALL_TALK_BYTES).prop_map(|bytes| (bytes, From::TheBeginning)),
            1 => (0..WITH_PHOTOS_BYTES).prop_map(|bytes| (bytes, From::TheBeginning)),
        ];
        let breaks =
            (breaks, prop::bool::weighted(0.3)).prop_map(|((after_bytes, from), kills_server)| {
                LineIs::Breaks {
                    after_bytes,
                    from,
                    kills_server,
                }
            });
        let line = prop_oneof![1 => Just(LineIs::Good), 2 => breaks];
        let photos = prop_oneof![1 => Just(0), 3 => Just(1), 3 => Just(2_usize)];
        let shoppers = story.shoppers.clone();
        let of_whom = visit().prop_flat_map(move |visit| {
            let has_it = |phone: &usize| PHONES[*phone] == shoppers[visit];
            let own: Vec<usize> = (0..PHONES.len()).filter(has_it).collect();
            let phone = prop_oneof![6 => select(own), 1 => 0..PHONES.len()];
            (phone, Just(visit))
        });
        let finish = (of_whom, photos, any::<bool>(), any::<bool>()).prop_map(
            |((phone, visit), photos, old_photo, corrects)| Command::Finish {
                phone,
                visit,
                photos,
                old_photo,
                corrects,
            },
        );
        prop_oneof![
            1 => make,
            1 => (visit(), 0..SHOPPERS).prop_map(|(visit, shopper)| Command::Assign { visit, shopper }),
            1 => visit().prop_map(|visit| Command::Withdraw { visit }),
            3 => visit().prop_map(|visit| Command::Return { visit }),
            2 => visit().prop_map(|visit| Command::Approve { visit }),
            7 => finish,
            9 => (phone(), line).prop_map(|(phone, line)| Command::Round { phone, line }),
            2 => phone().prop_map(|phone| Command::Reopen { phone }),
            1 => Just(Command::KillServer),
        ]
        .boxed()
    }

    fn apply(mut story: Self, command: &Command) -> Self {
        match command {
            Command::MakeVisit { shopper } => story.shoppers.push(*shopper),
            Command::Assign { visit, shopper } => story.shoppers[*visit] = *shopper,
            _ => {}
        }
        story
    }

    fn preconditions(story: &Self, command: &Command) -> bool {
        match command {
            Command::Assign { visit, .. }
            | Command::Withdraw { visit }
            | Command::Return { visit }
            | Command::Approve { visit }
            | Command::Finish { visit, .. } => *visit < story.shoppers.len(),
            Command::MakeVisit { .. } => story.shoppers.len() < VISITS_MAX,
            Command::Round { .. } | Command::Reopen { .. } | Command::KillServer => true,
        }
    }
}
