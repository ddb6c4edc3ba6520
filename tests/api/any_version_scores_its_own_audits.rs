//! Thirty versions of a checklist and a campaign that moves among them while audits are under way: each audit is taken and scored
//! by the version that it was made on, also when it is sent again and when it is corrected on another version.

use plainclothes::accounts::Scope;
use plainclothes::checklists::service::publish;
use plainclothes::domain::checklist::Checklist;
use plainclothes::domain::ids::{PersonId, Sha256};
use serde_json::{Value, json};

use crate::harness::{Actor, AuditOnPhone, World};

const VERSIONS: usize = 30;
const AUDITS: usize = 60;
const FIXTURE: &str = include_str!("harness/fixture.yaml");

/// The service section weighs 2 % in the first version and 2 % more in each later one.
fn weight(version: usize) -> usize {
    2 * (version + 1)
}

/// Service is answered in full and experience half, so that the total is the service's weight and half of the rest.
fn total_micros(version: usize) -> i64 {
    let weight = i64::try_from(weight(version)).unwrap();
    weight * 10_000 + (100 - weight) * 5_000
}

async fn versions(world: &World) -> Vec<Sha256> {
    let scope = Scope::of_agency(world.agency, PersonId(uuid::Uuid::nil()));
    let mut all = Vec::new();
    for version in 0..VERSIONS {
        let yaml = FIXTURE
            .replace("version: 1", &format!("version: {}", version + 2))
            .replace("weight: 40", "weight: rest")
            .replace("weight: 60", &format!("weight: {}", weight(version)))
            .replace(
                "weight: rest",
                &format!("weight: {}", 100 - weight(version)),
            );
        let checklist = Checklist::parse_yaml(&yaml).unwrap();
        let published = publish(&world.app, &scope, &checklist, Vec::new()).await;
        all.push(published.unwrap());
    }
    all
}

fn made_on(visit: &Value, version: usize, versions: &[Sha256]) -> AuditOnPhone {
    let score = json!({"total_micros": total_micros(version), "service_micros": 1_000_000,
        "experience_micros": 500_000, "engine": 1});
    AuditOnPhone::good(
        visit,
        &json!(versions[version]),
        "2026-09-14T12:30:00+02:00",
    )
    .with("score", score)
}

async fn is_scored_by(reviewer: &Actor, audit: &AuditOnPhone, version: usize) {
    let opened = reviewer.get(&audit.path()).await.expect(200);
    let found = (&opened["total_micros"], &opened["flags"]);
    assert_eq!(
        found,
        (&json!(total_micros(version)), &json!([])),
        "version {version}"
    );
    assert_eq!(
        opened["checklist"]["version"],
        json!(version + 2),
        "it is shown with its own version"
    );
}

#[tokio::test]
async fn whatever_version_it_was_made_on_it_is_taken_and_scored_by_that() {
    let world = World::new().await;
    let versions = versions(&world).await;
    let (shopper, admin) = (world.shopper().await, world.admin().await);
    let moves = format!("/campaigns/{}/versions", world.campaign);
    let mut sent: Vec<(AuditOnPhone, usize)> = Vec::new();
    // The campaign moves on while audits come in, several at a time, each on a version of the past or of the future.
    for (round, group) in (0..AUDITS).collect::<Vec<_>>().chunks(4).enumerate() {
        let to = versions[(round * 7) % VERSIONS];
        let body = json!({"from_day": "2026-09-02", "checklist_sha256": to});
        let moving = admin.post(&moves, &body);
        let mut under_way = Vec::new();
        for at in group {
            let version = (at * 11 + round) % VERSIONS;
            let visit = world.visit(world.locations[at % 3]).await;
            under_way.push((made_on(&visit, version, &versions), version));
        }
        let handing_in = under_way.iter().map(|(audit, _)| shopper.hand_in(audit));
        let (moved, answers) = futures::join!(moving, futures::future::join_all(handing_in));
        moved.status_is(200);
        for answer in answers {
            answer.status_is(201);
        }
        sent.extend(under_way);
    }
    assert_eq!(sent.len(), AUDITS);
    for (audit, version) in &sent {
        is_scored_by(&admin, audit, *version).await;
        let again = shopper.hand_in(audit).await;
        again.status_is(200);
    }
    // A correction on another version, after the one before it is out of use.
    for (at, (audit, version)) in sent.iter().enumerate().take(VERSIONS) {
        let (path, words) = (
            format!("{}/return", audit.path()),
            json!({"message": "Look again."}),
        );
        admin.post(&path, &words).await.status_is(200);
        let other = (version + 1 + at) % VERSIONS;
        let next = made_on(&audit.document["visit"], other, &versions);
        let next = next.with("supersedes", json!(audit.id));
        if at == 0 {
            let home = json!({"from_day": "2026-09-02", "checklist_sha256": versions[other]});
            admin.post(&moves, &home).await.status_is(200);
            let retire = format!("/checklists/{}/retire", versions[*version]);
            admin.post(&retire, &json!({})).await.status_is(200);
        }
        shopper.hand_in(&next).await.status_is(201);
        is_scored_by(&admin, &next, other).await;
        is_scored_by(&admin, audit, *version).await;
        shopper.hand_in(&next).await.status_is(200);
        shopper.hand_in(audit).await.status_is(200);
    }
}
