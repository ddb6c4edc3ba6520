//! What a run has to say: a line for each scenario and control, and how many of them are as they should be.
//!
//! Not here: what is judged (`judge.rs`).

use std::fmt::Write as _;

use crate::judge::Verdict;

/// What became of one scenario on one database.
#[derive(Clone, Debug)]
pub struct Row {
    /// `R1`
    pub promise: &'static str,
    pub database: &'static str,
    pub scenario: String,
    /// In the scenario's own unit: `8 kills`.
    pub size: String,
    /// Of the line, killed processes, abandoned requests.
    pub faults: u64,
    pub verdict: Verdict,
    /// `bytes 1.03 ×`, `ready again 41 ms`.
    pub extra: Vec<String>,
    pub end: End,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Kept,
    Broken(String),
    /// A control, deliberately unsafe, and it was noticed.
    Caught,
    /// A control that was not noticed: what it stands for cannot be believed.
    NotCaught,
    /// Not run, and why.
    Left(String),
}

impl End {
    /// A promise that is kept when the verdict is clean and nothing else is wrong.
    pub fn of(verdict: &Verdict, wrong: &[String]) -> Self {
        let mut words = wrong.to_vec();
        if !verdict.is_clean() {
            words.extend(verdict.findings.iter().cloned());
        }
        if words.is_empty() && verdict.is_clean() {
            Self::Kept
        } else {
            Self::Broken(words.join("; "))
        }
    }

    pub fn of_control(caught: bool) -> Self {
        if caught {
            Self::Caught
        } else {
            Self::NotCaught
        }
    }

    pub fn is_good(&self) -> bool {
        matches!(self, Self::Kept | Self::Caught)
    }

    /// Neither as it should be nor left out.
    pub fn is_bad(&self) -> bool {
        !self.is_good() && !matches!(self, Self::Left(_))
    }
}

pub const HEAD: &str = "promise  database    scenario                                  size              faults   sent  acked   lost  doubled  altered  figures and verdict";

impl Row {
    pub fn line(&self) -> String {
        let verdict = &self.verdict;
        let mut line = format!(
            "{:<8} {:<11} {:<41} {:<17} {:>6} {:>6} {:>6} {:>6} {:>8} {:>8}  ",
            self.promise,
            self.database,
            self.scenario,
            self.size,
            self.faults,
            verdict.sent,
            verdict.acknowledged,
            verdict.lost,
            verdict.doubled,
            verdict.altered,
        );
        for figure in &self.extra {
            // Writing to a string cannot fail.
            let _ = write!(line, "{figure} · ");
        }
        line.push_str(&match &self.end {
            End::Kept => "kept".to_owned(),
            End::Broken(why) => format!("BROKEN: {why}"),
            End::Caught => "control caught".to_owned(),
            End::NotCaught => "CONTROL NOT CAUGHT".to_owned(),
            End::Left(why) => format!("left out: {why}"),
        });
        line.replace('\n', " · ")
    }
}

/// In the words that `tests/run` adds up. What was left out is neither passed nor failed.
pub fn sum(rows: &[Row]) -> String {
    let left = rows
        .iter()
        .filter(|row| matches!(row.end, End::Left(_)))
        .count();
    let passed = rows.iter().filter(|row| row.end.is_good()).count();
    let failed = rows.iter().filter(|row| row.end.is_bad()).count();
    format!("faults: {passed} passed, {failed} failed, {left} left out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_that_is_not_clean_breaks_a_promise_even_without_words() {
        let clean = Verdict::default();
        assert_eq!(End::of(&clean, &[]), End::Kept);
        assert!(!End::of(&clean, &["late".to_owned()]).is_good());
        let lost = Verdict {
            lost: 1,
            ..Verdict::default()
        };
        assert!(!End::of(&lost, &[]).is_good());
        assert!(!End::of_control(false).is_good());
    }
}
