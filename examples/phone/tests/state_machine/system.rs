//! Phones, desk and server as they are, and the comparison with what should be the case.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use plainclothes_phone::wire::audits;
use plainclothes_phone::wire::offer::{self, Held, Item, LackingItem, Offer, Outbox};
use plainclothes_phone::{
    End, FinishedAudit, Observer, Patience, Phone, PhotoStanding, Standing, sha256,
};
use proptest_state_machine::StateMachineTest;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::commands::{Command, LineIs, PHONES, Story};
use crate::stage::Stage;
use crate::truth::{Audit, Outcome, State, Truth, Visit};

/// Answers to the demo's restaurant; the receipt's photo is put in here.
const ANSWERS: &str = include_str!("../../../../benches/load/audit.json");
/// Questions that take a photo; the first has to have one.
const PHOTO_QUESTIONS: [&str; 2] = ["receipt", "entrance_clean"];
const PHOTO_BYTES: usize = 40_000;
const AT: &str = "2026-11-22T12:00:00.000Z";
/// What a request that was cut may still need to come to its end.
const SETTLES_WITHIN: Duration = Duration::from_millis(100);

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

    /// A photo like no other, or one that was taken before.
    fn photograph(&mut self, old: bool) -> Vec<u8> {
        if !old {
            self.photos_made += 1;
        }
        // A JPEG's comment, which no decoder shows, makes it large and unlike others.
        let mut comment =
            format!("{:p} {}", Arc::as_ptr(&self.receipts), self.photos_made).into_bytes();
        comment.resize(PHOTO_BYTES, b'.');
        let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
        let picture = &self.stage.picture;
        let parts = [&picture[..2], b"\xff\xfe", &length, &comment, &picture[2..]];
        parts.concat()
    }

    fn document(
        &self,
        audit: Uuid,
        visit: Uuid,
        supersedes: Option<Uuid>,
        photos: &[String],
    ) -> Value {
        let mut document: Value = serde_json::from_str(ANSWERS).unwrap();
        let members = json!({
            "audit": audit,
            "visit": visit,
            "checklist": self.stage.checklist(),
            "started_at": AT,
            "finished_at": AT,
        });
        for (name, value) in members.as_object().unwrap() {
            document[name] = value.clone();
        }
        if let Some(supersedes) = supersedes {
            document["supersedes"] = json!(supersedes);
        }
        for (_, answer) in document["answers"].as_object_mut().unwrap() {
            answer["recorded_at"] = json!(AT);
        }
        for (question, name) in PHOTO_QUESTIONS.iter().zip(photos) {
            document["answers"][*question]["photos"] = json!([name]);
        }
        let size_bytes = PHOTO_BYTES + 4 + self.stage.picture.len();
        let named: HashSet<&String> = photos.iter().collect();
        document["photos"] = named
            .into_iter()
            .map(|name| json!({"sha256": name, "size_bytes": size_bytes, "type": "image/jpeg"}))
            .collect();
        document
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

    /// A round on a good line leaves nothing behind.
    fn all_arrived(&mut self, phone: usize) {
        let shopper = self.phones[phone].shopper;
        for item in self.phones[phone].get().outbox() {
            if self.truth.audits[&item.audit].outcome.is_none() {
                self.truth.arrive(item.audit);
            }
            for photo in item.photos {
                self.truth.photos.insert((shopper, photo.sha256));
            }
        }
    }

    /// After a broken one, the server is asked; what it has done by then it has done by the rules.
    fn see_what_arrived(&mut self, phone: usize) {
        let shopper = self.phones[phone].shopper;
        let outbox = self.phones[phone].get().outbox();
        let items: Vec<Item> = outbox
            .iter()
            .map(|item| Item {
                audit: item.audit,
                sha256: item.sha256.clone(),
                photos: self.truth.audits[&item.audit].photos.clone(),
            })
            .collect();
        let mut before = BTreeMap::new();
        let held = loop {
            let held = self.ask(shopper, &items);
            if held == before {
                break held;
            }
            before = held;
            std::thread::sleep(SETTLES_WITHIN);
        };
        // In the order in which the phone sends them.
        for item in outbox {
            let (state, needed) = &held[&item.audit];
            if *state != "Unknown" && self.truth.audits[&item.audit].outcome.is_none() {
                self.truth.arrive(item.audit);
                if item.receipt.is_none() {
                    self.stage
                        .count("audit that arrived while its receipt did not");
                }
            }
            for photo in &self.truth.audits[&item.audit].photos {
                if !needed.contains(photo) {
                    self.truth.photos.insert((shopper, photo.clone()));
                }
            }
        }
    }

    /// State and photos needed, by audit.
    fn ask(&self, shopper: usize, items: &[Item]) -> BTreeMap<Uuid, (String, Vec<String>)> {
        let offer = Offer {
            items: items.to_vec(),
            outbox: Outbox::default(),
        };
        let line = &self.stage.shoppers[shopper].line;
        let lacking = self
            .stage
            .runtime
            .block_on(offer::offer(line, &offer))
            .unwrap();
        let seen = |item: LackingItem| {
            let state = match item.state {
                Held::Unknown => "Unknown".to_owned(),
                known => format!("{known:?}"),
            };
            (item.audit, (state, item.photos_needed))
        };
        lacking.items.into_iter().map(seen).collect()
    }

    /// A phone after a whole round.
    fn compare(&mut self, phone: usize) {
        let shopper = self.phones[phone].shopper;
        let ours: HashSet<Uuid> = self.truth.visits.iter().map(|visit| visit.id).collect();
        let one = self.phones[phone].get();
        let visits = one.visits();
        let held: BTreeMap<Uuid, &str> = visits
            .iter()
            .filter(|visit| ours.contains(&visit.id))
            .map(|visit| (visit.id, visit.state.as_str()))
            .collect();
        let outbox = one.outbox();
        assert_eq!(
            held,
            self.truth.visits_of(shopper),
            "visits of phone {phone}"
        );
        for item in outbox {
            let said = match self.truth.audits[&item.audit].outcome {
                Some(Outcome::Placed) => Standing::Complete,
                _ => Standing::Quarantined,
            };
            assert_eq!(item.state, said, "on the phone: {item:?}");
        }
    }

    /// One audit, by the desk's eyes.
    fn verify(&self, id: Uuid) {
        let audit = &self.truth.audits[&id];
        let found = self.stage.desk_get(&format!("/audits/{id}"));
        let quarantined = self.stage.in_quarantine(id);
        let reasons: Vec<&str> = quarantined
            .iter()
            .map(|item| item["reason"].as_str().unwrap())
            .collect();
        match audit.outcome {
            None => {
                assert_eq!(found.unwrap_err().status(), Some(404), "nobody sent {id}");
                assert!(reasons.is_empty(), "nobody sent {id}");
            }
            Some(Outcome::Quarantined(reason)) => {
                assert_eq!(found.unwrap_err().status(), Some(404), "{id}: {reason}");
                assert_eq!(reasons, [reason], "{id}");
                let path = format!("/quarantine/{}", quarantined[0]["number"]);
                let detail = self.stage.desk_get(&path).unwrap();
                let text = String::from_utf8(audit.text.clone()).unwrap();
                assert_eq!(detail["body"], text, "altered in quarantine");
            }
            Some(Outcome::Placed) => {
                assert!(
                    reasons.is_empty(),
                    "{id} is placed, and in quarantine: {reasons:?}"
                );
                let found = found.unwrap();
                let line = &self.stage.shoppers[audit.shopper].line;
                let document = audits::document(line, id);
                let document = self.stage.runtime.block_on(document).unwrap();
                assert_eq!(document, audit.text, "altered on the server");
                for photo in found["photos"].as_array().unwrap() {
                    let name = photo["sha256"].as_str().unwrap().to_owned();
                    let is_there = self.truth.photos.contains(&(audit.shopper, name));
                    assert_eq!(photo["stored"], is_there, "a photo of {id}");
                }
                assert_eq!(
                    found["complete"],
                    self.truth.is_whole(id),
                    "{id} is complete"
                );
            }
        }
    }
}
