//! A line that misbehaves as it is told: a proxy on loopback between a phone and the server, or the server and its S3.
//!
//! It understands as much HTTP/1.1 as it takes to swallow an answer or to send a request twice; everything else happens to
//! bytes. The line's policy can be changed at any time; what connections draw follows from the seed and their number.
//! Not here: what a scenario does with it.

mod exchange;
mod head;
mod lane;
mod policy;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

pub use policy::{Fault, Policy};

use crate::dice::Dice;

/// What is waiting in the proxy's own buffer has not crossed the line: keep it small.
const RECEIVE_BUFFER_BYTES: u32 = 8 * 1024;

/// A running proxy; it ends with this value.
#[derive(Debug)]
pub struct Proxy {
    /// `http://127.0.0.1:port`
    pub url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    upstream: SocketAddr,
    policy: watch::Sender<Arc<Policy>>,
    /// Moves when all connections are to be cut.
    cuts: watch::Sender<u64>,
    tally: Mutex<Tally>,
    /// Content of PATCH requests that has crossed the line, whole or not: photos.
    patch_bytes: Arc<AtomicU64>,
}

/// What has happened on the line.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub exchanges: u64,
    /// By [`Fault::name`], and `line cut` for connections that ended by budget or lifetime.
    pub faults: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub fn faults_total(&self) -> u64 {
        self.faults.values().sum()
    }
}

impl Shared {
    fn tally(&self, change: impl FnOnce(&mut Tally)) {
        change(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy.borrow())
    }
}

impl Proxy {
    /// Listens on a free port of loopback and forwards to `upstream`, `host:port` of an address.
    ///
    /// # Errors
    /// That there is no port to be had.
    pub async fn start(upstream: SocketAddr, mut dice: Dice) -> anyhow::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let listener = socket.listen(1024)?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            upstream,
            policy: watch::Sender::new(Arc::new(Policy::default())),
            cuts: watch::Sender::new(0),
            tally: Mutex::default(),
            patch_bytes: Arc::default(),
        });
        let inner = Arc::clone(&shared);
        let task = tokio::spawn(async move { accept(&inner, &listener, &mut dice).await });
        Ok(Self { url, shared, task })
    }

    /// From now on, the line is like this; what is under way keeps its speed.
    pub fn set(&self, policy: Policy) {
        self.shared.policy.send_replace(Arc::new(policy));
    }

    /// Ends every connection that there is.
    pub fn cut_all(&self) {
        self.shared.cuts.send_modify(|count| *count += 1);
    }

    /// Content of PATCH requests that has crossed the line.
    pub fn patch_bytes(&self) -> u64 {
        self.shared.patch_bytes.load(Ordering::Relaxed)
    }

    pub fn tally(&self) -> Tally {
        let tally = self.shared.tally.lock();
        tally.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(shared: &Arc<Shared>, listener: &TcpListener, dice: &mut Dice) {
    // Its connections end with it.
    let mut connections = JoinSet::new();
    loop {
        let Ok((client, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        if shared.policy().down {
            shared.tally(|tally| *tally.faults.entry("refused").or_default() += 1);
            continue;
        }
        connections.spawn(connection(Arc::clone(shared), client, dice.fork()));
    }
}

async fn connection(shared: Arc<Shared>, client: TcpStream, dice: Dice) {
    let mut cuts = shared.cuts.subscribe();
    let lifetime = shared.policy().lifetime;
    let over = async {
        match lifetime {
            Some(lifetime) => tokio::time::sleep(lifetime).await,
            None => std::future::pending().await,
        }
    };
    let was_cut = tokio::select! {
        ended = exchange::all(&shared, client, dice) => {
            ended.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionAborted)
        }
        _ = cuts.changed() => true,
        () = over => true,
    };
    if was_cut {
        shared.tally(|tally| *tally.faults.entry("line cut").or_default() += 1);
    }
}

#[cfg(test)]
mod tests;
