//! The judge: is everything that was acknowledged there, once, and as it was sent?
//!
//! Audits and photos are fetched back, receipts are asked for again, and rows are counted in the database itself.
//! Not here: what counts as a fault of the line, which phones have to bear.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use crate::api::Api;
use crate::document::sha256;
use crate::ledger::Note;
use crate::sql::Sql;

/// All but `sent` and `acknowledged` should be 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Pieces of work, audits alone.
    pub sent: u64,
    /// Audits and photos.
    pub acknowledged: u64,
    /// Acknowledged and not there any more.
    pub lost: u64,
    /// Rows of audits beyond one for each piece of work, and rows that nobody sent.
    pub doubled: u64,
    /// There with other bytes, or under another receipt than the one that was given first.
    pub altered: u64,
    /// The first few of what is wrong, in words.
    pub findings: Vec<String>,
}

const FINDINGS_MAX: usize = 3;

impl Verdict {
    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.altered == 0
    }

    fn find(&mut self, words: String) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(words);
        }
    }

    fn add(&mut self, other: Self) {
        self.lost += other.lost;
        self.altered += other.altered;
        other
            .findings
            .into_iter()
            .for_each(|words| self.find(words));
    }
}

/// What a phone was told of one audit.
#[derive(Clone, Debug)]
struct Told {
    audit: String,
    sha256: String,
    /// In the order in which they came: after a restore there is a newer one.
    receipts: Vec<String>,
}

/// Fetches everything back and counts. `devices` are the phones by number, straight at the server; `admin` reads the
/// quarantine; rows up to the submission `after` were there before.
///
/// # Errors
/// When the server or the database does not answer: then there is no verdict.
pub async fn judge(
    notes: &[Note],
    devices: &[Api],
    admin: &Api,
    sql: &Sql,
    after: i64,
) -> anyhow::Result<Verdict> {
    let mut verdict = counted(notes, &placed(sql, after).await?);
    let mut tasks = Vec::new();
    for (phone, device) in devices.iter().enumerate() {
        let (device, admin) = (device.clone(), admin.clone());
        let (told, photos) = (told(notes, phone), photos(notes, phone));
        verdict.acknowledged += (told.len() + photos.len()) as u64;
        tasks.push(tokio::spawn(async move {
            let mut verdict = Verdict::default();
            for told in told {
                audit(&device, &admin, &told, &mut verdict).await?;
            }
            for sha256 in photos {
                photo(&device, &sha256, &mut verdict).await?;
            }
            anyhow::Ok(verdict)
        }));
    }
    for task in tasks {
        verdict.add(task.await??);
    }
    Ok(verdict)
}

/// Audits that stand in the database, a line for each row, ids as 32 hex digits.
async fn placed(sql: &Sql, after: i64) -> anyhow::Result<Vec<String>> {
    let id = sql.id("id");
    let query = format!("SELECT {id} FROM audit WHERE submission_number > {after}");
    let rows = sql.rows(&query).await?;
    Ok(rows.into_iter().flatten().collect())
}

fn told(notes: &[Note], phone: usize) -> Vec<Told> {
    let mut all: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for note in notes {
        if let Note::Acked {
            phone: of,
            audit,
            sha256,
            receipt,
        } = note
            && *of == phone
        {
            let receipts = all.entry((audit.clone(), sha256.clone())).or_default();
            receipts.push(receipt.clone());
        }
    }
    all.into_iter()
        .map(|((audit, sha256), receipts)| Told {
            audit,
            sha256,
            receipts,
        })
        .collect()
}

fn photos(notes: &[Note], phone: usize) -> BTreeSet<String> {
    notes
        .iter()
        .filter_map(|note| match note {
            Note::Photo { phone: of, sha256 } if *of == phone => Some(sha256.clone()),
            _ => None,
        })
        .collect()
}

/// Compares pieces of work with the rows that there are.
fn counted(notes: &[Note], placed: &[String]) -> Verdict {
    let mut work_of: BTreeMap<String, &str> = BTreeMap::new();
    for note in notes {
        if let Note::Sent { work, audit, .. } = note {
            work_of.insert(audit.replace('-', ""), work);
        }
    }
    let mut verdict = Verdict {
        sent: work_of.values().collect::<BTreeSet<_>>().len() as u64,
        ..Verdict::default()
    };
    let mut seen = BTreeSet::new();
    for row in placed {
        match work_of.get(row) {
            None => {
                verdict.doubled += 1;
                verdict.find(format!("nobody sent the audit {row}"));
            }
            Some(work) if !seen.insert(*work) => {
                verdict.doubled += 1;
                verdict.find(format!("{work} is there again as {row}"));
            }
            Some(_) => {}
        }
    }
    verdict
}

async fn audit(
    device: &Api,
    admin: &Api,
    told: &Told,
    verdict: &mut Verdict,
) -> anyhow::Result<()> {
    let Told {
        audit,
        sha256: expected,
        receipts,
    } = told;
    let Some(bytes) = document(device, admin, told).await? else {
        verdict.lost += 1;
        verdict.find(format!("the audit {audit} is not there"));
        return Ok(());
    };
    if sha256(&bytes) != *expected {
        verdict.altered += 1;
        verdict.find(format!("the audit {audit} has other bytes"));
        return Ok(());
    }
    let again = device.put(audit, bytes).await?.accepted()?;
    let again = receipt(&again.text());
    if has_two_of_one_epoch(receipts) || !receipts.contains(&again) {
        verdict.altered += 1;
        verdict.find(format!("{audit}: {receipts:?} became {again}"));
    }
    Ok(())
}

/// What was handed in to a database and again to its restored backup has a receipt of each.
fn has_two_of_one_epoch(receipts: &[String]) -> bool {
    let receipts: BTreeSet<&String> = receipts.iter().collect();
    let epoch = |receipt: &String| -> serde_json::Value {
        serde_json::from_str(receipt).map_or_else(
            |_| receipt.clone().into(),
            |mut receipt: serde_json::Value| receipt["epoch"].take(),
        )
    };
    let epochs: BTreeSet<String> = receipts
        .iter()
        .map(|receipt| epoch(receipt).to_string())
        .collect();
    epochs.len() != receipts.len()
}

/// The bytes that the server has of an audit: in its place, or in quarantine. A restore takes numbers back, so the number of
/// an older receipt may be another audit's by now.
async fn document(device: &Api, admin: &Api, told: &Told) -> anyhow::Result<Option<Vec<u8>>> {
    let receipt = told.receipts.last().map(String::as_str).unwrap_or_default();
    let receipt: serde_json::Value = serde_json::from_str(receipt).unwrap_or_default();
    if receipt["state"] == "quarantined" {
        let number = receipt["number"]
            .as_i64()
            .context("a receipt without a number")?;
        let answer = admin.get(&format!("/quarantine/{number}")).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let item = answer.accepted()?.json();
        let body = item["body"].as_str().unwrap_or_default();
        return Ok(Some(body.as_bytes().to_vec()));
    }
    let answer = device
        .get(&format!("/audits/{}/document", told.audit))
        .await?;
    if answer.status == 404 {
        return Ok(None);
    }
    Ok(Some(answer.accepted()?.bytes))
}

async fn photo(device: &Api, expected: &str, verdict: &mut Verdict) -> anyhow::Result<()> {
    let answer = device.get(&format!("/photos/{expected}")).await?;
    if answer.status == 404 {
        verdict.lost += 1;
        verdict.find(format!("the photo {expected} is not there"));
    } else if sha256(&answer.accepted()?.bytes) != expected {
        verdict.altered += 1;
        verdict.find(format!("the photo {expected} has other bytes"));
    }
    Ok(())
}

/// The receipt in an answer, byte for byte: the answer itself, or a part of it when the audit was quarantined.
pub fn receipt(answer: &str) -> String {
    match answer.split_once("\"receipt\":") {
        Some((_, rest)) => rest.strip_suffix('}').unwrap_or(rest).to_owned(),
        None => answer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(work: &str, audit: &str) -> Note {
        Note::Sent {
            phone: 0,
            work: work.to_owned(),
            audit: audit.to_owned(),
            sha256: String::new(),
        }
    }

    #[test]
    fn one_row_for_each_piece_of_work_is_right() {
        let notes = [sent("w1", "a-1"), sent("w1", "a-1"), sent("w2", "a-2")];
        let verdict = counted(&notes, &["a1".to_owned()]);
        assert_eq!((verdict.sent, verdict.doubled), (2, 0));
    }

    #[test]
    fn a_second_row_and_a_strange_row_are_found() {
        let notes = [sent("w1", "a-1"), sent("w1", "a-9")];
        let rows = ["a1".to_owned(), "a9".to_owned(), "b5".to_owned()];
        assert_eq!(counted(&notes, &rows).doubled, 2);
    }

    #[test]
    fn each_epoch_has_one_receipt() {
        let receipts =
            |all: &[&str]| -> Vec<String> { all.iter().map(|text| (*text).to_owned()).collect() };
        let (one, other) = (r#"{"epoch":"a","number":1}"#, r#"{"epoch":"a","number":2}"#);
        let restored = r#"{"epoch":"b","number":1}"#;
        assert!(!has_two_of_one_epoch(&receipts(&[one, restored])));
        assert!(has_two_of_one_epoch(&receipts(&[one, other, restored])));
        assert!(!has_two_of_one_epoch(&receipts(&["no json"])));
    }

    #[test]
    fn what_was_handed_in_again_is_looked_for_by_its_newest_receipt() {
        let acked = |receipt: &str| Note::Acked {
            phone: 0,
            audit: "a-1".to_owned(),
            sha256: "5".to_owned(),
            receipt: receipt.to_owned(),
        };
        let told = told(&[acked("9, before"), acked("1, after")], 0);
        assert_eq!(told[0].receipts.last().unwrap(), "1, after");
    }

    #[test]
    fn a_receipt_is_found_in_both_kinds_of_answers() {
        assert_eq!(receipt(r#"{"number":1}"#), r#"{"number":1}"#);
        let quarantined = r#"{"reason":"x","receipt":{"number":1}}"#;
        assert_eq!(receipt(quarantined), r#"{"number":1}"#);
    }
}
