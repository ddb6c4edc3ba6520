//! What has become of everything: on the phones, and on the server by the eyes of the desk.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use plainclothes_phone::Standing;
use plainclothes_phone::wire::offer::{self, Held, Item, LackingItem, Offer, Outbox};
use uuid::Uuid;

use super::{OnePhone, System};
use crate::truth::Outcome;

/// What a request that was cut may still need to come to its end.
const SETTLES_WITHIN: Duration = Duration::from_millis(100);

impl System {
    /// A round on a good line leaves nothing behind.
    pub(super) fn all_arrived(&mut self, phone: usize) {
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
    pub(super) fn see_what_arrived(&mut self, phone: usize) {
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
    pub(super) fn compare(&mut self, phone: usize) {
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
    pub(super) fn verify(&self, id: Uuid) {
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
                let of_shopper = |one: &&OnePhone| one.shopper == audit.shopper;
                let one = self.phones.iter().find(of_shopper).unwrap();
                let read_back = one.phone.as_ref().unwrap().handed_in(id);
                let read_back = self.stage.runtime.block_on(read_back).unwrap();
                assert_eq!(read_back.text, audit.text, "altered on the server");
                let gone: HashSet<&String> = read_back.photos_gone.iter().collect();
                for name in &audit.photos {
                    let is_there = self.truth.photos.contains(&(audit.shopper, name.clone()));
                    assert_eq!(is_there, !gone.contains(name), "photo {name} read back");
                }
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
