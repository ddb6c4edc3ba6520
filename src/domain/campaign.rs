//! Which version of its checklist a campaign uses on which day.
//!
//! Days are local days of the locations, written `2026-12-01`, so that their order is that of the text. Not here: how moves are
//! planned and which visits follow them (the `campaigns` feature).

use super::ids::Sha256;

/// From this day on, this version; the first step of a campaign has no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub from_day: Option<String>,
    pub sha256: Sha256,
}

impl Step {
    fn has_begun(&self, day: &str) -> bool {
        self.from_day.as_deref().is_none_or(|from| from <= day)
    }
}

/// The version of a visit whose window opens on `day`: the last step that has begun. None without any step.
pub fn version_on(steps: &[Step], day: &str) -> Option<Sha256> {
    let begun = steps.iter().rev().find(|step| step.has_begun(day));
    begun.map(|step| step.sha256)
}

/// Whether some visit of `day` or later would get this version.
pub fn is_used_from(steps: &[Step], day: &str, sha256: Sha256) -> bool {
    let later = steps.iter().filter(|step| !step.has_begun(day));
    version_on(steps, day) == Some(sha256) || later.into_iter().any(|step| step.sha256 == sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(n: u8) -> Sha256 {
        Sha256([n; 32])
    }

    fn steps() -> Vec<Step> {
        [(None, 1), (Some("2026-10-01"), 2), (Some("2026-11-01"), 3)]
            .map(|(day, n)| Step {
                from_day: day.map(str::to_owned),
                sha256: version(n),
            })
            .to_vec()
    }

    #[test]
    fn the_last_step_that_has_begun_counts() {
        for (day, n) in [
            ("2026-09-30", 1),
            ("2026-10-01", 2),
            ("2026-10-31", 2),
            ("2026-11-01", 3),
            ("2027-01-01", 3),
        ] {
            assert_eq!(version_on(&steps(), day), Some(version(n)), "{day}");
        }
    }

    #[test]
    fn a_version_is_used_until_another_has_taken_its_place() {
        let used = |day, n| is_used_from(&steps(), day, version(n));
        assert!(used("2026-09-30", 1) && used("2026-09-30", 2) && used("2026-09-30", 3));
        assert!(!used("2026-10-01", 1) && used("2026-10-01", 2) && used("2026-10-01", 3));
        assert!(!used("2026-11-01", 2) && used("2026-11-01", 3));
    }
}
