//! Whether a visit can be the second leg of another: the return after the purchase.
//!
//! Not here: how the two are kept together (the `visits` feature), and what the recovery score is made of (`scoring/`).

use super::checklist::Follows;

/// What is known of the visit that came first.
#[derive(Clone, Copy, Debug)]
pub struct First<'a> {
    /// The slug of its checklist.
    pub checklist: &'a str,
    pub at_same_location: bool,
    pub withdrawn: bool,
    /// Days from its opening to the second's, in the time of their location.
    pub days_before: i64,
}

/// Why a visit cannot be the first leg, as the end of a sentence about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("is a visit with {has}; this checklist follows {wants}")]
    OtherChecklist { has: String, wants: String },
    #[error("is a visit to another location")]
    OtherLocation,
    #[error("was withdrawn")]
    Withdrawn,
    #[error("opens only after this one")]
    Later,
    #[error("was {days} days before; at most {days_max} may lie between")]
    TooLongAgo { days: i64, days_max: u32 },
}

/// # Errors
/// The first thing that does not go together.
pub fn fits(follows: &Follows, first: First<'_>) -> Result<(), Misfit> {
    if first.checklist != follows.checklist {
        return Err(Misfit::OtherChecklist {
            has: first.checklist.to_owned(),
            wants: follows.checklist.clone(),
        });
    }
    if !first.at_same_location {
        return Err(Misfit::OtherLocation);
    }
    if first.withdrawn {
        return Err(Misfit::Withdrawn);
    }
    let days = first.days_before;
    if days < 0 {
        return Err(Misfit::Later);
    }
    match follows.days_max {
        Some(days_max) if days > i64::from(days_max) => Err(Misfit::TooLongAgo { days, days_max }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: First<'static> = First {
        checklist: "purchase",
        at_same_location: true,
        withdrawn: false,
        days_before: 14,
    };

    #[test]
    fn each_misfit_is_told_and_the_last_day_still_fits() {
        let follows = Follows {
            checklist: "purchase".to_owned(),
            days_max: Some(14),
        };
        let with = |first| fits(&follows, first);
        assert_eq!(with(GOOD), Ok(()));
        let same_day = First {
            days_before: 0,
            ..GOOD
        };
        assert_eq!(with(same_day), Ok(()));
        let other = First {
            checklist: "sale",
            ..GOOD
        };
        assert!(matches!(with(other), Err(Misfit::OtherChecklist { .. })));
        let elsewhere = First {
            at_same_location: false,
            ..GOOD
        };
        assert_eq!(with(elsewhere), Err(Misfit::OtherLocation));
        let withdrawn = First {
            withdrawn: true,
            ..GOOD
        };
        assert_eq!(with(withdrawn), Err(Misfit::Withdrawn));
        let later = First {
            days_before: -1,
            ..GOOD
        };
        assert_eq!(with(later), Err(Misfit::Later));
        let old = First {
            days_before: 15,
            ..GOOD
        };
        let told = with(old).unwrap_err().to_string();
        assert_eq!(told, "was 15 days before; at most 14 may lie between");
        let ever = Follows {
            days_max: None,
            ..follows
        };
        assert_eq!(fits(&ever, old), Ok(()));
    }
}
