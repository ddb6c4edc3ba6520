//! R1, R2 and R18 on three nodes behind a load balancer, with one PostgreSQL and one S3: nodes are killed and replaced one
//! after the other, PostgreSQL is killed, and at last its machine is lost and a replica takes over.
//!
//! Shows that nothing is kept in one node that another needs, and that a failover needs no restart. Does not show a network
//! that falls apart: an old primary that still takes writes is for the operator's tools to keep away.
//!
//! With a program of an earlier version, the nodes begin with that and are replaced one after the other by the one that is
//! looked at: its first start changes the schema under those that are still to be replaced.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::process::Server;
use crate::scenarios::Size;
use crate::scenarios::crashes::{READY_MAX, Run};
use crate::sql::Sql;
use crate::table::Row;
use crate::tools::Balancer;
use crate::world::{Base, Given, World};

/// Beside the world's own.
const OTHERS: usize = 2;

/// Several nodes, and the way to them that phones have.
pub struct Cluster {
    world: World,
    others: Vec<Server>,
    balancer: Balancer,
}

impl Cluster {
    /// # Errors
    /// Whatever keeps a part of it from running.
    pub async fn start(
        given: &Given,
        settings: Vec<(&'static str, String)>,
    ) -> anyhow::Result<Self> {
        let world = World::start(given, Base::Replicated, settings).await?;
        let mut others = Vec::new();
        for _ in 0..OTHERS {
            let mut node = world.server.beside()?;
            node.start().await?;
            others.push(node);
        }
        let mut nodes = vec![world.server.address];
        nodes.extend(others.iter().map(|node| node.address));
        let folder = world.folder.join("balancer");
        let balancer = Balancer::start(&given.tools, folder, &nodes).await?;
        Ok(Self {
            world,
            others,
            balancer,
        })
    }

    fn node(&mut self, number: usize) -> &mut Server {
        match number % (OTHERS + 1) {
            0 => &mut self.world.server,
            other => &mut self.others[other - 1],
        }
    }

    /// How long after `since` the last of them was ready.
    async fn all_ready(&mut self, since: Instant) -> anyhow::Result<Duration> {
        let mut slowest = Duration::ZERO;
        for number in 0..=OTHERS {
            slowest = slowest.max(self.node(number).ready(since).await?);
        }
        Ok(slowest)
    }

    async fn begin(&self, name: &str) -> anyhow::Result<Run> {
        Run::begin(&self.world, name, &self.balancer.url).await
    }

    /// # Errors
    /// That a node does not come back.
    pub async fn kill_nodes(&mut self, size: Size) -> anyhow::Result<Row> {
        let cycles = size.pick(6, 60, 1_000);
        let mut run = self.begin("kill-nodes").await?;
        for cycle in 0..cycles {
            run.let_work().await;
            let node = self.node(cycle);
            node.kill().await?;
            run.ready.push(node.start().await?);
        }
        let name = "kill -9 of one node of three";
        run.end(&self.world, "R1", name, cycles, None).await
    }

    /// Each node is asked to stop and is started again, as an upgrade does it.
    ///
    /// # Errors
    /// That a node does not stop, or not come back.
    pub async fn replace_nodes(&mut self, size: Size) -> anyhow::Result<Row> {
        let cycles = size.pick(6, 60, 100);
        let mut run = self.begin("replace-nodes").await?;
        for cycle in 0..cycles {
            run.let_work().await;
            let node = self.node(cycle);
            node.stop().await?;
            run.ready.push(node.start().await?);
        }
        let name = "one node of three after the other";
        run.end(&self.world, "R18", name, cycles, None).await
    }

    /// Each node, which is `before`, an earlier program, is asked to stop and is started again as `after`.
    ///
    /// # Errors
    /// That a node does not stop, or not come back.
    pub async fn upgrade(mut self, after: &Path) -> anyhow::Result<Row> {
        let mut run = self.begin("upgrade").await?;
        for number in 0..=OTHERS {
            run.let_work().await;
            let node = self.node(number);
            node.stop().await?;
            after.clone_into(&mut node.program);
            run.ready.push(node.start().await?);
            // Old and new beside one another, for longer than it takes to say so.
            run.let_work().await;
            run.let_work().await;
        }
        let name = "three nodes upgraded";
        run.end(&self.world, "R18", name, OTHERS + 1, None).await
    }

    /// # Errors
    /// That PostgreSQL or a node does not come back.
    pub async fn kill_postgres(&mut self, size: Size) -> anyhow::Result<Row> {
        let cycles = size.pick(2, 20, 300);
        let mut run = self.begin("kill-postgres").await?;
        for _ in 0..cycles {
            run.let_work().await;
            let postgres = self.world.postgres.as_ref().context("no PostgreSQL")?;
            postgres.kill().await?;
            let back = postgres.again().await?;
            run.ready.push(self.all_ready(back).await?);
        }
        let name = "kill -9 of PostgreSQL, 3 nodes";
        run.end(&self.world, "R2", name, cycles, Some(READY_MAX))
            .await
    }

    /// The last thing that is done here: the first PostgreSQL does not come back.
    ///
    /// # Errors
    /// That the replica cannot be promoted, or a node does not find it.
    pub async fn fail_over(mut self) -> anyhow::Result<Row> {
        let mut run = self.begin("fail-over").await?;
        run.let_work().await;
        let postgres = self.world.postgres.as_ref().context("no PostgreSQL")?;
        postgres.kill().await?;
        let standby = self.world.standby.as_ref().context("no replica")?;
        let promoted = standby.promote().await?;
        self.world.sql = Sql::Postgres(standby.url.clone());
        run.ready.push(self.all_ready(promoted).await?);
        run.let_work().await;
        run.let_work().await;
        let name = "PostgreSQL lost, replica promoted";
        run.end(&self.world, "R2", name, 1, Some(READY_MAX)).await
    }
}
