//! Controls for the judge: a line or a phone that is unsafe on purpose, which must be seen in the column that it is about.
//!
//! They stand for R1, R6 and R7: without them, a table of zeros could come from a judge that looks away.

use crate::dice::Dice;
use crate::document::{Audit, Photo};
use crate::judge::Verdict;
use crate::proxy::{Fault, Policy, Proxy};
use crate::scenarios::hand_in;
use crate::table::{End, Row};
use crate::world::{Scene, World};

const AUDITS: usize = 12;
const TRIES_MAX: usize = 20;

/// All of them.
pub fn controls() -> [Control; 3] {
    let lost = Control {
        promise: "R1",
        scenario: "control: a line that acknowledges by itself",
        policy: Policy::of(&[(Fault::Acknowledge, 500)]).only("PUT"),
        new_ids: false,
        is_seen: |verdict| verdict.lost > 0,
    };
    let altered = Control {
        promise: "R6",
        scenario: "control: a line that rewrites answers",
        policy: Policy::of(&[(Fault::Alter, 500)]).only("PUT"),
        new_ids: false,
        is_seen: |verdict| verdict.altered > 0 && verdict.lost == 0,
    };
    let doubled = Control {
        promise: "R7",
        scenario: "control: a phone with a new id each try",
        policy: Policy::of(&[(Fault::DropReply, 500)]).only("PUT"),
        new_ids: true,
        is_seen: |verdict| verdict.doubled > 0 && verdict.lost == 0,
    };
    [lost, altered, doubled]
}

/// A way to lose, double or alter.
pub struct Control {
    pub promise: &'static str,
    scenario: &'static str,
    policy: Policy,
    new_ids: bool,
    is_seen: fn(&Verdict) -> bool,
}

impl Control {
    /// # Errors
    /// When the server does not answer the judge.
    pub async fn run(self, world: &World) -> anyhow::Result<Row> {
        let name = format!("control-{}", self.promise);
        let mut scene = world.scene(&name, 1).await?;
        let proxy = Proxy::start(world.server.address, scene.dice.fork()).await?;
        proxy.set(self.policy.clone());
        let mut dice = scene.dice.fork();
        for _ in 0..AUDITS {
            let photo = Photo::unique(&mut dice, 16);
            let audit = scene.occasions[0].audit(dice.uuid(), &photo)?;
            self.deliver(&scene, &proxy, audit, &mut dice).await?;
        }
        let verdict = world.judge(&scene).await?;
        Ok(Row {
            promise: self.promise,
            database: world.database(),
            scenario: self.scenario.to_owned(),
            size: format!("{AUDITS} audits"),
            faults: proxy.tally().faults_total(),
            end: End::of_control((self.is_seen)(&verdict)),
            extra: Vec::new(),
            verdict,
        })
    }

    /// Tries until something looks like an acknowledgement.
    async fn deliver(
        &self,
        scene: &Scene,
        proxy: &Proxy,
        audit: Audit,
        dice: &mut Dice,
    ) -> anyhow::Result<()> {
        let work = audit.id.to_string();
        let mut audit = audit;
        for _ in 0..TRIES_MAX {
            // A connection of its own each time, so that the client does not try again by itself.
            let device = scene.devices[0].at(&proxy.url)?;
            let answer = hand_in(&scene.ledger, 0, &device, &audit, &work).await;
            if answer.is_ok_and(|answer| (200..300).contains(&answer.status)) {
                return Ok(());
            }
            if self.new_ids {
                audit = audit.under(dice.uuid());
            }
        }
        anyhow::bail!("a line that drops every other answer let none through")
    }
}
