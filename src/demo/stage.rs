//! Where the demo's past takes place: checklists, clients, regions, locations and campaigns.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Days, Utc};

use super::places::{BRANDS, Brand, Place};
use crate::accounts::Scope;
use crate::app::App;
use crate::campaigns::service::{self as campaigns, NewCampaign};
use crate::checklists::service as checklists;
use crate::clients::service::{self as clients, NewClient, NewLocation, NewRegion};
use crate::domain::checklist::Checklist;
use crate::domain::ids::{CampaignId, ClientId, LocationId, RegionId, Sha256};

const VISITS_MIN: u32 = 3;
/// The campaigns go on for so long.
const DAYS_AHEAD: u64 = 30;

/// As they lie in `checklists/`.
const CHECKLISTS: [&str; 5] = [
    include_str!("../../checklists/restaurant-dine-in/v1.yaml"),
    include_str!("../../checklists/retail-store/v1.yaml"),
    include_str!("../../checklists/helpline/v1.yaml"),
    include_str!("../../checklists/boutique-purchase/v1.yaml"),
    include_str!("../../checklists/boutique-return/v1.yaml"),
];

/// A location with all that a visit to it needs.
#[derive(Clone, Debug)]
pub struct Spot {
    pub brand: &'static Brand,
    pub place: &'static Place,
    pub location: LocationId,
    pub campaign: CampaignId,
    pub checklist: Arc<Published>,
}

/// A checklist version that visits are filled in with.
#[derive(Debug)]
pub struct Published {
    pub checklist: Checklist,
    pub sha256: Sha256,
}

/// Everything that was set up.
#[derive(Debug)]
pub struct Stage {
    /// In the order of `plan::places`.
    pub spots: Vec<Spot>,
    /// The client whose people may sign in, and the region that its manager has.
    pub shown: (ClientId, RegionId),
}

/// The checklists that ship with the program.
///
/// # Errors
/// What is wrong with them.
pub fn templates() -> anyhow::Result<Vec<Checklist>> {
    CHECKLISTS
        .iter()
        .map(|source| {
            Checklist::parse_yaml(source).map_err(|problems| {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                anyhow::anyhow!("a checklist of the demo is not sound: {}", lines.join("; "))
            })
        })
        .collect()
}

/// Sets the stage; the campaigns begin on the day that `app`'s clock shows and end some weeks after `now`.
///
/// # Errors
/// As the services have them.
pub async fn set_up(app: &App, admin: &Scope, now: DateTime<Utc>) -> anyhow::Result<Stage> {
    let mut published = Vec::new();
    for checklist in templates()? {
        let sha256 = checklists::publish(app, admin, &checklist, Vec::new()).await?;
        published.push(Arc::new(Published { checklist, sha256 }));
    }
    let mut spots = Vec::new();
    let mut shown = None;
    for brand in &BRANDS {
        let checklist = published
            .iter()
            .find(|published| published.checklist.checklist == brand.checklist)
            .with_context(|| format!("no checklist {}", brand.checklist))?;
        let client = client(app, admin, brand).await?;
        let campaign = campaign(app, admin, client, brand, checklist.sha256, now).await?;
        for (area, regions) in brand.regions {
            let area = region(app, admin, client, None, area).await?;
            for lower in *regions {
                let id = region(app, admin, client, Some(area), lower.name).await?;
                shown.get_or_insert((client, id));
                for place in lower.places {
                    let location = location(app, admin, id, place).await?;
                    let checklist = Arc::clone(checklist);
                    spots.push(Spot {
                        brand,
                        place,
                        location,
                        campaign,
                        checklist,
                    });
                }
            }
        }
    }
    Ok(Stage {
        spots,
        shown: shown.context("the demo has no region")?,
    })
}

async fn client(app: &App, admin: &Scope, brand: &Brand) -> anyhow::Result<ClientId> {
    let new = NewClient {
        name: brand.name.to_owned(),
        color: brand.color.0.to_owned(),
        locale: brand.locale.to_owned(),
    };
    Ok(clients::create_client(app, admin, new).await?.id)
}

async fn region(
    app: &App,
    admin: &Scope,
    client: ClientId,
    parent: Option<RegionId>,
    name: &str,
) -> anyhow::Result<RegionId> {
    let new = NewRegion {
        client,
        parent,
        name: name.to_owned(),
    };
    Ok(clients::create_region(app, admin, new).await?.id)
}

async fn location(
    app: &App,
    admin: &Scope,
    region: RegionId,
    place: &Place,
) -> anyhow::Result<LocationId> {
    let new = NewLocation {
        region,
        name: place.name.to_owned(),
        code: place.code.to_owned(),
        address: place.address.to_owned(),
        city: place.city.to_owned(),
        time_zone: place.time_zone.name().to_owned(),
        latitude_e7: Some(place.at_e4.0 * 1000),
        longitude_e7: Some(place.at_e4.1 * 1000),
        phone: None,
    };
    Ok(clients::create_location(app, admin, new).await?.id)
}

async fn campaign(
    app: &App,
    admin: &Scope,
    client: ClientId,
    brand: &Brand,
    checklist: Sha256,
    now: DateTime<Utc>,
) -> anyhow::Result<CampaignId> {
    let starts_on = app.clock.now().date_naive();
    let ends_on = now
        .date_naive()
        .checked_add_days(Days::new(DAYS_AHEAD))
        .unwrap_or(starts_on);
    let new = NewCampaign {
        client,
        name: brand.campaign.to_owned(),
        checklist,
        visits_min: VISITS_MIN,
        starts_on,
        ends_on,
        pay_minor: brand.pay_minor,
        currency: "EUR".to_owned(),
        brief: Some(brand.brief.to_owned()),
    };
    Ok(campaigns::create(app, admin, new).await?.id)
}
