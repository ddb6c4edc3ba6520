//! Random sequences of everything that writes, against a model that says whose feed has to move and by which entries: exactly
//! those move, and head, count and check sum go with them.
//!
//! Not here: reading a feed from a cursor on (`feeds_tell_what_changed.rs`).

use std::collections::BTreeMap;

use axum::http::Method;
use plainclothes::accounts::Role;
use plainclothes::db::entities::{feed, feed_entry};
use plainclothes::db::feed::entry_sum;
use plainclothes::domain::ids::{PersonId, Sha256};
use plainclothes::domain::visit::{VisitEvent, VisitState};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Actor, AuditOnPhone, World, picture};

const SEQUENCES: u32 = 16;
const STEPS: usize = 30;
const FIXTURE: &str = include_str!("harness/fixture.yaml");

/// Everything that writes. Numbers choose among what there is, counted round.
#[derive(Clone, Debug)]
enum Step {
    Create {
        shopper: Option<usize>,
    },
    Assign {
        visit: usize,
        shopper: usize,
    },
    Withdraw {
        visit: usize,
    },
    Accept {
        visit: usize,
        by: usize,
    },
    Decline {
        visit: usize,
        by: usize,
    },
    HandIn {
        visit: usize,
        by: usize,
        with_photo: bool,
    },
    Correct {
        audit: usize,
    },
    Replay {
        audit: usize,
    },
    Unreadable {
        visit: usize,
    },
    Photo {
        audit: usize,
    },
    Waive {
        audit: usize,
    },
    Decide {
        audit: usize,
        event: VisitEvent,
    },
    Read {
        feedback: usize,
        by: usize,
    },
    Elsewhere {
        what: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let any = 0..1000_usize;
    let who = 0..3_usize;
    let events = prop_oneof![
        Just(VisitEvent::Approve),
        Just(VisitEvent::Return),
        Just(VisitEvent::Reject)
    ];
    prop_oneof![
        3 => proptest::option::of(who.clone()).prop_map(|shopper| Step::Create { shopper }),
        3 => (any.clone(), who.clone()).prop_map(|(visit, shopper)| Step::Assign { visit, shopper }),
        2 => any.clone().prop_map(|visit| Step::Withdraw { visit }),
        2 => (any.clone(), who.clone()).prop_map(|(visit, by)| Step::Accept { visit, by }),
        2 => (any.clone(), who.clone()).prop_map(|(visit, by)| Step::Decline { visit, by }),
        5 => (any.clone(), who.clone(), proptest::bool::ANY)
            .prop_map(|(visit, by, with_photo)| Step::HandIn { visit, by, with_photo }),
        3 => any.clone().prop_map(|audit| Step::Correct { audit }),
        1 => any.clone().prop_map(|audit| Step::Replay { audit }),
        1 => any.clone().prop_map(|visit| Step::Unreadable { visit }),
        1 => any.clone().prop_map(|audit| Step::Photo { audit }),
        1 => any.clone().prop_map(|audit| Step::Waive { audit }),
        5 => (any.clone(), events).prop_map(|(audit, event)| Step::Decide { audit, event }),
        2 => (any.clone(), who).prop_map(|(feedback, by)| Step::Read { feedback, by }),
        2 => any.prop_map(|what| Step::Elsewhere { what }),
    ]
}

#[derive(Clone, Debug)]
struct Visit {
    id: Uuid,
    shopper: Option<usize>,
    state: VisitState,
    rev: i64,
    newest: Option<Uuid>,
}

#[derive(Clone, Debug)]
struct Audit {
    phone: AuditOnPhone,
    photo: Vec<u8>,
    visit: usize,
    by: usize,
    state: &'static str,
    complete: bool,
}

#[derive(Clone, Debug)]
struct Feedback {
    id: Uuid,
    by: usize,
    read: bool,
}

/// What one step has to do to one person's feed. The id of a new feedback is the server's to choose.
#[derive(Clone, Debug, PartialEq)]
enum Move {
    Visit {
        id: Uuid,
        rev: i64,
        state: &'static str,
    },
    Gone {
        id: Uuid,
        rev: i64,
        reason: &'static str,
    },
    NewFeedback {
        outcome: &'static str,
    },
    Feedback {
        id: Uuid,
        rev: i64,
    },
}

type Feeds = BTreeMap<PersonId, (feed::Model, BTreeMap<(String, Uuid), feed_entry::Model>)>;

struct Scene {
    world: World,
    admin: Actor,
    shoppers: Vec<(PersonId, Actor)>,
    made: u32,
}

/// One sequence, and what it has made.
#[derive(Default)]
struct Model {
    visits: Vec<Visit>,
    audits: Vec<Audit>,
    feedback: Vec<Feedback>,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let mut shoppers = vec![(world.shopper_id, world.shopper().await)];
        for email in ["second@example.org", "third@example.org"] {
            let id = world.person(email, Role::Shopper, None, None).await;
            shoppers.push((id, world.sign_in(email).await));
        }
        let admin = world.admin().await;
        Self {
            world,
            admin,
            shoppers,
            made: 0,
        }
    }

    async fn feeds(&self) -> Feeds {
        let db = self.world.app.db.reader();
        let mut feeds = Feeds::new();
        for row in feed::Entity::find().all(db).await.unwrap() {
            feeds.insert(row.person_id, (row, BTreeMap::new()));
        }
        for entry in feed_entry::Entity::find().all(db).await.unwrap() {
            let entries = &mut feeds.get_mut(&entry.person_id).unwrap().1;
            entries.insert((entry.kind.clone(), entry.entity_id), entry);
        }
        feeds
    }

    async fn command(&self, by: usize, kind: &str, subject: Uuid) -> bool {
        let one = json!({"id": Uuid::new_v4(), "kind": kind, "subject": subject});
        let body = json!({"commands": [one]});
        let answer = self.shoppers[by].1.post("/sync/commands", &body).await;
        answer.expect(200)["results"][0]["outcome"] == "done"
    }

    fn new_audit(&mut self, visit: Uuid, with_photo: bool) -> (AuditOnPhone, Vec<u8>) {
        self.made += 1;
        let checklist = json!(self.world.checklist);
        let audit = AuditOnPhone::good(&json!(visit), &checklist, "2026-09-14T12:30:00+02:00");
        let shade = u8::try_from(self.made % 32).unwrap();
        let photo = picture(40 + self.made / 32, 30, shade);
        if with_photo {
            (audit.with_photo(&photo), photo)
        } else {
            (audit, Vec::new())
        }
    }

    /// Does the step for real and in the model; returns what has to move, by person.
    async fn take(&mut self, model: &mut Model, step: &Step) -> Vec<(usize, Move)> {
        let chosen = |at: &usize, of: usize| at % of.max(1);
        let (visits, audits) = (model.visits.len(), model.audits.len());
        match step {
            Step::Create { shopper } => vec![self.create(model, *shopper).await],
            _ if visits == 0 => vec![self.create(model, Some(0)).await],
            Step::Assign { visit, shopper } => {
                let visit = &mut model.visits[chosen(visit, visits)];
                let path = format!("/visits/{}/assign", visit.id);
                let body = json!({"shopper": self.shoppers[*shopper].0});
                let answer = self.admin.post(&path, &body).await;
                if !follows(visit, VisitEvent::Assign) {
                    answer.status_is(409);
                    return Vec::new();
                }
                answer.status_is(200);
                let mut moves = vec![(Some(*shopper), put(visit))];
                if visit.shopper != Some(*shopper) {
                    moves.push((visit.shopper, gone(visit, "reassigned")));
                }
                visit.shopper = Some(*shopper);
                of_somebody(moves)
            }
            Step::Withdraw { visit } => {
                let visit = &mut model.visits[chosen(visit, visits)];
                let path = format!("/visits/{}/withdraw", visit.id);
                let answer = self.admin.post(&path, &json!({"reason": "Closed."})).await;
                if !follows(visit, VisitEvent::Withdraw) {
                    answer.status_is(409);
                    return Vec::new();
                }
                answer.status_is(200);
                of_somebody(vec![(visit.shopper, gone(visit, "withdrawn"))])
            }
            Step::Accept { visit, by } | Step::Decline { visit, by } => {
                let visit = &mut model.visits[chosen(visit, visits)];
                let (kind, event) = match step {
                    Step::Accept { .. } => ("visit.accept", VisitEvent::Accept),
                    _ => ("visit.decline", VisitEvent::Decline),
                };
                let done = self.command(*by, kind, visit.id).await;
                let may = visit.shopper == Some(*by) && follows(visit, event);
                assert_eq!(done, may);
                if !may {
                    return Vec::new();
                }
                if event == VisitEvent::Accept {
                    return vec![(*by, put(visit))];
                }
                visit.shopper = None;
                vec![(*by, gone(visit, "reassigned"))]
            }
            Step::HandIn {
                visit,
                by,
                with_photo,
            } => {
                let at = chosen(visit, visits);
                let made = self.new_audit(model.visits[at].id, *with_photo);
                self.hand_in(model, at, *by, made, None).await
            }
            Step::Unreadable { visit } => {
                let at = chosen(visit, visits);
                let by = model.visits[at].shopper.unwrap_or(0);
                let (audit, _) = self.new_audit(model.visits[at].id, false);
                let audit = audit.with("answers", json!({"greeted": {"value": "maybe"}}));
                self.shoppers[by].1.hand_in(&audit).await.status_is(202);
                Vec::new()
            }
            Step::Read { feedback, by } => {
                let count = model.feedback.len();
                let Some(told) = model.feedback.get_mut(chosen(feedback, count)) else {
                    return Vec::new();
                };
                let done = self.command(*by, "feedback.read", told.id).await;
                assert_eq!(done, told.by == *by);
                if told.by != *by || std::mem::replace(&mut told.read, true) {
                    return Vec::new();
                }
                vec![(
                    *by,
                    Move::Feedback {
                        id: told.id,
                        rev: 2,
                    },
                )]
            }
            Step::Elsewhere { what } => {
                self.elsewhere(*what).await;
                Vec::new()
            }
            _ if audits == 0 => Vec::new(),
            Step::Correct { audit } => {
                let before = model.audits[chosen(audit, audits)].clone();
                let made = self.new_audit(model.visits[before.visit].id, false);
                let old = Some(before.phone.id);
                self.hand_in(model, before.visit, before.by, made, old)
                    .await
            }
            Step::Replay { audit } => {
                let audit = &model.audits[chosen(audit, audits)];
                let again = self.shoppers[audit.by].1.hand_in(&audit.phone).await;
                again.status_is(200);
                Vec::new()
            }
            Step::Photo { audit } => {
                let audit = &mut model.audits[chosen(audit, audits)];
                if !audit.photo.is_empty() {
                    let shopper = &self.shoppers[audit.by].1;
                    let sha256 = Sha256::of(&audit.photo).to_string();
                    shopper
                        .begin_photo(&sha256, audit.photo.len())
                        .await
                        .status_is(201);
                    let sent = shopper.send_chunk(&sha256, 0, &audit.photo).await;
                    assert!([204, 409].contains(&sent.status.as_u16()), "{sent:?}");
                    audit.complete = true;
                }
                Vec::new()
            }
            Step::Waive { audit } => {
                let audit = &mut model.audits[chosen(audit, audits)];
                if !audit.photo.is_empty() {
                    let sha256 = Sha256::of(&audit.photo);
                    let path = format!("{}/photos/{sha256}/waive", audit.phone.path());
                    let answer = self.admin.post(&path, &json!({"reason": "Lost."})).await;
                    assert!([200, 409].contains(&answer.status.as_u16()), "{answer:?}");
                    audit.complete = true;
                }
                Vec::new()
            }
            Step::Decide { audit, event } => {
                self.decide(model, chosen(audit, audits), *event).await
            }
        }
    }

    async fn create(&self, model: &mut Model, shopper: Option<usize>) -> (usize, Move) {
        let body = json!({"campaign": self.world.campaign, "location": self.world.locations[0],
            "shopper": shopper.map(|at| self.shoppers[at].0),
            "local_opens": "2026-09-14T08:00", "local_closes": "2026-09-14T22:00"});
        let made = self.admin.post("/visits", &body).await.expect(201);
        let visit = Visit {
            id: made["id"].as_str().unwrap().parse().unwrap(),
            shopper,
            state: VisitState::parse(made["state"].as_str().unwrap()).unwrap(),
            rev: 1,
            newest: None,
        };
        let moved = put(&visit);
        model.visits.push(visit);
        (shopper.unwrap_or(NOBODY), moved)
    }

    async fn hand_in(
        &self,
        model: &mut Model,
        at: usize,
        by: usize,
        (phone, photo): (AuditOnPhone, Vec<u8>),
        supersedes: Option<Uuid>,
    ) -> Vec<(usize, Move)> {
        let phone = match supersedes {
            Some(old) => phone.with("supersedes", json!(old)),
            None => phone,
        };
        let visit = &mut model.visits[at];
        let answer = self.shoppers[by].1.hand_in(&phone).await;
        let fresh = supersedes.is_none()
            || (supersedes == visit.newest && visit.state != VisitState::Approved);
        if visit.shopper != Some(by) || !fresh || !follows(visit, VisitEvent::Submit) {
            answer.status_is(202);
            return Vec::new();
        }
        answer.status_is(201);
        for audit in &mut model.audits {
            if Some(audit.phone.id) == supersedes {
                audit.state = "superseded";
            }
        }
        visit.newest = Some(phone.id);
        let complete = photo.is_empty();
        model.audits.push(Audit {
            phone,
            photo,
            visit: at,
            by,
            state: "submitted",
            complete,
        });
        vec![(by, put(visit))]
    }

    async fn decide(&self, model: &mut Model, at: usize, event: VisitEvent) -> Vec<(usize, Move)> {
        let audit = &mut model.audits[at];
        let (word, outcome) = match event {
            VisitEvent::Approve => ("approve", "approved"),
            VisitEvent::Return => ("return", "returned"),
            _ => ("reject", "rejected"),
        };
        let path = format!("{}/{word}", audit.phone.path());
        let answer = self.admin.post(&path, &json!({"message": "Seen."})).await;
        let waits = audit.state == "submitted"
            || (audit.state == "returned" && event != VisitEvent::Return);
        if !waits || (event == VisitEvent::Approve && !audit.complete) {
            answer.status_is(409);
            return Vec::new();
        }
        answer.status_is(200);
        audit.state = outcome;
        let mut moves = vec![(audit.by, Move::NewFeedback { outcome })];
        let visit = &mut model.visits[audit.visit];
        if visit.newest == Some(audit.phone.id) && follows(visit, event) {
            moves.push((audit.by, put(visit)));
        }
        moves
    }

    /// Writes that no phone hears of.
    async fn elsewhere(&mut self, what: usize) {
        self.made += 1;
        let campaign = format!("/campaigns/{}", self.world.campaign);
        let versions = format!("{campaign}/versions");
        let yaml = FIXTURE.replace("version: 1", &format!("version: {}", self.made + 1));
        let yaml_type = [("content-type", "application/yaml")];
        let shopper = &self.shoppers[what % 3].1;
        match what % 8 {
            0 => {
                let body =
                    json!({"from_day": "2026-09-10", "checklist_sha256": self.world.checklist});
                self.admin.post(&versions, &body).await.status_is(200);
            }
            1 => {
                let path = format!("{versions}/2026-09-10");
                self.admin
                    .send(Method::DELETE, &path, &[], Vec::new())
                    .await;
            }
            2 => {
                let json = [("content-type", "application/json")];
                let (path, keys) = (format!("{campaign}/traps"), b"{\"keys\":[]}".to_vec());
                let answer = self.admin.send(Method::PUT, &path, &json, keys).await;
                answer.status_is(204);
            }
            3 => {
                let bytes = yaml.into_bytes();
                let made = self
                    .admin
                    .send(Method::POST, "/checklists", &yaml_type, bytes)
                    .await;
                let sha256 = made.expect(201)["sha256"].as_str().unwrap().to_owned();
                let path = format!("/checklists/{sha256}/retire");
                self.admin.post(&path, &json!({})).await.status_is(200);
            }
            4 => {
                let outbox = json!({"audits": 3, "photos": 2, "photo_bytes": 99});
                let offer = json!({"items": [], "outbox": outbox});
                shopper.post("/sync/offer", &offer).await.status_is(200);
            }
            5 => {
                self.world.run_jobs().await;
            }
            6 => {
                self.world.shopper().await;
            }
            _ => {
                let body = json!({"name": "Other weights", "checklist_slug": "test-cafe",
                    "reweighting": "sections: {welcome: 10, room: 90}\n"});
                self.admin.post("/what-ifs", &body).await.status_is(201);
            }
        }
    }

    async fn run(&mut self, steps: &[Step]) {
        let mut model = Model::default();
        let mut before = self.feeds().await;
        for step in steps {
            let wanted = self.take(&mut model, step).await;
            let after = self.feeds().await;
            for (at, (person, _)) in self.shoppers.iter().enumerate() {
                let wanted: Vec<&Move> = wanted
                    .iter()
                    .filter(|(of, _)| *of == at)
                    .map(|(_, wanted)| wanted)
                    .collect();
                let told = compare(step, &wanted, before.get(person), after.get(person));
                model.feedback.extend(told.map(|id| Feedback {
                    id,
                    by: at,
                    read: false,
                }));
            }
            assert!(
                after.len() <= self.shoppers.len(),
                "{step:?} made a feed of somebody else"
            );
            before = after;
        }
    }
}

/// What nobody's phone hears of.
const NOBODY: usize = usize::MAX;

fn of_somebody(moves: Vec<(Option<usize>, Move)>) -> Vec<(usize, Move)> {
    let known = moves.into_iter();
    known.filter_map(|(who, what)| Some((who?, what))).collect()
}

/// Moves the visit on, if it can be.
fn follows(visit: &mut Visit, event: VisitEvent) -> bool {
    let Ok(state) = visit.state.after(event) else {
        return false;
    };
    visit.state = state;
    visit.rev += 1;
    true
}

fn put(visit: &Visit) -> Move {
    Move::Visit {
        id: visit.id,
        rev: visit.rev,
        state: visit.state.as_str(),
    }
}

fn gone(visit: &Visit, reason: &'static str) -> Move {
    Move::Gone {
        id: visit.id,
        rev: visit.rev,
        reason,
    }
}

type One<'a> = Option<&'a (feed::Model, BTreeMap<(String, Uuid), feed_entry::Model>)>;

/// Makes sure that exactly `wanted` has happened to one feed; returns the id of a new feedback.
fn compare(step: &Step, wanted: &[&Move], before: One<'_>, after: One<'_>) -> Option<Uuid> {
    if wanted.is_empty() {
        assert_eq!(before, after, "{step:?} moved a feed that it should not");
        return None;
    }
    let (head, entries) = after.unwrap_or_else(|| panic!("{step:?} moved nothing of {wanted:?}"));
    let (old_head, nothing) = (before.map_or(0, |(head, _)| head.head), BTreeMap::new());
    let old = before.map_or(&nothing, |(_, entries)| entries);
    let moved: Vec<&feed_entry::Model> = entries
        .iter()
        .filter(|(key, entry)| old.get(*key) != Some(entry))
        .map(|(_, entry)| entry)
        .collect();
    assert!(
        old.keys().all(|key| entries.contains_key(key)),
        "{step:?} lost an entry"
    );
    assert_eq!(
        moved.len(),
        wanted.len(),
        "{step:?} wanted {wanted:?}, moved {moved:?}"
    );
    assert_eq!(head.head, old_head + wanted.len() as i64, "{step:?}");
    let mut places: Vec<i64> = moved.iter().map(|entry| entry.seq).collect();
    places.sort_unstable();
    let expected: Vec<i64> = (old_head + 1..=head.head).collect();
    assert_eq!(
        places, expected,
        "{step:?}: each at a place of its own, at the end"
    );
    let mut told = None;
    for wanted in wanted {
        let found = moved.iter().find(|entry| fits(entry, wanted));
        let found = found.unwrap_or_else(|| panic!("{step:?} wanted {wanted:?}, moved {moved:?}"));
        if matches!(wanted, Move::NewFeedback { .. }) {
            told = Some(found.entity_id);
        }
    }
    let live = entries.values().filter(|entry| entry.op == "put");
    let sum = live.clone().fold(0, |sum, entry| {
        sum ^ entry_sum(&entry.kind, entry.entity_id, entry.rev)
    });
    assert_eq!(
        (head.live_count, head.live_sum),
        (live.count() as i64, sum),
        "{step:?}"
    );
    told
}

fn fits(entry: &feed_entry::Model, wanted: &Move) -> bool {
    let value: Value = entry
        .value
        .as_ref()
        .map_or(Value::Null, |text| serde_json::from_str(text).unwrap());
    let named = (entry.kind.as_str(), entry.op.as_str(), entry.rev);
    match wanted {
        Move::Visit { id, rev, state } => {
            named == ("visit", "put", *rev)
                && (entry.entity_id, &value["state"]) == (*id, &json!(state))
        }
        Move::Gone { id, rev, reason } => {
            named == ("visit", "del", *rev)
                && (entry.entity_id, entry.reason.as_deref()) == (*id, Some(reason))
                && value.is_null()
        }
        Move::NewFeedback { outcome } => {
            named == ("feedback", "put", 1)
                && value["outcome"] == *outcome
                && value["read"] == false
        }
        Move::Feedback { id, rev } => {
            named == ("feedback", "put", *rev) && entry.entity_id == *id && value["read"] == true
        }
    }
}

#[test]
fn each_write_moves_exactly_the_feeds_that_it_should() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let scene = std::cell::RefCell::new(runtime.block_on(Scene::new()));
    let mut runner = TestRunner::new(Config {
        cases: SEQUENCES,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    });
    let steps = proptest::collection::vec(step(), 1..=STEPS);
    let result = runner.run(&steps, |steps| {
        runtime.block_on(scene.borrow_mut().run(&steps));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
