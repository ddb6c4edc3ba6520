//! Phones, desk and server as they are, and what every command does to them.
//!
//! Not here: the comparison with what should be the case (`looking.rs`), and the audits that are finished (`making.rs`).

mod looking;
mod making;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use plainclothes_phone::{End, FinishedAudit, Observer, Patience, Phone, PhotoStanding, sha256};
use proptest_state_machine::StateMachineTest;
use tempfile::TempDir;
use uuid::Uuid;

use crate::commands::{Command, LineIs, PHONES, Story};
use crate::stage::Stage;
use crate::truth::{Audit, Outcome, State, Truth, Visit};

thread_local! {
    static STAGE: RefCell<Option<Arc<Stage>>> = const { RefCell::new(None) };
}

/// Runs a story on a stage.
pub fn on(stage: &Arc<Stage>, story: impl FnOnce()) {
    struct Clear;
    impl Drop for Clear {
        fn drop(&mut self) {
            STAGE.take();
        }
    }
    let _clear = Clear;
    STAGE.set(Some(Arc::clone(stage)));
    story();
}

/// Everything that takes part in one story.
pub struct System {
    stage: Arc<Stage>,
    truth: Truth,
    phones: Vec<OnePhone>,
    receipts: Arc<Receipts>,
    photos_made: usize,
}

struct OnePhone {
    shopper: usize,
    folder: TempDir,
    /// `None` only while it is being reopened.
    phone: Option<Phone>,
}

/// The ledger: every receipt that a phone has accepted.
#[derive(Default)]
struct Receipts(Mutex<HashMap<Uuid, HashSet<String>>>);

impl Observer for Receipts {
    fn sent(&self, _: Uuid, _: &str) {}

    fn acknowledged(&self, audit: Uuid, _: &str, receipt: &str, _: u16) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(audit).or_default().insert(receipt.to_owned());
    }

    fn photo_acknowledged(&self, _: &str) {}
}

impl OnePhone {
    fn get(&mut self) -> &mut Phone {
        self.phone.as_mut().unwrap()
    }
}

impl StateMachineTest for System {
    type SystemUnderTest = Self;
    type Reference = Story;

    fn init_test(_: &Story) -> Self {
        let stage = STAGE.with_borrow(Clone::clone).unwrap();
        let mut system = Self {
            stage,
            truth: Truth::default(),
            phones: Vec::new(),
            receipts: Arc::default(),
            photos_made: 0,
        };
        for shopper in PHONES {
            let folder = tempfile::tempdir().unwrap();
            let mut phone = system.opened(&folder);
            let session = &system.stage.shoppers[shopper].session;
            phone
                .use_session(session.me.user, session.token.clone())
                .unwrap();
            system.phones.push(OnePhone {
                shopper,
                folder,
                phone: Some(phone),
            });
        }
        system
    }

    fn apply(mut system: Self, _: &Story, command: Command) -> Self {
        match command {
            Command::MakeVisit { shopper } => system.make_visit(shopper),
            Command::Assign { visit, shopper } => system.assign(visit, shopper),
            Command::Withdraw { visit } => system.withdraw(visit),
            Command::Return { visit } => system.send_back(visit),
            Command::Approve { visit } => system.approve(visit),
            Command::Finish {
                phone,
                visit,
                photos,
                old_photo,
                corrects,
            } => system.finish(phone, visit, photos, old_photo, corrects),
            Command::Round { phone, line } => system.round(phone, line),
            Command::Reopen { phone } => system.reopen(phone),
            Command::KillServer => system.stage.kill_server(),
        }
        system
    }

    fn check_invariants(system: &Self, _: &Story) {
        for one in &system.phones {
            let phone = one.phone.as_ref().unwrap();
            for item in phone.outbox() {
                let audit = &system.truth.audits[&item.audit];
                assert_eq!(
                    phone.text(item.audit).unwrap(),
                    audit.text,
                    "altered on the phone"
                );
                if item.receipt.is_some() {
                    assert!(audit.outcome.is_some(), "acknowledged, and not there");
                }
                for photo in &item.photos {
                    let name = (one.shopper, photo.sha256.clone());
                    let is_there = system.truth.photos.contains(&name);
                    let is_sent = photo.state == PhotoStanding::Sent;
                    assert!(
                        is_there || !is_sent,
                        "a photo was acknowledged, and is not there"
                    );
                }
            }
        }
        for (audit, receipts) in &*system.receipts.0.lock().unwrap() {
            assert_eq!(receipts.len(), 1, "{audit} has two receipts: {receipts:?}");
        }
    }

    /// The line is good again: everything arrives.
    fn teardown(mut system: Self, _: Story) {
        for phone in 0..system.phones.len() {
            system.round(phone, LineIs::Good);
        }
        // What one phone has sent, the other phone of the same shopper hears of.
        for phone in 0..system.phones.len() {
            system.round(phone, LineIs::Good);
        }
        let ids: Vec<Uuid> = system.truth.audits.keys().copied().collect();
        for id in ids {
            system.verify(id);
            assert!(
                system.truth.audits[&id].outcome.is_some(),
                "{id} never arrived"
            );
            assert!(system.truth.is_whole(id), "a photo of {id} never arrived");
            match system.truth.audits[&id].outcome {
                Some(Outcome::Quarantined(reason)) => system.stage.count(reason),
                _ => system.stage.count("placed"),
            }
        }
    }
}

impl System {
    fn opened(&self, folder: &TempDir) -> Phone {
        let mut phone = Phone::open(folder.path(), &self.stage.proxy.url).unwrap();
        phone.observe(Arc::clone(&self.receipts) as Arc<dyn Observer>);
        phone.set_patience(Patience {
            answer: Duration::from_secs(20),
            ..Patience::default()
        });
        phone
    }

    fn make_visit(&mut self, shopper: usize) {
        let id = self.stage.make_visit(shopper);
        self.truth.visits.push(Visit {
            id,
            shopper,
            state: State::Assigned,
            newest: None,
        });
    }

    fn assign(&mut self, visit: usize, shopper: usize) {
        let visit = &mut self.truth.visits[visit];
        let assigned = self.stage.assign(visit.id, shopper);
        if visit.state == State::Assigned {
            assigned.unwrap();
            visit.shopper = shopper;
        } else {
            assert_eq!(assigned.unwrap_err().status(), Some(409));
        }
    }

    fn withdraw(&mut self, visit: usize) {
        let visit = &mut self.truth.visits[visit];
        let withdrawn = self.stage.withdraw(visit.id);
        if matches!(visit.state, State::Assigned | State::Returned) {
            withdrawn.unwrap();
            visit.state = State::Withdrawn;
        } else {
            assert_eq!(withdrawn.unwrap_err().status(), Some(409));
        }
    }

    fn send_back(&mut self, visit: usize) {
        let visit = &mut self.truth.visits[visit];
        if let (State::Submitted, Some(newest)) = (visit.state, visit.newest) {
            self.stage.review(newest, "return").unwrap();
            self.stage.count("audit that was returned");
            visit.state = State::Returned;
        }
    }

    fn approve(&mut self, visit: usize) {
        let (state, newest) = (
            self.truth.visits[visit].state,
            self.truth.visits[visit].newest,
        );
        if let (State::Submitted, Some(newest)) = (state, newest) {
            let approved = self.stage.review(newest, "approve");
            if self.truth.is_whole(newest) {
                approved.unwrap();
                self.stage.count("audit that was approved");
                self.truth.visits[visit].state = State::Approved;
            } else {
                assert_eq!(approved.unwrap_err().code(), Some("audit_incomplete"));
            }
        }
    }

    fn finish(&mut self, phone: usize, visit: usize, photos: usize, old: bool, corrects: bool) {
        let shopper = self.phones[phone].shopper;
        let visit_id = self.truth.visits[visit].id;
        let known = self.phones[phone].get().visits();
        let known = known.iter().find(|known| known.id == visit_id);
        let newest = known.and_then(|known| known.json["audit"].as_str()?.parse::<Uuid>().ok());
        let supersedes = newest.filter(|_| corrects);
        let photos: Vec<Vec<u8>> = (0..photos).map(|_| self.photograph(old)).collect();
        let names: Vec<String> = photos.iter().map(|bytes| sha256(bytes)).collect();
        let audit = Uuid::new_v4();
        let document = self.document(audit, visit_id, supersedes, &names);
        let finished = FinishedAudit::new(&document, photos).unwrap();
        let truth = Audit {
            shopper,
            visit,
            supersedes,
            text: finished.text.clone(),
            photos: names,
            outcome: None,
        };
        self.phones[phone].get().finish(finished).unwrap();
        self.truth.audits.insert(audit, truth);
    }

    fn reopen(&mut self, phone: usize) {
        self.phones[phone].phone = None;
        let opened = self.opened(&self.phones[phone].folder);
        self.phones[phone].phone = Some(opened);
    }

    fn round(&mut self, phone: usize, line: LineIs) {
        let stage = Arc::clone(&self.stage);
        let one = self.phones[phone].get();
        let end = match line {
            LineIs::Good => stage.runtime.block_on(one.round()),
            LineIs::Breaks {
                after_bytes,
                from,
                kills_server,
            } => {
                stage.proxy.break_after(after_bytes, from);
                let end = stage.runtime.block_on(async {
                    tokio::select! {
                        // The moment of the break is that of the kill: the round learns of it afterwards.
                        biased;
                        () = stage.proxy.broken(), if kills_server => None,
                        end = one.round() => Some(end),
                    }
                });
                if kills_server {
                    stage.kill_server();
                }
                // Dropped in the middle of a request: the phone goes on from what it has noted.
                end.unwrap_or_else(|| stage.runtime.block_on(one.round()))
            }
        };
        stage.proxy.mend();
        stage.count(match line {
            LineIs::Good => "round on a good line",
            LineIs::Breaks { .. } => "round on a line that was to break",
        });
        stage.count(format!("round that ended {:?}", end.end));
        if matches!(line, LineIs::Good) {
            assert_eq!(
                (end.end, end.aside),
                (End::Done, 0),
                "{:?}",
                end.last_failure
            );
            self.all_arrived(phone);
            self.compare(phone);
        } else {
            self.see_what_arrived(phone);
        }
        let audits: Vec<Uuid> = self.phones[phone]
            .get()
            .outbox()
            .iter()
            .map(|i| i.audit)
            .collect();
        audits.into_iter().for_each(|audit| self.verify(audit));
    }
}
