//! A server with its database, running, and the demo's restaurant with shoppers of our own.
//!
//! Scenarios on one database share one of these and come after one another. Not here: what they do in it.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::Context as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::Api;
use crate::dice::Dice;
use crate::document::Occasion;
use crate::judge::{self, Verdict};
use crate::ledger::Ledger;
use crate::process::Server;
use crate::sql::{Session, Sql};
use crate::tools::Postgres;

const ADMIN: &str = "admin@demo.example";
const ADMIN_PASSWORD: &str = "plainclothes";
const CHECKLIST: &str = "restaurant-dine-in";
pub const PASSWORD: &str = "plainclothes-faults";
pub const SHOPPERS: usize = 8;

/// What a run is given.
#[derive(Clone, Debug)]
pub struct Given {
    pub program: PathBuf,
    /// The project's tools.
    pub tools: PathBuf,
    /// Empty, ours, and on a disk.
    pub folder: PathBuf,
    pub seed: u64,
}

/// A running server and what is in it.
#[derive(Debug)]
pub struct World {
    pub given: Given,
    pub folder: PathBuf,
    pub server: Server,
    pub sql: Sql,
    pub admin: Api,
    /// Ids of our own shoppers.
    pub shoppers: Vec<String>,
    campaign: Value,
    location: String,
    checklist: String,
    /// The server's time when it was asked first.
    at: String,
    // Last: they end after the server.
    pub postgres: Option<Postgres>,
    pub standby: Option<Postgres>,
}

/// What a server keeps its rows in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    Sqlite,
    Postgres,
    /// PostgreSQL with a replica that each commit waits for.
    Replicated,
}

/// What a scenario takes with it: its phones' devices, its ledger, and where it began.
#[derive(Debug)]
pub struct Scene {
    /// Of no other scene on the same database: ids are drawn from it.
    pub name: String,
    pub ledger: Ledger,
    /// By phone, straight at the server.
    pub devices: Vec<Api>,
    /// By phone, a visit for each.
    pub occasions: Vec<Occasion>,
    pub dice: Dice,
    after: i64,
    /// The newest photo when it began, in milliseconds.
    photos_after_ms: i64,
}

/// The account of a shopper, numbered from 0.
pub fn email(shopper: usize) -> String {
    format!("faults-{shopper}@example.org")
}

impl World {
    /// Starts a server on a database of its own.
    ///
    /// # Errors
    /// Whatever keeps it from running.
    pub async fn start(
        given: &Given,
        base: Base,
        settings: Vec<(&'static str, String)>,
    ) -> anyhow::Result<Self> {
        let folder = given.folder.join(match base {
            Base::Sqlite => "on-sqlite",
            Base::Postgres => "on-postgres",
            Base::Replicated => "on-several-nodes",
        });
        std::fs::create_dir_all(&folder)?;
        let postgres = match base {
            Base::Sqlite => None,
            _ => Some(Postgres::start(&given.tools, folder.join("postgres")).await?),
        };
        let standby = match (&postgres, base) {
            (Some(primary), Base::Replicated) => {
                Some(primary.standby(folder.join("standby")).await?)
            }
            _ => None,
        };
        let addresses = postgres
            .as_ref()
            .map(|primary| primary.addresses(standby.as_ref()));
        let (url, owner_url) = addresses.unzip();
        let mut server = Server::new(&given.program, &folder, url)?;
        server.settings = settings;
        if let Some(owner_url) = owner_url {
            server
                .settings
                .push(("PLAINCLOTHES_DATABASE_OWNER_URL", owner_url));
        }
        server.start().await?;
        let sql = match &postgres {
            Some(postgres) => Sql::Postgres(postgres.url.clone()),
            None => Sql::Sqlite(server.data_dir().join("plainclothes.db")),
        };
        // The demo's own photos are nobody's concern here, and there are many: ours would wait behind them.
        let never = "UPDATE job SET run_at_ms = 9007199254740991 WHERE state = 'ready';";
        Session::open(&sql)?.run(never).await?;
        for shopper in 0..SHOPPERS {
            server.add_shopper(&email(shopper), PASSWORD).await?;
        }
        let admin = Api::sign_in(&server.url(), ADMIN, ADMIN_PASSWORD).await?;
        let at = server_time(&admin).await?;
        let campaign = campaign(&admin).await?;
        let client = text(&campaign, "/client")?;
        let locations = admin.get(&format!("/locations?client={client}")).await?;
        Ok(Self {
            folder,
            location: text(&locations.accepted()?.json(), "/items/0/id")?,
            checklist: text(&campaign, "/checklist_sha256")?,
            shoppers: shoppers(&admin).await?,
            given: given.clone(),
            server,
            sql,
            admin,
            campaign,
            at,
            postgres,
            standby,
        })
    }

    pub fn database(&self) -> &'static str {
        self.sql.name()
    }

    /// The body of a request for a visit that may be made as long as the campaign lasts.
    ///
    /// # Errors
    /// That the campaign has no days.
    pub fn new_visit(&self, shopper: &str) -> anyhow::Result<Value> {
        Ok(json!({
            "campaign": self.campaign["id"],
            "location": self.location,
            "shopper": shopper,
            "local_opens": format!("{}T00:00", text(&self.campaign, "/starts_on")?),
            "local_closes": format!("{}T23:59", text(&self.campaign, "/ends_on")?),
        }))
    }

    /// Signs `phones` in, each of another shopper, gives each a visit and begins a ledger.
    ///
    /// # Errors
    /// What the server says.
    pub async fn scene(&self, name: &str, phones: usize) -> anyhow::Result<Scene> {
        let ledger = self.folder.join(format!("{name}.ledger"));
        self.scene_with_ledger(name, phones, &ledger).await
    }

    /// The same with the ledger in another place.
    ///
    /// # Errors
    /// What the server says.
    pub async fn scene_with_ledger(
        &self,
        name: &str,
        phones: usize,
        ledger: &std::path::Path,
    ) -> anyhow::Result<Scene> {
        let mut scene = Scene {
            name: name.to_owned(),
            ledger: Ledger::open(ledger)?,
            devices: Vec::new(),
            occasions: Vec::new(),
            dice: Dice::new(self.given.seed, &format!("{name} {}", self.database())),
            after: self.newest("number", "submission").await?,
            photos_after_ms: self.newest("received_at_ms", "photo").await?,
        };
        for phone in 0..phones {
            scene.devices.push(self.device(phone).await?);
            scene.occasions.push(self.occasion(phone).await?);
        }
        Ok(scene)
    }

    /// One more device of a shopper's.
    ///
    /// # Errors
    /// What the server says.
    pub async fn device(&self, shopper: usize) -> anyhow::Result<Api> {
        Api::sign_in(&self.server.url(), &email(shopper), PASSWORD).await
    }

    /// A new visit of a shopper's.
    ///
    /// # Errors
    /// What the server says.
    pub async fn occasion(&self, shopper: usize) -> anyhow::Result<Occasion> {
        let visit = self.new_visit(&self.shoppers[shopper])?;
        let visit = self.admin.post("/visits", &visit).await?.accepted()?;
        Ok(Occasion {
            visit: text(&visit.json(), "/id")?,
            checklist: self.checklist.clone(),
            at: self.at.clone(),
        })
    }

    /// Compares the scene's ledger with what is there.
    ///
    /// # Errors
    /// When there can be no verdict.
    pub async fn judge(&self, scene: &Scene) -> anyhow::Result<Verdict> {
        let notes = scene.ledger.read()?;
        judge::judge(&notes, &scene.devices, &self.admin, &self.sql, scene.after).await
    }

    async fn newest(&self, column: &str, table: &str) -> anyhow::Result<i64> {
        let query = format!("SELECT coalesce(max({column}), 0) FROM {table}");
        self.sql.number(&query).await
    }
}

impl Scene {
    /// Audits of this scene that stand in the database with this in their row.
    ///
    /// # Errors
    /// What the database says.
    pub async fn audits_where(&self, sql: &Sql, condition: &str) -> anyhow::Result<i64> {
        let after = self.after;
        let query = format!(
            "SELECT count(*) FROM audit WHERE submission_number > {after} AND ({condition})"
        );
        sql.number(&query).await
    }

    /// The same for photos.
    ///
    /// # Errors
    /// What the database says.
    pub async fn photos_where(&self, sql: &Sql, condition: &str) -> anyhow::Result<i64> {
        let after_ms = self.photos_after_ms;
        let query = format!(
            "SELECT count(*) FROM photo WHERE received_at_ms > {after_ms} AND ({condition})"
        );
        sql.number(&query).await
    }
}

async fn server_time(admin: &Api) -> anyhow::Result<String> {
    let answer = admin.request(Method::GET, "/campaigns").send().await?;
    let time = answer.headers().get("server-time");
    let time = time.context("the server does not say what time it is")?;
    Ok(time.to_str()?.to_owned())
}

async fn campaign(admin: &Api) -> anyhow::Result<Value> {
    let campaigns = admin.get("/campaigns").await?.accepted()?.json();
    let found = campaigns["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|campaign| campaign["checklist_slug"] == CHECKLIST);
    Ok(found
        .context("the demo agency has no campaign in restaurants")?
        .clone())
}

async fn shoppers(admin: &Api) -> anyhow::Result<Vec<String>> {
    let people = admin.get("/people").await?.accepted()?.json();
    let mut by_email: HashMap<String, String> = HashMap::new();
    for person in people["items"].as_array().into_iter().flatten() {
        by_email.insert(text(person, "/email")?, text(person, "/id")?);
    }
    (0..SHOPPERS)
        .map(|shopper| {
            by_email
                .remove(&email(shopper))
                .context("a shopper is missing")
        })
        .collect()
}

/// The text at a JSON pointer.
///
/// # Errors
/// That there is none.
pub fn text(value: &Value, pointer: &str) -> anyhow::Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("the server's answer has no {pointer}"))?
        .to_owned())
}
