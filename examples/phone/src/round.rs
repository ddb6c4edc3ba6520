//! One round of sync: asks the plan for the next step, takes it, and does as the failure says when it fails.
//!
//! Not here: when a round is run. That is for the caller, with [`crate::backoff`].

use std::collections::HashMap;
use std::time::Duration;

use crate::outbox::Trouble;
use crate::phone::Phone;
use crate::plan::{self, Progress, Step, World};
use crate::problem::{Consequence, Failure, consequence};
use crate::wire::commands::Done;

/// How a round ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It came to its end; with `aside` above 0 something is to be tried again.
    Done,
    /// No server answers.
    Offline,
    /// The shopper has to sign in; nothing else is lost.
    SignedOut,
    /// The server asks to come back, no sooner than this.
    Busy { retry_after: Duration },
}

/// What came of a round.
#[derive(Debug)]
pub struct RoundEnd {
    pub end: End,
    /// Something arrived, here or there.
    pub moved: bool,
    /// Steps that have to be tried again in another round.
    pub aside: usize,
    /// For those, no sooner than this.
    pub retry_after: Duration,
    /// The server has given up the version of pull that this client speaks; handing in goes on.
    pub update_required: bool,
    /// Intents that the server refused.
    pub refused: Vec<Done>,
    /// The last thing that failed, for a log.
    pub last_failure: Option<Failure>,
}

impl Phone {
    /// Runs one round to its end.
    pub async fn round(&mut self) -> RoundEnd {
        let mut result = RoundEnd {
            end: End::Done,
            moved: false,
            aside: 0,
            retry_after: Duration::ZERO,
            update_required: false,
            refused: Vec::new(),
            last_failure: None,
        };
        result.end = self.run(&mut result).await;
        if result.end == End::Offline {
            // Whoever answers next may be another.
            self.hello = None;
        }
        if result.end == End::Done
            && let Some(now) = self.server_time()
            && let Err(error) = self.kept.forget_old(now)
        {
            result.last_failure = Some(error.into());
        }
        result.refused = std::mem::take(&mut self.refused);
        result
    }

    async fn run(&mut self, result: &mut RoundEnd) -> End {
        if self.kept.state.token.is_none() {
            return End::SignedOut;
        }
        let mut progress = Progress::default();
        let mut tries: HashMap<Step, u32> = HashMap::new();
        let mut heard_again = false;
        while let Some(step) = plan::next(&self.world(), &progress) {
            let Err(failure) = self.take(&step, result).await else {
                note(&mut progress, &step);
                continue;
            };
            let tries = tries.entry(step.clone()).or_default();
            *tries += 1;
            let is_work = matches!(step, Step::Audit(_) | Step::Photo { .. });
            let mut then = consequence(&failure, is_work, *tries);
            if let Step::Photo { sha256, .. } = &step
                && failure.code() == Some("photo_digest_mismatch")
            {
                then = self.begun_anew(sha256, &failure, then);
            }
            match failure {
                Failure::Spoiled(_) => self.hello = None,
                // The key may be younger than the hello: when the server has said it anew, the step is taken again, once.
                Failure::Untrusted if !heard_again => {
                    heard_again = true;
                    self.hello = None;
                    then = Consequence::Again;
                }
                _ => {}
            }
            result.last_failure = Some(failure);
            match then {
                Consequence::Offline => return End::Offline,
                Consequence::SignedOut => return End::SignedOut,
                Consequence::Busy(retry_after) => return End::Busy { retry_after },
                Consequence::Again => {}
                // Without hello nobody knows whose receipts these would be.
                Consequence::PutAside { retry_after, .. } if step == Step::Hello => {
                    return End::Busy { retry_after };
                }
                Consequence::PutAside {
                    retry_after,
                    update_required,
                } => {
                    progress.aside.insert(step);
                    result.aside += 1;
                    result.retry_after = result.retry_after.max(retry_after);
                    result.update_required |= update_required;
                }
                Consequence::Park(problem) => {
                    let trouble = Trouble {
                        code: problem.code,
                        detail: problem.detail,
                    };
                    let parked = match &step {
                        Step::Audit(audit) => self.kept.park(*audit, trouble),
                        Step::Photo { sha256, .. } => self.kept.park_photo(sha256, &trouble),
                        _ => Ok(()),
                    };
                    if let Err(error) = parked {
                        result.last_failure = Some(error.into());
                        progress.aside.insert(step);
                        result.aside += 1;
                    }
                }
            }
        }
        result.aside += plan::forgotten(&self.world(), &progress);
        End::Done
    }

    fn world(&self) -> World<'_> {
        World {
            knows_server: self.hello.is_some(),
            state: &self.kept.state,
            outbox: self.kept.outbox(),
            lacking_checklists: self.kept.lacking_checklists(),
            lacking_pictures: self.kept.lacking_pictures(),
        }
    }

    async fn take(&mut self, step: &Step, result: &mut RoundEnd) -> Result<(), Failure> {
        match step {
            Step::Hello => self.say_hello().await,
            Step::Offer { everything } => self.offer(*everything).await,
            Step::Pull => {
                result.moved |= self.pull().await?;
                Ok(())
            }
            Step::Photo { audit, sha256 } => {
                self.send_photo(*audit, sha256, &mut result.moved).await
            }
            Step::Audit(audit) => self.hand_in(*audit).await.map(|()| result.moved = true),
            Step::Commands => self.run_commands().await.map(|()| result.moved = true),
            Step::Checklist(name) => self
                .fetch_checklist(name)
                .await
                .map(|()| result.moved = true),
            Step::Picture(name) => self.fetch_picture(name).await.map(|()| result.moved = true),
        }
    }

    /// What arrived was not what was sent: the photo is begun anew, once.
    fn begun_anew(&mut self, name: &str, failure: &Failure, otherwise: Consequence) -> Consequence {
        match (self.kept.restart_photo(name), failure) {
            (Ok(true), _) => Consequence::Again,
            (Ok(false), Failure::Problem(problem)) => Consequence::Park(problem.clone()),
            _ => otherwise,
        }
    }
}

fn note(progress: &mut Progress, step: &Step) {
    match step {
        Step::Offer { .. } => {
            progress.offered = true;
            progress.sent_since_offer = false;
        }
        Step::Audit(_) | Step::Photo { .. } => {
            progress.sent_since_offer = true;
            progress.handed_in.insert(step.clone());
        }
        Step::Pull => progress.pulled = true,
        Step::Hello | Step::Commands | Step::Checklist(_) | Step::Picture(_) => {}
    }
}
