//! The judge: is everything that was acknowledged there, once, and as it was sent?

use std::collections::HashMap;

use plainclothes_phone::wire::offer::{self, Item, LackingItem, Offer, Outbox};
use plainclothes_phone::wire::receipt::Receipt;

use crate::api::Api;
use crate::ledger::Note;

/// The server takes at most so many in one offer (`limits.offer_items_max`).
const OFFERED_MAX: usize = 500;

/// What the server says it holds of an audit with exactly these bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Of the receipt that it gives now.
    pub sha256: String,
    pub number: i64,
    pub is_complete: bool,
}

/// By audit; those that the server does not know are absent.
pub type Holdings = HashMap<String, Held>;

/// Everything but `acknowledged` and `sent` should be 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub sent: u64,
    pub acknowledged: u64,
    /// Acknowledged, and not there any more: audits that no offer finds, photos that are wanted again.
    pub lost: u64,
    /// Listed for review beyond what was sent.
    pub doubled: u64,
    /// Acknowledged under another receipt than the one that is given now.
    pub altered: u64,
}

impl Verdict {
    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.altered == 0
    }
}

/// Offers every audit of the ledger once more, with the photo that it names.
///
/// # Errors
/// What the server says.
pub async fn ask(phones: &[Api], sample_sha256: &str, ledger: &[Note]) -> anyhow::Result<Holdings> {
    let own_photos: HashMap<&str, &str> = ledger
        .iter()
        .filter_map(|note| match note {
            Note::Photo { audit, sha256, .. } => Some((audit.as_str(), sha256.as_str())),
            _ => None,
        })
        .collect();
    let mut held = Holdings::new();
    for (index, api) in phones.iter().enumerate() {
        let mut items = Vec::new();
        for note in ledger {
            match note {
                Note::Sent {
                    phone,
                    audit,
                    sha256,
                } if *phone == index => {
                    let photo = own_photos.get(audit.as_str()).copied();
                    items.push(Item {
                        audit: audit.parse()?,
                        sha256: sha256.clone(),
                        photos: vec![photo.unwrap_or(sample_sha256).to_owned()],
                    });
                }
                _ => {}
            }
        }
        for batch in items.chunks(OFFERED_MAX) {
            let offer = Offer {
                items: batch.to_vec(),
                outbox: Outbox::default(),
            };
            let lacking = offer::offer(&api.line, &offer).await?;
            held.extend(lacking.items.into_iter().filter_map(read));
        }
    }
    Ok(held)
}

fn read(item: LackingItem) -> Option<(String, Held)> {
    let is_complete = match item.state {
        offer::Held::Complete => true,
        offer::Held::Stored => false,
        offer::Held::Unknown | offer::Held::Quarantined => return None,
    };
    let receipt: Receipt = serde_json::from_str(item.receipt?.get()).ok()?;
    let held = Held {
        sha256: receipt.sha256,
        number: receipt.number,
        is_complete,
    };
    Some((item.audit.to_string(), held))
}

/// Compares the ledger with what the server holds; `listed` is by how much the list for review has grown.
pub fn compare(ledger: &[Note], held: &Holdings, listed: i64) -> Verdict {
    let mut verdict = Verdict::default();
    for note in ledger {
        match note {
            Note::Sent { .. } => verdict.sent += 1,
            Note::Acked {
                audit,
                sha256,
                number,
                ..
            } => {
                verdict.acknowledged += 1;
                match held.get(audit) {
                    None => verdict.lost += 1,
                    Some(held) if held.sha256 != *sha256 || held.number != *number => {
                        verdict.altered += 1;
                    }
                    Some(_) => {}
                }
            }
            Note::Photo { audit, .. } => {
                if held.get(audit).is_some_and(|held| !held.is_complete) {
                    verdict.lost += 1;
                }
            }
        }
    }
    // A missing receipt was counted above; a missing row under a receipt that is there is counted here.
    let known = i64::try_from(held.len()).unwrap_or(i64::MAX);
    verdict.doubled = u64::try_from(listed - known).unwrap_or(0);
    verdict.lost += u64::try_from(known - listed).unwrap_or(0);
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(audit: &str) -> Note {
        Note::Sent {
            phone: 0,
            audit: audit.to_owned(),
            sha256: format!("sha-{audit}"),
        }
    }

    fn acked(audit: &str, number: i64) -> Note {
        Note::Acked {
            phone: 0,
            audit: audit.to_owned(),
            sha256: format!("sha-{audit}"),
            number,
        }
    }

    fn holding(all: &[(&str, i64, bool)]) -> Holdings {
        all.iter()
            .map(|(audit, number, is_complete)| {
                let held = Held {
                    sha256: format!("sha-{audit}"),
                    number: *number,
                    is_complete: *is_complete,
                };
                ((*audit).to_owned(), held)
            })
            .collect()
    }

    #[test]
    fn what_arrived_without_its_acknowledgement_is_no_fault() {
        let ledger = [sent("a"), acked("a", 1), sent("b"), sent("c")];
        let held = holding(&[("a", 1, true), ("b", 2, true)]);
        let verdict = compare(&ledger, &held, 2);
        assert!(verdict.is_clean(), "{verdict:?}");
        assert_eq!((verdict.sent, verdict.acknowledged), (3, 1));
    }

    #[test]
    fn a_lost_audit_is_found() {
        let ledger = [sent("a"), acked("a", 1), sent("b"), acked("b", 2)];
        let verdict = compare(&ledger, &holding(&[("a", 1, true)]), 1);
        assert_eq!(verdict.lost, 1);
    }

    #[test]
    fn a_receipt_without_an_audit_is_found() {
        let ledger = [sent("a"), acked("a", 1)];
        let verdict = compare(&ledger, &holding(&[("a", 1, true)]), 0);
        assert_eq!(verdict.lost, 1);
    }

    #[test]
    fn a_lost_photo_is_found() {
        let photo = Note::Photo {
            phone: 0,
            audit: "a".to_owned(),
            sha256: "p".to_owned(),
        };
        let ledger = [sent("a"), acked("a", 1), photo];
        assert_eq!(compare(&ledger, &holding(&[("a", 1, false)]), 1).lost, 1);
        assert!(compare(&ledger, &holding(&[("a", 1, true)]), 1).is_clean());
    }

    #[test]
    fn a_second_row_or_receipt_is_found() {
        let ledger = [sent("a"), acked("a", 1)];
        let held = holding(&[("a", 1, true)]);
        assert_eq!(compare(&ledger, &held, 2).doubled, 1);
        assert_eq!(compare(&ledger, &holding(&[("a", 9, true)]), 1).altered, 1);
    }
}
