//! Who asks, and how far their roles reach. Every finder takes one of the scopes made here.
//!
//! Not here: how somebody proves who they are (`service.rs`).

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, ExprTrait as _, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::entities::location;
use crate::domain::ids::{AgencyId, ClientId, PersonId, RegionId, SessionId};
use crate::error::{Error, Result};

/// What somebody may do; how far is a matter of the grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Shopper,
    Reviewer,
    Admin,
    Manager,
    Client,
}

impl Role {
    /// All roles, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Shopper,
        Self::Reviewer,
        Self::Admin,
        Self::Manager,
        Self::Client,
    ];

    /// The word in the table and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shopper => "shopper",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Client => "client",
        }
    }

    /// The role of that name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// A role with the part of the agency that it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub client: Option<ClientId>,
    /// The granted region and all below it.
    pub regions: Option<Vec<RegionId>>,
}

/// Somebody who has proved who they are.
#[derive(Clone, Debug)]
pub struct Caller {
    pub person: PersonId,
    pub session: SessionId,
    pub agency: AgencyId,
    pub grants: Vec<Grant>,
}

/// A shopper's own things.
#[derive(Clone, Copy, Debug)]
pub struct ShopperScope {
    pub agency: AgencyId,
    pub person: PersonId,
}

/// The part of an agency that a caller at the desk may see.
#[derive(Clone, Debug)]
pub struct Scope {
    pub agency: AgencyId,
    pub person: PersonId,
    reach: Reach,
    /// Whether they look after what others at the desk have made for themselves.
    is_admins: bool,
}

#[derive(Clone, Debug)]
enum Reach {
    Everything,
    Clients(Vec<ClientReach>),
}

#[derive(Clone, Debug)]
struct ClientReach {
    client: ClientId,
    regions: Option<Vec<RegionId>>,
}

fn has(grants: &[Grant], roles: &[Role]) -> bool {
    grants.iter().any(|grant| roles.contains(&grant.role))
}

impl Caller {
    fn has(&self, roles: &[Role]) -> bool {
        has(&self.grants, roles)
    }

    /// The caller's own things, if they are a shopper.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for everybody else; the same holds below.
    pub fn as_shopper(&self) -> Result<ShopperScope> {
        self.has(&[Role::Shopper])
            .then_some(ShopperScope {
                agency: self.agency,
                person: self.person,
            })
            .ok_or(Error::NotAllowed)
    }

    /// The whole agency, for reviewers and admins.
    pub fn as_reviewer(&self) -> Result<Scope> {
        self.everything(&[Role::Reviewer, Role::Admin])
    }

    /// The whole agency, for admins.
    pub fn as_admin(&self) -> Result<Scope> {
        self.everything(&[Role::Admin])
    }

    /// What has been published, for everybody at a desk: the agency's people see all of it, managers and clients
    /// their part.
    pub fn as_reader(&self) -> Result<Scope> {
        Scope::of_reader(self.agency, self.person, &self.grants)
    }

    fn everything(&self, roles: &[Role]) -> Result<Scope> {
        self.has(roles)
            .then_some(Scope {
                agency: self.agency,
                person: self.person,
                reach: Reach::Everything,
                is_admins: self.has(&[Role::Admin]),
            })
            .ok_or(Error::NotAllowed)
    }
}

impl Scope {
    /// The scope of the program itself (jobs, the command line), acting for `person` in the journal.
    pub fn of_agency(agency: AgencyId, person: PersonId) -> Self {
        Self {
            agency,
            person,
            reach: Reach::Everything,
            is_admins: true,
        }
    }

    /// What somebody with these grants may see of what has been published.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] when that is nothing.
    pub fn of_reader(agency: AgencyId, person: PersonId, grants: &[Grant]) -> Result<Self> {
        let within = |reach| Self {
            agency,
            person,
            reach,
            is_admins: has(grants, &[Role::Admin]),
        };
        if has(grants, &[Role::Reviewer, Role::Admin]) {
            return Ok(within(Reach::Everything));
        }
        let clients: Vec<ClientReach> = grants
            .iter()
            .filter(|grant| matches!(grant.role, Role::Manager | Role::Client))
            .filter_map(|grant| {
                Some(ClientReach {
                    client: grant.client?,
                    regions: grant.regions.clone(),
                })
            })
            .collect();
        if clients.is_empty() {
            return Err(Error::NotAllowed);
        }
        Ok(within(Reach::Clients(clients)))
    }

    /// Keeps what people at the desk have made for themselves: each sees their own, an admin everybody's.
    pub fn own<C: ColumnTrait>(&self, agency: C, person: C) -> Condition {
        let within = Condition::all().add(agency.eq(self.agency));
        match self.is_admins {
            true => within,
            false => within.add(person.eq(self.person)),
        }
    }

    /// Keeps the rows that this scope reaches, in a table with these three columns.
    pub fn rows<C: ColumnTrait>(&self, agency: C, client: C, location: C) -> Condition {
        let within = Condition::all().add(agency.eq(self.agency));
        let Reach::Clients(clients) = &self.reach else {
            return within;
        };
        let mut any = Condition::any();
        for reach in clients {
            let mut one = Condition::all().add(client.eq(reach.client));
            if let Some(regions) = &reach.regions {
                one = one.add(location.into_expr().in_subquery(locations_in(regions)));
            }
            any = any.add(one);
        }
        within.add(any)
    }

    /// Keeps the clients that this scope reaches, wholly or in part.
    pub fn clients<C: ColumnTrait>(&self, agency: C, client: C) -> Condition {
        let within = Condition::all().add(agency.eq(self.agency));
        match &self.reach {
            Reach::Everything => within,
            Reach::Clients(clients) => {
                within.add(client.is_in(clients.iter().map(|reach| reach.client)))
            }
        }
    }

    /// Keeps the regions that this scope reaches.
    pub fn regions<C: ColumnTrait>(&self, agency: C, client: C, region: C) -> Condition {
        let within = Condition::all().add(agency.eq(self.agency));
        let Reach::Clients(clients) = &self.reach else {
            return within;
        };
        let mut any = Condition::any();
        for reach in clients {
            let mut one = Condition::all().add(client.eq(reach.client));
            if let Some(regions) = &reach.regions {
                one = one.add(region.is_in(regions.iter().copied()));
            }
            any = any.add(one);
        }
        within.add(any)
    }
}

/// The locations of some regions, as a subquery.
pub fn locations_in(regions: &[RegionId]) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(location::Column::Id)
        .from(location::Entity)
        .and_where(location::Column::RegionId.is_in(regions.iter().copied()))
        .to_owned()
}
