//! The agency of the stories: one client with two regions and three locations, one campaign, and somebody in each role.

use std::sync::Arc;

use axum::Router;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDateTime, Utc};
use plainclothes::accounts::service::{NewPerson, create_agency, create_person};
use plainclothes::accounts::{Role, Scope};
use plainclothes::app::App;
use plainclothes::campaigns::service as campaigns;
use plainclothes::clients::service as clients;
use plainclothes::clock::ManualClock;
use plainclothes::config::Config;
use plainclothes::domain::checklist::Checklist;
use plainclothes::domain::ids::{
    AgencyId, CampaignId, ClientId, LocationId, PersonId, RegionId, Sha256,
};
use plainclothes::handlers::Handlers;
use serde_json::{Value, json};

use super::{Actor, Answer, AuditOnPhone, Call, database, objects};

pub const PASSWORD: &str = "correct horse battery";
const FIXTURE: &str = include_str!("fixture.yaml");

/// Everything that a story needs.
pub struct World {
    pub app: App,
    pub router: Router,
    pub clock: Arc<ManualClock>,
    pub agency: AgencyId,
    pub client: ClientId,
    pub north: RegionId,
    pub south: RegionId,
    /// Two in the north, one in the south.
    pub locations: [LocationId; 3],
    pub campaign: CampaignId,
    pub checklist: Sha256,
    pub shopper_id: PersonId,
    _folder: tempfile::TempDir,
}

impl World {
    pub async fn new() -> Self {
        Self::with_config(|_| {}).await
    }

    /// A world whose configuration was changed first, to make limits small.
    pub async fn with_config(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start: DateTime<Utc> = "2026-09-14T10:00:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::new(start));
        let mut config = Config {
            data_dir: folder.path().to_owned(),
            database_connections_max: 8,
            s3: objects::fresh().await,
            ..Config::default()
        };
        database::fresh(folder.path(), &mut config).await;
        change(&mut config);
        let app = App::start(config, clock.clone()).await.unwrap();
        let agency = create_agency(&app, "Quiet Eyes").await.unwrap();
        let scope = Scope::of_agency(agency, PersonId(uuid::Uuid::nil()));
        let checklist = Checklist::parse_yaml(FIXTURE).unwrap();
        let sha256 =
            plainclothes::checklists::service::publish(&app, &scope, &checklist, Vec::new())
                .await
                .unwrap();
        let client = clients::create_client(&app, &scope, new_client("Café Noord"))
            .await
            .unwrap()
            .id;
        let mut regions = Vec::new();
        for name in ["North", "South"] {
            let new = clients::NewRegion {
                client,
                parent: None,
                name: name.to_owned(),
            };
            regions.push(clients::create_region(&app, &scope, new).await.unwrap().id);
        }
        let mut locations = Vec::new();
        for (name, region) in [("Dam", 0), ("Pier", 0), ("Harbour", 1)] {
            let new = new_location(regions[region], name);
            locations.push(
                clients::create_location(&app, &scope, new)
                    .await
                    .unwrap()
                    .id,
            );
        }
        let campaign = campaigns::NewCampaign {
            client,
            name: "Autumn".to_owned(),
            checklist: sha256,
            visits_min: 1,
            starts_on: "2026-07-01".parse().unwrap(),
            ends_on: "2026-12-31".parse().unwrap(),
            pay_minor: 1500,
            currency: "EUR".to_owned(),
            brief: Some("Order a coffee.".to_owned()),
        };
        let campaign = campaigns::create(&app, &scope, campaign).await.unwrap().id;
        let router = plainclothes::http::router::router(app.clone());
        let mut world = Self {
            router,
            clock,
            agency,
            client,
            north: regions[0],
            south: regions[1],
            locations: [locations[0], locations[1], locations[2]],
            campaign,
            checklist: sha256,
            shopper_id: PersonId(uuid::Uuid::nil()),
            app,
            _folder: folder,
        };
        world.shopper_id = world
            .person("shopper@example.org", Role::Shopper, None, None)
            .await;
        world
    }

    /// Adds somebody and returns their id.
    pub async fn person(
        &self,
        email: &str,
        role: Role,
        client: Option<ClientId>,
        region: Option<RegionId>,
    ) -> PersonId {
        let new = NewPerson {
            agency: self.agency,
            email: email.to_owned(),
            display_name: format!("{email} (CANARY)"),
            password: PASSWORD.to_owned(),
            locale: "en".to_owned(),
            role,
            client,
            region,
        };
        create_person(&self.app, new).await.unwrap()
    }

    pub fn nobody(&self) -> Actor {
        Actor::nobody(self.router.clone())
    }

    /// Signs in somebody who was added before.
    pub async fn sign_in(&self, email: &str) -> Actor {
        Actor::signed_in(self.router.clone(), email, PASSWORD).await
    }

    pub async fn shopper(&self) -> Actor {
        self.sign_in("shopper@example.org").await
    }

    pub async fn reviewer(&self) -> Actor {
        self.person("reviewer@example.org", Role::Reviewer, None, None)
            .await;
        self.sign_in("reviewer@example.org").await
    }

    pub async fn admin(&self) -> Actor {
        self.person("admin@example.org", Role::Admin, None, None)
            .await;
        self.sign_in("admin@example.org").await
    }

    /// The head office of the client.
    pub async fn client(&self) -> Actor {
        self.person("client@example.org", Role::Client, Some(self.client), None)
            .await;
        self.sign_in("client@example.org").await
    }

    /// The manager of one region of the client.
    pub async fn manager(&self, region: RegionId) -> Actor {
        let email = format!("manager-{region}@example.org");
        self.person(&email, Role::Manager, Some(self.client), Some(region))
            .await;
        self.sign_in(&email).await
    }

    /// A visit to a location that is due today, assigned to the shopper; its id.
    pub async fn visit(&self, location: LocationId) -> Value {
        let scope = Scope::of_agency(self.agency, PersonId(uuid::Uuid::nil()));
        let day: NaiveDateTime = "2026-09-14T00:00:00".parse().unwrap();
        let new = plainclothes::visits::service::NewVisit {
            campaign: self.campaign,
            location,
            shopper: Some(self.shopper_id),
            local_opens: day + chrono::Duration::hours(8),
            local_closes: day + chrono::Duration::hours(22),
            follows: None,
        };
        let listed = plainclothes::visits::service::create(&self.app, &scope, new)
            .await
            .unwrap();
        json!(listed.visit.id)
    }

    /// A good audit of a new visit to a location.
    pub async fn good_audit(&self, location: LocationId) -> AuditOnPhone {
        let visit = self.visit(location).await;
        AuditOnPhone::good(&visit, &json!(self.checklist), "2026-09-14T12:30:00+02:00")
    }

    /// Does everything that waits in the job table.
    pub async fn run_jobs(&self) -> usize {
        let handlers: Arc<dyn plainclothes::jobs::Handler> = Arc::new(Handlers);
        plainclothes::jobs::run_due(&self.app, &handlers)
            .await
            .unwrap()
    }
}

fn new_client(name: &str) -> clients::NewClient {
    clients::NewClient {
        name: name.to_owned(),
        color: "#7a1f3d".to_owned(),
        locale: "en".to_owned(),
    }
}

fn new_location(region: RegionId, name: &str) -> clients::NewLocation {
    clients::NewLocation {
        region,
        name: name.to_owned(),
        code: name.to_lowercase(),
        address: "1 Example Street".to_owned(),
        city: "Amsterdam".to_owned(),
        time_zone: "Europe/Amsterdam".to_owned(),
        latitude_e7: Some(523_702_160),
        longitude_e7: Some(48_951_680),
        phone: None,
    }
}

impl Actor {
    /// What a phone sends to hand in an audit.
    pub fn handing_in(audit: &AuditOnPhone) -> Call {
        Call::new(Method::PUT, audit.path())
            .header("content-type", "application/json")
            .header("content-digest", audit.digest())
            .body(audit.bytes())
    }

    /// What a phone sends to begin a photo's upload.
    pub fn beginning(photo: &[u8]) -> Call {
        Self::beginning_of(&Sha256::of(photo).to_string(), photo.len())
    }

    fn beginning_of(sha256: &str, length_bytes: usize) -> Call {
        let metadata = format!(
            "sha256 {},filetype {}",
            STANDARD.encode(sha256),
            "aW1hZ2UvanBlZw=="
        );
        Call::new(Method::POST, "/photos")
            .header("tus-resumable", "1.0.0")
            .header("upload-length", length_bytes)
            .header("upload-metadata", metadata)
    }

    /// Hands in an audit as a phone does.
    pub async fn hand_in(&self, audit: &AuditOnPhone) -> Answer {
        self.call(&Self::handing_in(audit)).await
    }

    /// Begins a photo's upload.
    pub async fn begin_photo(&self, sha256: &str, length_bytes: usize) -> Answer {
        self.call(&Self::beginning_of(sha256, length_bytes)).await
    }

    /// Sends a chunk of a photo.
    pub async fn send_chunk(&self, sha256: &str, offset: usize, chunk: &[u8]) -> Answer {
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", &offset.to_string()),
        ];
        self.send(
            Method::PATCH,
            &format!("/photos/{sha256}"),
            &headers,
            chunk.to_vec(),
        )
        .await
    }

    /// Sends a whole photo.
    pub async fn send_photo(&self, bytes: &[u8]) {
        let sha256 = Sha256::of(bytes).to_string();
        self.begin_photo(&sha256, bytes.len()).await.status_is(201);
        self.send_chunk(&sha256, 0, bytes).await.status_is(204);
    }
}
