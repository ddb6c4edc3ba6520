//! What the phones find when they begin: the demo's restaurant, a visit for each of them, and a picture.

use std::collections::HashMap;

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _};
use plainclothes_phone::wire::photos::Photo;
use plainclothes_phone::{Ask, Kind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::photo;

const ADMIN: &str = "admin@demo.example";
const ADMIN_PASSWORD: &str = "plainclothes";
/// Requests of the admin at the same time, where there are many.
const AT_A_TIME: usize = 8;
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
    pub sample: Photo,
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
    let admin = Api::sign_in(url, ADMIN, ADMIN_PASSWORD).await?;
    let clock = admin.line.server_clock();
    let clock = clock.context("the server does not say what time it is")?;
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
        at: clock.server_time.to_rfc3339(),
        location,
        people,
        checklist: text(&campaign, "/checklist_sha256")?,
        sample: photo::jpeg(sample),
        admin,
        campaign,
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
    let ask = Ask::new(Kind::Desk, Method::GET, path);
    Ok(admin.line.send(ask).await?.body.to_vec())
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

    /// Many new visits for one phone's shopper; their ids.
    ///
    /// # Errors
    /// As [`Stage::new_visit`].
    pub async fn new_visits(&self, phone: usize, count: usize) -> anyhow::Result<Vec<String>> {
        let making = (0..count).map(|_| self.new_visit(phone));
        futures::stream::iter(making)
            .buffer_unordered(AT_A_TIME)
            .try_collect()
            .await
    }

    /// Assigns visits to the shopper who has them: they are as before, with a new revision, and the feed tells of them.
    ///
    /// # Errors
    /// What the server says.
    pub async fn touch(&self, phone: usize, visits: &[String]) -> anyhow::Result<()> {
        let shopper = self.people.get(&email(phone));
        let touching = visits.iter().map(|visit| async move {
            let path = format!("/visits/{visit}/assign");
            let body = json!({"shopper": shopper});
            self.admin.post(&path, &body).await.map(drop)
        });
        let mut touched = futures::stream::iter(touching).buffer_unordered(AT_A_TIME);
        while let Some(one) = touched.next().await {
            one?;
        }
        Ok(())
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
