//! What there is in the agency when the generated requests come: something of every kind and in every state, and something of
//! another agency.

use std::collections::BTreeMap;

use axum::http::Method;
use plainclothes::accounts::service::create_agency;
use plainclothes::accounts::{Role, Scope};
use plainclothes::clients::service as clients;
use plainclothes::domain::ids::{PersonId, Sha256};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{World, picture};

pub struct Stock {
    /// Ids and digests that mean something, by the name of their schema.
    pub ids: BTreeMap<&'static str, Vec<String>>,
    /// Audit documents as a phone would send them.
    pub documents: Vec<Value>,
    /// What no manager or client may ever read.
    pub secrets: Vec<String>,
}

impl Stock {
    pub async fn of(world: &World) -> Self {
        let (shopper, admin) = (world.shopper().await, world.admin().await);
        world
            .person("other@example.org", Role::Shopper, None, None)
            .await;
        let photo = picture(50, 40, 4);
        let mut audits = Vec::new();
        for (at, decision) in ["approve", "return", "reject", "", ""]
            .into_iter()
            .enumerate()
        {
            let mut audit = world.good_audit(world.locations[at % 3]).await;
            if at < 4 {
                audit = audit.with_photo(&photo);
            }
            shopper.hand_in(&audit).await.status_is(201);
            if at == 0 {
                shopper.send_photo(&photo).await;
                world.run_jobs().await;
            }
            if !decision.is_empty() {
                let path = format!("{}/{decision}", audit.path());
                let words = json!({"message": "As I see it."});
                admin.post(&path, &words).await.status_is(200);
            }
            audits.push(audit);
        }
        let astray = audits[4].clone().with("visit", json!(Uuid::new_v4()));
        shopper.hand_in(&astray).await.status_is(202);
        let assigned = world.visit(world.locations[0]).await;
        let open = json!({"campaign": world.campaign, "location": world.locations[2],
            "local_opens": "2026-10-05T08:00", "local_closes": "2026-10-05T20:00"});
        let open = admin.post("/visits", &open).await.expect(201)["id"].clone();
        let what_if = json!({"name": "Other weights", "checklist_slug": "test-cafe",
            "reweighting": "sections: {welcome: 10, room: 90}\n"});
        let what_if = admin.post("/what-ifs", &what_if).await.expect(201)["id"].clone();
        let mut bundles = Vec::new();
        let client = world.client().await;
        for actor in [&admin, &client] {
            let made = actor.post("/bundles", &json!({})).await.expect(202);
            bundles.push(made["id"].clone());
        }
        world.run_jobs().await;
        let yaml = include_bytes!("../harness/fixture.yaml");
        let second = String::from_utf8_lossy(yaml).replace("version: 1", "version: 2");
        let yaml_type = [("content-type", "application/yaml")];
        let second = admin.send(Method::POST, "/checklists", &yaml_type, second.into_bytes());
        let second = second.await.expect(201)["sha256"].clone();
        let hook = json!({"url": "https://localhost:1/"});
        let hook = admin.post("/webhooks", &hook).await.expect(201)["id"].clone();
        shopper.send_photo(&picture(51, 41, 5)).await;
        let jobs = admin.get("/jobs?state=waiting").await.expect(200);
        let job = jobs["items"][0]["id"].clone();
        let published = admin.get("/published-audits").await.expect(200)["items"][0]["id"].clone();
        let pairs = admin.get("/photo-pairs").await.expect(200)["items"].clone();
        let pairs = pairs.as_array().unwrap().iter();
        let pairs: Vec<Value> = pairs.map(|pair| pair["id"].clone()).collect();
        let changes = shopper.get("/sync/changes").await.expect(200);
        let told = changes["changes"].as_array().unwrap().iter();
        let told: Vec<Value> = told
            .filter(|change| change["kind"] == "feedback")
            .map(|change| change["id"].clone())
            .collect();

        let agency = create_agency(&world.app, "Elsewhere").await.unwrap();
        let scope = Scope::of_agency(agency, PersonId(Uuid::nil()));
        let new = clients::NewClient {
            name: "Foreign".to_owned(),
            color: "#000000".to_owned(),
            locale: "en".to_owned(),
        };
        let foreign = clients::create_client(&world.app, &scope, new)
            .await
            .unwrap()
            .id;

        let visits = audits.iter().map(|audit| audit.document["visit"].clone());
        let visits: Vec<Value> = visits.chain([assigned.clone(), open]).collect();
        let mut documents: Vec<Value> = audits.iter().map(|audit| audit.document.clone()).collect();
        documents.push(documents[0].clone());
        documents.last_mut().unwrap()["visit"] = assigned;
        documents.push(json!({"format": 1}));
        let audit_ids: Vec<Value> = audits.iter().map(|audit| json!(audit.id)).collect();
        let mut secrets = texts(audit_ids.iter().chain(&visits));
        secrets.push(world.shopper_id.to_string());
        for word in ["shopper@example.org", "12:30", "10:30"] {
            secrets.push(word.to_owned());
        }
        let locations: Vec<Value> = world.locations.iter().map(|id| json!(id)).collect();
        let ids = BTreeMap::from([
            ("AuditId", texts(&audit_ids)),
            ("VisitId", texts(&visits)),
            (
                "ClientId",
                texts(&[json!(world.client), json!(world.client), json!(foreign)]),
            ),
            ("RegionId", texts(&[json!(world.north), json!(world.south)])),
            ("LocationId", texts(&locations)),
            ("CampaignId", vec![world.campaign.to_string()]),
            ("PersonId", vec![world.shopper_id.to_string()]),
            ("PublishedAuditId", texts(&[published])),
            ("BundleId", texts(&bundles)),
            ("JobId", texts(&[job])),
            ("WebhookId", texts(&[hook])),
            ("WhatIfId", texts(&[what_if])),
            ("PhotoPairId", texts(&pairs)),
            ("FeedbackId", texts(&told)),
            (
                "Sha256",
                texts(&[
                    json!(world.checklist),
                    second,
                    json!(Sha256::of(&photo)),
                    json!(Sha256::of(&photo)),
                ]),
            ),
        ]);
        Self {
            ids,
            documents,
            secrets,
        }
    }
}

fn texts<'a>(values: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let texts = values.into_iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}
