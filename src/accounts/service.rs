//! Signing in and out, and who somebody is.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction, Set};

use super::caller::{Caller, Role, Scope, ShopperScope};
use super::{repo, secrets};
use crate::app::App;
use crate::db::DbError;
use crate::db::entities::{agency, client, outbox_report, person, region, role_grant, session};
use crate::db::tenancy::{self, Tenancy};
use crate::domain::ids::{AgencyId, ClientId, PersonId, RegionId, SessionId, Sha256};
use crate::error::{Error, Result};

const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;
/// A session's `last_seen_at_ms` is only as exact as this: a write for every pull would be wasted.
const TOUCH_EVERY_MS: i64 = 60 * 60 * 1000;
const SIGN_IN_WAIT_MAX_S: i64 = 300;

/// A session that has just begun; the only time that its token is known.
#[derive(Debug)]
pub struct Begun {
    pub token: String,
    pub person: PersonId,
}

/// Begins a session for email and password on a named device.
///
/// # Errors
/// [`Error::WrongCredentials`], whatever of the two was wrong; [`Error::RateLimited`] after several failures.
pub async fn sign_in(app: &App, email: &str, password: &str, device: &str) -> Result<Begun> {
    let email = email.trim().to_lowercase();
    // An email address is nobody's before it is found.
    let found = repo::person_signing_in(app.db.reader(), &email);
    let found = tenancy::scope(Tenancy::Everything, found).await?;
    if let Some(person) = &found {
        tenancy::is_of(person.agency_id);
        check_pace(app, person)?;
    }
    let hash = found
        .as_ref()
        .and_then(|person| person.password_hash.clone());
    let right = secrets::verify(app, password.to_owned(), hash).await?;
    let Some(person) = found else {
        return Err(Error::WrongCredentials);
    };
    let now_ms = app.clock.now_ms();
    if !right || person.disabled_at_ms.is_some() {
        let failures = person.failed_sign_ins.saturating_add(1);
        let id = person.id;
        app.db
            .write(move |txn| {
                Box::pin(async move {
                    repo::set_sign_in_failures(txn, id, failures, now_ms).await?;
                    Ok::<_, Error>(())
                })
            })
            .await?;
        return Err(Error::WrongCredentials);
    }
    begin_session(app, person, device).await
}

/// Each failure beyond the free ones doubles the wait; nobody is locked out for good.
fn check_pace(app: &App, person: &person::Model) -> Result<()> {
    let beyond = i64::from(person.failed_sign_ins) - app.config.limits.sign_in_failures_free as i64;
    let (Some(last_ms), 0..) = (person.last_failure_at_ms, beyond) else {
        return Ok(());
    };
    let wait_s = (1_i64 << beyond.min(10)).min(SIGN_IN_WAIT_MAX_S);
    let left_ms = last_ms + wait_s * 1000 - app.clock.now_ms();
    if left_ms > 0 {
        let retry_after_s = u32::try_from(left_ms / 1000 + 1).unwrap_or(u32::MAX);
        return Err(Error::RateLimited { retry_after_s });
    }
    Ok(())
}

async fn begin_session(app: &App, person: person::Model, device: &str) -> Result<Begun> {
    let now_ms = app.clock.now_ms();
    let (token, token_sha256) = secrets::new_token();
    let row = session::ActiveModel {
        id: Set(SessionId(app.clock.new_uuid())),
        agency_id: Set(person.agency_id),
        person_id: Set(person.id),
        token_sha256: Set(token_sha256),
        device_name: Set(device.chars().take(100).collect()),
        created_at_ms: Set(now_ms),
        last_seen_at_ms: Set(now_ms),
        ended_at_ms: Set(None),
    };
    let id = person.id;
    app.db
        .write(move |txn| {
            Box::pin(async move {
                repo::insert_session(txn, row).await?;
                if person.failed_sign_ins > 0 {
                    repo::set_sign_in_failures(txn, id, 0, now_ms).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(Begun { token, person: id })
}

/// Who bears this token.
///
/// # Errors
/// [`Error::SessionEnded`] when nobody does any more.
pub async fn authenticate(app: &App, token: &str) -> Result<Caller> {
    let digest = Sha256::of(token.as_bytes());
    // Only the session says whose agency the rest of the request is in.
    let found = repo::session_by_token(app.db.reader(), digest);
    let Some(held) = tenancy::scope(Tenancy::Everything, found).await? else {
        return Err(Error::SessionEnded);
    };
    tenancy::is_of(held.agency);
    let now_ms = app.clock.now_ms();
    let idle_ms = i64::from(app.config.session_idle_days) * MS_PER_DAY;
    let absolute_ms = i64::from(app.config.session_absolute_days) * MS_PER_DAY;
    let over = now_ms - held.last_seen_at_ms > idle_ms + TOUCH_EVERY_MS
        || now_ms - held.created_at_ms > absolute_ms;
    if over || held.person_disabled {
        return Err(Error::SessionEnded);
    }
    if now_ms - held.last_seen_at_ms > TOUCH_EVERY_MS {
        let id = held.session;
        app.db
            .write(move |txn| {
                Box::pin(async move {
                    repo::touch_session(txn, id, now_ms).await?;
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
    Ok(Caller {
        person: held.person,
        session: held.session,
        agency: held.agency,
        grants: held.grants,
    })
}

/// Ends the caller's session at once.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<()> {
    let (session, now_ms) = (caller.session, app.clock.now_ms());
    app.db
        .write(move |txn| {
            Box::pin(async move {
                repo::end_session(txn, session, now_ms).await?;
                Ok(())
            })
        })
        .await
}

/// A person as they are shown to themselves and to admins.
#[derive(Debug)]
pub struct Profile {
    pub person: person::Model,
    pub agency_name: String,
    pub grants: Vec<(
        role_grant::Model,
        Option<client::Model>,
        Option<region::Model>,
    )>,
}

/// Who `person` is.
///
/// # Errors
/// [`Error::NotFound`] when there is nobody by that id.
pub async fn profile(app: &App, person: PersonId) -> Result<Profile> {
    use sea_orm::EntityTrait as _;
    let reader = app.db.reader();
    let person = person::Entity::find_by_id(person)
        .one(reader)
        .await?
        .ok_or(Error::NotFound)?;
    let agency = agency::Entity::find_by_id(person.agency_id)
        .one(reader)
        .await?;
    let grants = repo::named_grants_of(reader, person.id).await?;
    Ok(Profile {
        person,
        agency_name: agency.map(|a| a.name).unwrap_or_default(),
        grants,
    })
}

/// The agency's people with what their phones last said they still hold.
pub async fn people(
    app: &App,
    scope: &Scope,
) -> Result<Vec<(Profile, Option<outbox_report::Model>)>> {
    let reader = app.db.reader();
    let mut reports = repo::outbox_reports(reader, scope).await?;
    let mut all = Vec::new();
    for person in repo::people(reader, scope).await? {
        let at = reports
            .iter()
            .position(|report| report.person_id == person.id);
        let report = at.map(|at| reports.swap_remove(at));
        let grants = repo::named_grants_of(reader, person.id).await?;
        all.push((
            Profile {
                person,
                agency_name: String::new(),
                grants,
            },
            report,
        ));
    }
    Ok(all)
}

/// Somebody to be added, with one role.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub agency: AgencyId,
    pub email: String,
    pub display_name: String,
    pub password: String,
    pub locale: String,
    pub role: Role,
    pub client: Option<ClientId>,
    pub region: Option<RegionId>,
}

/// Adds somebody.
///
/// # Errors
/// [`Error::Malformed`] when the password is too short or the email is taken.
pub async fn create_person(app: &App, new: NewPerson) -> Result<PersonId> {
    if new.password.chars().count() < secrets::PASSWORD_CHARACTERS_MIN {
        let least = secrets::PASSWORD_CHARACTERS_MIN;
        return Err(Error::refused(
            "/password",
            format!("at least {least} characters"),
        ));
    }
    let hash = secrets::hash(app, new.password).await?;
    let id = PersonId(app.clock.new_uuid());
    let row = person::ActiveModel {
        id: Set(id),
        agency_id: Set(new.agency),
        email: Set(new.email.trim().to_lowercase()),
        display_name: Set(new.display_name),
        password_hash: Set(Some(hash)),
        locale: Set(new.locale),
        created_at_ms: Set(app.clock.now_ms()),
        disabled_at_ms: Set(None),
        failed_sign_ins: Set(0),
        last_failure_at_ms: Set(None),
    };
    let grant = role_grant::ActiveModel {
        id: Set(app.clock.new_uuid()),
        agency_id: Set(new.agency),
        person_id: Set(id),
        role: Set(new.role.as_str().to_owned()),
        client_id: Set(new.client),
        region_id: Set(new.region),
    };
    app.db
        .write(move |txn| {
            Box::pin(async move {
                repo::insert_person(txn, row)
                    .await
                    .map_err(|error| match error {
                        DbError::Conflict(_) => Error::refused("/email", "somebody has it already"),
                        other => other.into(),
                    })?;
                repo::insert_grant(txn, grant).await?;
                Ok(id)
            })
        })
        .await
}

/// Makes sure that `person` is a shopper of this agency.
///
/// # Errors
/// [`Error::NotFound`] otherwise.
pub async fn require_shopper(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: PersonId,
) -> Result<()> {
    let found = repo::person(db, scope, person)
        .await?
        .ok_or(Error::NotFound)?;
    if found.disabled_at_ms.is_some() || !repo::has_role(db, found.id, Role::Shopper).await? {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// A shopper of this agency, also one whose account is closed: work that they did before is taken all the same.
///
/// # Errors
/// [`Error::NotFound`] for anybody else.
pub async fn shopper(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: PersonId,
) -> Result<ShopperScope> {
    let found = repo::person(db, scope, person)
        .await?
        .ok_or(Error::NotFound)?;
    if !repo::has_role(db, found.id, Role::Shopper).await? {
        return Err(Error::NotFound);
    }
    Ok(ShopperScope {
        agency: found.agency_id,
        person: found.id,
    })
}

/// Lets no other transaction that calls this for the same person go on until this one has ended. On SQLite there is
/// only ever one writer.
///
/// # Errors
/// As the database has them.
pub async fn lock_person(txn: &DatabaseTransaction, person: PersonId) -> Result<()> {
    Ok(repo::lock_person(txn, person).await?)
}

/// What somebody may see of what is published as things stand now; nothing when their account is closed or their roles are
/// gone. For work in the background that they asked for.
///
/// # Errors
/// As the database has them.
pub async fn reader(app: &App, agency: AgencyId, person: PersonId) -> Result<Option<Scope>> {
    let grants = repo::grants_of(app.db.reader(), agency, person).await?;
    Ok(Scope::of_reader(agency, person, &grants).ok())
}

/// What some of the agency's people are called, at its own desk.
///
/// # Errors
/// As the database has them.
pub async fn display_names(
    app: &App,
    scope: &Scope,
    people: Vec<PersonId>,
) -> Result<BTreeMap<PersonId, String>> {
    Ok(repo::display_names(app.db.reader(), scope, people).await?)
}

/// Whether somebody signs in with this address; for the command line, never for callers from outside.
///
/// # Errors
/// As the database has them.
pub async fn is_known(app: &App, email: &str) -> Result<bool> {
    Ok(repo::person_signing_in(app.db.reader(), email)
        .await?
        .is_some())
}

/// Adds an agency.
///
/// # Errors
/// As the database has them.
pub async fn create_agency(app: &App, name: &str) -> Result<AgencyId> {
    let id = AgencyId(app.clock.new_uuid());
    let row = agency::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        created_at_ms: Set(app.clock.now_ms()),
    };
    app.db
        .write(move |txn| {
            Box::pin(async move {
                use sea_orm::EntityTrait as _;
                agency::Entity::insert(row)
                    .exec_without_returning(txn)
                    .await?;
                Ok(id)
            })
        })
        .await
}

/// All agencies on this database, for the command line.
///
/// # Errors
/// As the database has them.
pub async fn agencies(app: &App) -> Result<Vec<AgencyId>> {
    use sea_orm::EntityTrait as _;
    let rows = agency::Entity::find().all(app.db.reader()).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
