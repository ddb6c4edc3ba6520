//! Whose rows a task may see, as the database is told it: the second wall behind the scopes of the finders.
//!
//! A request begins as nobody and becomes its caller's agency once the session is found; what runs outside of requests
//! (jobs, housekeeping, the command line) sees everything. Not here: how PostgreSQL holds to it (`row_security.rs`), and
//! who may see what within an agency (`accounts/caller.rs`).

use std::cell::Cell;
use std::future::Future;

use crate::domain::ids::AgencyId;

tokio::task_local! {
    static CURRENT: Cell<Tenancy>;
}

/// Whose rows are visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenancy {
    /// For work that is not done in anybody's name.
    Everything,
    /// A request of which it is not known yet whose it is.
    Nobody,
    Agency(AgencyId),
}

impl Tenancy {
    /// What the setting `plainclothes.agency` says: an id, the nil id, or `all`.
    pub(super) fn setting(self) -> String {
        match self {
            Self::Everything => "all".to_owned(),
            Self::Nobody => uuid::Uuid::nil().to_string(),
            Self::Agency(agency) => agency.to_string(),
        }
    }
}

/// Whose rows this task may see; a task that answers no request may see all.
pub fn current() -> Tenancy {
    CURRENT.try_with(Cell::get).unwrap_or(Tenancy::Everything)
}

/// Runs `work` with what `tenancy` may see.
pub fn scope<F: Future>(tenancy: Tenancy, work: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(Cell::new(tenancy), work)
}

/// From here on, this request is known to be of `agency`. Outside of a request nothing changes.
pub fn is_of(agency: AgencyId) {
    let _ = CURRENT.try_with(|current| current.set(Tenancy::Agency(agency)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_begins_as_nobody_and_becomes_its_callers_agency() {
        let agency = AgencyId(uuid::Uuid::from_u128(7));
        assert_eq!(current(), Tenancy::Everything);
        scope(Tenancy::Nobody, async {
            assert_eq!(current(), Tenancy::Nobody);
            scope(Tenancy::Everything, async {
                assert_eq!(current(), Tenancy::Everything);
            })
            .await;
            is_of(agency);
            assert_eq!(current(), Tenancy::Agency(agency));
            let elsewhere = tokio::spawn(scope(current(), async { current() }));
            assert_eq!(elsewhere.await.unwrap(), Tenancy::Agency(agency));
        })
        .await;
        is_of(agency);
        assert_eq!(current(), Tenancy::Everything);
    }
}
