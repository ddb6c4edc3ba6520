//! A return that follows a purchase, traps whose answers no phone has, distances, reference pictures.

use axum::http::Method;
use plainclothes::accounts::Scope;
use plainclothes::campaigns::service::{NewCampaign, create};
use plainclothes::checklists::service::{NewPicture, publish};
use plainclothes::domain::checklist::{Checklist, PictureFacts, Pictures};
use plainclothes::domain::ids::{CampaignId, PersonId, Sha256};
use serde_json::{Value, json};

use crate::harness::{Actor, AuditOnPhone, World, picture};

const RETURN: &str = r#"
checklist: test-return
version: 1
languages: [en]
partial_languages: [nl]
title: {en: Return, nl: Retour}
industry: retail
follows: {checklist: test-cafe, days_max: 14}
sections:
  - id: back
    title: {en: Back again}
    weight: 1
    questions:
      - id: near
        type: location_check
        text: {en: "Where are you?", nl: "Waar bent u?"}
        within: 200m
      - id: sign
        type: choice
        text: {en: "Which sign hung at the door?"}
        trap: true
        dimension: none
        options: [{id: blue, text: {en: Blue}}, {id: red, text: {en: Red}}]
      - id: friendly
        type: yes_no
        text: {en: "Was the person friendly?"}
        dimension: service
        points: 10
      - id: money_back
        type: yes_no
        text: {en: "Did you get your money back?"}
        dimension: experience
        points: 30
        recovery: true
        pictures: [{file: receipt.jpg, text: {en: A credit note}}]
"#;

struct OnePicture(Vec<u8>);

impl Pictures for OnePicture {
    fn find(&self, _: &str) -> Result<PictureFacts, String> {
        Ok(PictureFacts {
            sha256: Sha256::of(&self.0),
            media_type: "image/jpeg".to_owned(),
            size_bytes: self.0.len() as u64,
        })
    }
}

struct Returns {
    world: World,
    admin: Actor,
    campaign: CampaignId,
    checklist: Sha256,
    picture: Vec<u8>,
}

async fn returns() -> Returns {
    let world = World::new().await;
    let scope = Scope::of_agency(world.agency, PersonId(uuid::Uuid::nil()));
    let bytes = picture(40, 30, 3);
    let checklist = Checklist::parse_yaml_with(RETURN, &OnePicture(bytes.clone())).unwrap();
    let refused = publish(&world.app, &scope, &checklist, Vec::new()).await;
    assert!(refused.unwrap_err().to_string().contains("did not come"));
    let new = NewPicture {
        media_type: "image/jpeg".to_owned(),
        bytes: bytes.clone(),
    };
    let sha256 = publish(&world.app, &scope, &checklist, vec![new])
        .await
        .unwrap();
    let campaign = NewCampaign {
        client: world.client,
        name: "Returns".to_owned(),
        checklist: sha256,
        visits_min: 1,
        starts_on: "2026-07-01".parse().unwrap(),
        ends_on: "2026-12-31".parse().unwrap(),
        pay_minor: 2000,
        currency: "EUR".to_owned(),
        brief: None,
    };
    let campaign = create(&world.app, &scope, campaign).await.unwrap().id;
    let admin = world.admin().await;
    Returns {
        world,
        admin,
        campaign,
        checklist: sha256,
        picture: bytes,
    }
}

impl Returns {
    fn second_leg(&self, location: usize, day: &str, follows: Option<&Value>) -> Value {
        let mut body = json!({"campaign": self.campaign, "location": self.world.locations[location],
            "shopper": self.world.shopper_id, "local_opens": format!("{day}T08:00"), "local_closes": format!("{day}T20:00")});
        if let Some(follows) = follows {
            body["follows"] = follows.clone();
        }
        body
    }

    /// An audit of the second leg; its scores are worked out by hand.
    fn audit(&self, visit: &Value, sign: &str, distance_m: i64, money_back: bool) -> AuditOnPhone {
        let (total, back) = if money_back {
            (1_000_000, 1_000_000)
        } else {
            (250_000, 0)
        };
        AuditOnPhone::good(visit, &json!(self.checklist), "2026-09-14T11:00:00Z")
            .with(
                "answers",
                json!({
                    "near": {"value": distance_m, "accuracy_m": 30},
                    "sign": {"value": sign},
                    "friendly": {"value": true},
                    "money_back": {"value": money_back},
                }),
            )
            .with(
                "score",
                json!({"total_micros": total, "service_micros": 1_000_000, "experience_micros": back,
                    "recovery_micros": back, "engine": 1}),
            )
    }
}

#[tokio::test]
async fn the_second_leg_knows_the_first_and_says_how_well_things_were_put_right() {
    let story = returns().await;
    let first = story.world.visit(story.world.locations[0]).await;
    let body = story.second_leg(0, "2026-09-20", Some(&first));
    let second = story.admin.post("/visits", &body).await.expect(201);
    assert_eq!(second["follows"], first);

    let shopper = story.world.shopper().await;
    let told = shopper.get("/sync/changes").await.expect(200);
    let told = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["id"] == second["id"])
        .unwrap();
    let follows = &told["value"]["follows"];
    assert_eq!(follows["visit"], first);
    assert_eq!(follows["title"], json!({"en": "Test café"}));
    assert_eq!(follows["local_opens"], "2026-09-14T08:00");

    let audit = story.audit(&second["id"], "blue", 40, false);
    shopper.hand_in(&audit).await.expect(201);
    let reviewer = story.world.reviewer().await;
    let detail = reviewer.get(&audit.path()).await.expect(200);
    assert_eq!(detail["flags"], json!(["outside_window"]));
    assert_eq!(detail["score"]["recovery_micros"], 0);
    assert_eq!(detail["score"]["total_micros"], 250_000);
    assert_eq!(detail["legs"][0]["leg"], "first");
    assert_eq!(detail["legs"][0]["visit"], first);

    let approved = reviewer
        .post(&format!("{}/approve", audit.path()), &json!({}))
        .await;
    approved.expect(200);
    let client = story.world.client().await;
    let published = client.get("/published-audits").await.expect(200);
    let id = published["items"][0]["id"].as_str().unwrap();
    let report = client.get(&format!("/published-audits/{id}")).await;
    let report = report.expect(200);
    assert_eq!(report["recovery_micros"], 0);
    let asked: Vec<&Value> = report["sections"][0]["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|question| &question["id"])
        .collect();
    assert_eq!(asked, ["friendly", "money_back"], "no trap, no place");
}

#[tokio::test]
async fn legs_have_to_belong_together() {
    let story = returns().await;
    let first = story.world.visit(story.world.locations[0]).await;
    for (location, day, follows, words) in [
        (0, "2026-09-20", None, "is the second leg of test-cafe"),
        (1, "2026-09-20", Some(&first), "another location"),
        (0, "2026-09-29", Some(&first), "was 15 days before"),
        (0, "2026-09-13", Some(&first), "opens only after"),
    ] {
        let body = story.second_leg(location, day, follows);
        let problem = story.admin.post("/visits", &body).await.expect(400);
        assert_eq!(problem["errors"][0]["pointer"], "/follows");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
    }
    let mut body = story.second_leg(0, "2026-09-20", Some(&first));
    body["campaign"] = json!(story.world.campaign);
    let problem = story.admin.post("/visits", &body).await.expect(400);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("no second leg"), "{detail}");
}

#[tokio::test]
async fn a_missed_trap_and_a_distant_phone_are_for_the_reviewer_alone() {
    let story = returns().await;
    let keys = json!({"keys": [
        {"question": "sign", "answer": "blue"},
        {"question": "sign", "answer": "red", "location": story.world.locations[1]},
    ]});
    let path = format!("/campaigns/{}/traps", story.campaign);
    let put = |body: Value| {
        let (admin, path) = (story.admin.clone(), path.clone());
        async move {
            let headers = [("content-type", "application/json")];
            let bytes = body.to_string().into_bytes();
            admin.send(Method::PUT, &path, &headers, bytes).await
        }
    };
    put(keys).await.expect(204);
    let kept = story.admin.get(&path).await.expect(200);
    assert_eq!(kept["keys"].as_array().unwrap().len(), 2);

    let shopper = story.world.shopper().await;
    let reviewer = story.world.reviewer().await;
    for (location, sign, distance_m, flags) in [
        (0, "blue", 230, json!(["outside_window"])),
        (
            0,
            "red",
            231,
            json!(["outside_window", "trap_missed", "far_from_location"]),
        ),
        (1, "red", 0, json!(["outside_window"])),
        (1, "blue", 0, json!(["outside_window", "trap_missed"])),
    ] {
        let first = story.world.visit(story.world.locations[location]).await;
        let body = story.second_leg(location, "2026-09-20", Some(&first));
        let visit = story.admin.post("/visits", &body).await.expect(201)["id"].clone();
        let audit = story.audit(&visit, sign, distance_m, true);
        let receipt = shopper.hand_in(&audit).await.expect(201).to_string();
        assert!(!receipt.contains("trap") && !receipt.contains("far_from"));
        let detail = reviewer.get(&audit.path()).await.expect(200);
        assert_eq!(detail["flags"], flags, "{location} {sign} {distance_m}");
        let missed = flags.to_string().contains("trap");
        let outcome = if missed { "missed" } else { "right" };
        assert_eq!(detail["traps"][0]["outcome"], outcome);
    }
    let told = shopper.get("/sync/changes").await.bytes;
    let told = String::from_utf8(told).unwrap();
    assert!(!told.contains("trap_missed"), "{told}");

    for (key, pointer) in [
        (
            json!({"question": "friendly", "answer": true}),
            "/keys/0/question",
        ),
        (
            json!({"question": "sign", "answer": "green"}),
            "/keys/0/answer",
        ),
        (
            json!({"question": "sign", "answer": ["blue"]}),
            "/keys/0/answer",
        ),
    ] {
        let problem = put(json!({"keys": [key]})).await.expect(400);
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
}

#[tokio::test]
async fn a_reference_picture_is_there_for_whoever_is_signed_in() {
    let story = returns().await;
    let shopper = story.world.shopper().await;
    let path = format!("/checklists/pictures/{}", Sha256::of(&story.picture));
    let answer = shopper.get(&path).await;
    answer.status_is(200);
    assert_eq!(answer.bytes, story.picture);
    assert_eq!(answer.header("content-type"), "image/jpeg");
    assert!(answer.header("cache-control").contains("immutable"));
    story.world.nobody().get(&path).await.expect(401);
}

#[tokio::test]
async fn what_is_refused_is_said_with_the_words_of_the_question() {
    let story = returns().await;
    let first = story.world.visit(story.world.locations[0]).await;
    let body = story.second_leg(0, "2026-09-20", Some(&first));
    let visit = story.admin.post("/visits", &body).await.expect(201)["id"].clone();
    let mut audit = story.audit(&visit, "blue", 0, true);
    audit.document["language"] = json!("nl");
    audit.document["answers"]["near"]["value"] = json!(-1);
    audit.document["answers"]["sign"]["value"] = json!("green");
    let shopper = story.world.shopper().await;
    let kept = shopper.hand_in(&audit).await.expect(202);
    assert_eq!(kept["reason"], "schema_refused");
    let errors = kept["errors"].as_array().unwrap();
    let words = |pointer: &str| {
        let at = errors.iter().find(|error| error["pointer"] == pointer);
        &at.unwrap()["question"]
    };
    assert_eq!(words("/answers/near/value"), "Waar bent u?");
    // There is no Dutch text, so the checklist's first language stands in.
    assert_eq!(words("/answers/sign/value"), "Which sign hung at the door?");
}
