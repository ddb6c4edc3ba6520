//! Requests made from the OpenAPI document itself: every operation, by everybody, with ids that exist, that are somebody else's,
//! that nothing has, and with members of the wrong kind. No answer may be a failure of ours, each has to fit the document, and
//! nothing of the shopper may reach a manager or a client.
//!
//! Not here: what the answers say (the stories), and damaged bodies (`hostile/`).

mod stock;
mod values;

use axum::http::Method;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::harness::{Actor, Call, World};
use stock::Stock;
use values::Values;

/// For each operation and each role. Seven make 2 000 requests.
const REQUESTS: usize = 7;
const SEED: [u8; 32] = [7; 32];

/// Told when the test fails: the request at which it did.
struct Said(String);

impl Drop for Said {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("it failed at: {}", self.0);
        }
    }
}

#[tokio::test]
async fn every_operation_stands_what_its_own_document_allows() {
    let world = World::new().await;
    let stock = Stock::of(&world).await;
    let everybody: Vec<(&str, Actor)> = vec![
        ("nobody", world.nobody()),
        ("shopper", world.shopper().await),
        ("reviewer", world.reviewer().await),
        ("admin", world.sign_in("admin@example.org").await),
        ("manager", world.manager(world.north).await),
        ("client", world.sign_in("client@example.org").await),
    ];
    let document = serde_json::to_value(plainclothes::http::router::openapi()).unwrap();
    let values = Values {
        document: &document,
        stock: &stock,
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut sent, mut taken) = (0, 0);
    for round in 0..REQUESTS {
        for (template, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let calls = values.calls(method.clone(), template, operation);
                for (role, actor) in &everybody {
                    if ends_the_session(&method, template) && *role != "nobody" {
                        continue;
                    }
                    let call = calls.new_tree(&mut runner).unwrap().current();
                    let said = Said(format!("round {round}, {role}: {call:?}"));
                    let answer = actor.call(&call).await;
                    let status = answer.status.as_u16();
                    let body = String::from_utf8_lossy(&answer.bytes);
                    assert!(status < 500, "{status} {body}");
                    sent += 1;
                    taken += usize::from(status < 300);
                    if ["manager", "client"].contains(role) {
                        let all = format!("{:?} {body}", answer.headers);
                        tells_nothing(&stock, &call, &all);
                    }
                    drop(said);
                }
            }
        }
    }
    assert!(sent >= 250 * REQUESTS, "{sent}");
    // Most have to go beyond the door: enough are good requests of somebody who may.
    assert!(taken > sent / 7, "only {taken} of {sent} were taken");
}

fn ends_the_session(method: &Method, template: &str) -> bool {
    *method == Method::DELETE && template.ends_with("/sessions/current")
}

fn tells_nothing(stock: &Stock, call: &Call, answer: &str) {
    let asked = format!("{} {}", call.path, String::from_utf8_lossy(&call.body));
    for secret in &stock.secrets {
        // What they said themselves tells them nothing.
        let known = asked.contains(secret.as_str());
        assert!(
            known || !answer.contains(secret.as_str()),
            "tells {secret}: {answer}"
        );
    }
}

/// A member of an object, or nothing.
fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}
