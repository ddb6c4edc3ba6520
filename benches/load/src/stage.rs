//! What the phones find when they begin: the demo's restaurant, a visit for each of them, and a picture.

use std::collections::HashMap;

use anyhow::Context as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{Api, accepted, text};
use crate::document::sha256;
use crate::photo;

const ADMIN: &str = "admin@demo.example";
const ADMIN_PASSWORD: &str = "plainclothes";
const CHECKLIST: &str = "restaurant-dine-in";

/// The demo agency through its admin's eyes.
#[derive(Debug)]
pub struct Stage {
    admin: Api,
    pub url: String,
    /// The server's time when we came.
    pub at: String,
    campaign: Value,
    location: String,
    /// Email → id.
    people: HashMap<String, String>,
    pub checklist: String,
    /// A receipt that a shopper of the demo has photographed.
    pub sample: Vec<u8>,
    pub sample_sha256: String,
    /// The same as large as it was asked for; absent when each audit names the sample.
    pub padded: Option<Vec<u8>>,
}

/// The phones' account, numbered from 0.
pub fn email(phone: usize) -> String {
    format!("load-{}@example.org", phone + 1)
}

/// # Errors
/// That the server is away, or does not run the demo agency.
pub async fn set_up(url: &str, photo_bytes: Option<usize>) -> anyhow::Result<Stage> {
    let (admin, at) = Api::sign_in(url, ADMIN, ADMIN_PASSWORD).await?;
    let campaigns = admin.get("/campaigns").await?;
    let campaign = items(&campaigns)
        .find(|campaign| campaign["checklist_slug"] == CHECKLIST)
        .context("the demo agency has no campaign in restaurants")?
        .clone();
    let client = text(&campaign, "/client")?;
    let locations = admin.get(&format!("/locations?client={client}")).await?;
    let location = text(&locations, "/items/0/id")?;
    let people = admin.get("/people").await?;
    let people = items(&people)
        .filter_map(|person| {
            let word = |name: &str| Some(person[name].as_str()?.to_owned());
            Some((word("email")?, word("id")?))
        })
        .collect();
    let sample = sample(&admin, &client).await?;
    let padded = photo_bytes
        .map(|bytes| photo::padded(&sample, bytes))
        .transpose()?;
    Ok(Stage {
        url: url.to_owned(),
        at,
        location,
        people,
        checklist: text(&campaign, "/checklist_sha256")?,
        sample_sha256: sha256(&sample),
        admin,
        campaign,
        sample,
        padded,
    })
}

/// The newest approved audit's first photo, as it was taken.
async fn sample(admin: &Api, client: &str) -> anyhow::Result<Vec<u8>> {
    let path = format!("/audits?state=approved&client={client}&limit=1");
    let audit = text(&admin.get(&path).await?, "/items/0/id")?;
    let path = format!("/audits/{audit}");
    let photo = text(&admin.get(&path).await?, "/photos/0/sha256")?;
    let path = format!("/audits/{audit}/photos/{photo}/original");
    let answer = accepted(admin.request(Method::GET, &path).send().await?).await?;
    Ok(answer.bytes().await?.to_vec())
}

fn items(page: &Value) -> impl Iterator<Item = &Value> {
    page["items"].as_array().into_iter().flatten()
}

impl Stage {
    /// A new visit for this phone's shopper, which may be made as long as the campaign lasts.
    ///
    /// # Errors
    /// That the account is missing, or what the server says.
    pub async fn new_visit(&self, phone: usize) -> anyhow::Result<String> {
        let email = email(phone);
        let shopper = self
            .people
            .get(&email)
            .with_context(|| format!("there is no account {email}: benches/run makes them"))?;
        let visit = json!({
            "campaign": self.campaign["id"],
            "location": self.location,
            "shopper": shopper,
            "local_opens": format!("{}T00:00", text(&self.campaign, "/starts_on")?),
            "local_closes": format!("{}T23:59", text(&self.campaign, "/ends_on")?),
        });
        text(&self.admin.post("/visits", &visit).await?, "/id")
    }

    /// How many audits the reviewers see for the location where all phones are.
    ///
    /// # Errors
    /// What the server says.
    pub async fn listed(&self) -> anyhow::Result<i64> {
        let path = format!("/audits?location={}&limit=1", self.location);
        let page = self.admin.get(&path).await?;
        page["total"].as_i64().context("the list has no total")
    }
}
