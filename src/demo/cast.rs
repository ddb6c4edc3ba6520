//! The people of the demo agency. All of them sign in with the same password.

use futures::future::try_join_all;

use super::plan::Who;
use crate::accounts::service::{NewPerson, create_agency, create_person};
use crate::accounts::{Role, Scope, ShopperScope};
use crate::app::App;
use crate::domain::ids::{AgencyId, ClientId, PersonId, RegionId};

/// Of everybody; easy on purpose, since a demo holds nothing to protect.
pub const PASSWORD: &str = "plainclothes";

/// One sign-in for each role, as it is printed.
pub const SIGN_INS: [(Role, &str); 5] = [
    (Role::Shopper, "shopper@demo.example"),
    (Role::Reviewer, "reviewer@demo.example"),
    (Role::Admin, "admin@demo.example"),
    (Role::Manager, "manager@demo.example"),
    (Role::Client, "client@demo.example"),
];

/// Who acts in the demo's past.
#[derive(Clone, Debug)]
pub struct Cast {
    pub admin: Scope,
    pub reviewer: Scope,
    demo: ShopperScope,
    european: ShopperScope,
    american: ShopperScope,
    pacific: ShopperScope,
}

impl Cast {
    /// The demo's own shopper: whoever signs in on a phone.
    pub fn demo(&self) -> ShopperScope {
        self.demo
    }

    pub fn shopper(&self, who: Who) -> ShopperScope {
        match who {
            Who::Demo => self.demo,
            Who::European => self.european,
            Who::American => self.american,
            Who::Pacific => self.pacific,
        }
    }
}

/// Whether the people of the demo are on this database.
///
/// # Errors
/// As the database has them.
pub async fn is_here(app: &App) -> anyhow::Result<bool> {
    let (_, email) = SIGN_INS[0];
    Ok(crate::accounts::service::is_known(app, email).await?)
}

/// Makes the agency, its admin, its reviewer and its shoppers.
///
/// # Errors
/// As the services have them.
pub async fn hire(app: &App) -> anyhow::Result<Cast> {
    let agency = create_agency(app, "Quiet Corner Research").await?;
    let people = try_join_all([
        person(app, agency, Role::Admin, "admin@demo.example", "Alex Admin"),
        person(
            app,
            agency,
            Role::Reviewer,
            "reviewer@demo.example",
            "Riva Reviewer",
        ),
        person(
            app,
            agency,
            Role::Shopper,
            "shopper@demo.example",
            "Sam Shopper",
        ),
        person(
            app,
            agency,
            Role::Shopper,
            "noor@demo.example",
            "Noor Hartman",
        ),
        person(
            app,
            agency,
            Role::Shopper,
            "casey@demo.example",
            "Casey Lindqvist",
        ),
        person(
            app,
            agency,
            Role::Shopper,
            "haru@demo.example",
            "Haru Minami",
        ),
    ]);
    let people: Vec<PersonId> = people.await?;
    let [admin, reviewer, demo, european, american, pacific] = people[..] else {
        anyhow::bail!("{} of 6 people were made", people.len());
    };
    let shopper = |person| ShopperScope { agency, person };
    Ok(Cast {
        admin: Scope::of_agency(agency, admin),
        reviewer: Scope::of_agency(agency, reviewer),
        demo: shopper(demo),
        european: shopper(european),
        american: shopper(american),
        pacific: shopper(pacific),
    })
}

/// Makes the client's two readers: one of everything, one of a region.
///
/// # Errors
/// As the services have them.
pub async fn invite(
    app: &App,
    agency: AgencyId,
    client: ClientId,
    region: RegionId,
) -> anyhow::Result<()> {
    let of_client = |role, email, name| new_person(agency, role, email, name, Some(client));
    let manager = NewPerson {
        region: Some(region),
        ..of_client(Role::Manager, "manager@demo.example", "Mats Manager")
    };
    let client = of_client(Role::Client, "client@demo.example", "Cleo Client");
    try_join_all([create_person(app, manager), create_person(app, client)]).await?;
    Ok(())
}

async fn person(
    app: &App,
    agency: AgencyId,
    role: Role,
    email: &str,
    name: &str,
) -> anyhow::Result<PersonId> {
    Ok(create_person(app, new_person(agency, role, email, name, None)).await?)
}

fn new_person(
    agency: AgencyId,
    role: Role,
    email: &str,
    name: &str,
    client: Option<ClientId>,
) -> NewPerson {
    NewPerson {
        agency,
        email: email.to_owned(),
        display_name: name.to_owned(),
        password: PASSWORD.to_owned(),
        locale: "en".to_owned(),
        role,
        client,
        region: None,
    }
}
