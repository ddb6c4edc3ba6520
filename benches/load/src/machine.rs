//! How busy the machine is, as Linux tells it: the figures mean little without.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;

/// `USER_HZ`: /proc counts in these on every Linux that Rust's standard library runs on.
const TICKS_PER_S: f64 = 100.0;

/// Processor time so far, in ticks.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    server: Option<u64>,
    generator: u64,
    machine: u64,
}

/// Processors kept busy over a run: 1.0 is one of them all the time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cores {
    /// The server's process; PostgreSQL's are in `machine` only.
    pub server: Option<f64>,
    pub generator: f64,
    pub machine: f64,
}

impl Cpu {
    /// # Errors
    /// That /proc does not say, for instance since the server has ended.
    pub fn read(server_pid: Option<u32>) -> anyhow::Result<Self> {
        let server = server_pid
            .map(|pid| of_process(&format!("/proc/{pid}/stat")))
            .transpose()?;
        Ok(Self {
            server,
            generator: of_process("/proc/self/stat")?,
            machine: of_machine(&std::fs::read_to_string("/proc/stat")?)
                .context("/proc/stat is not as expected")?,
        })
    }

    pub fn cores_since(&self, before: &Self, elapsed: Duration) -> Cores {
        let cores = |now: u64, then: u64| (now - then) as f64 / TICKS_PER_S / elapsed.as_secs_f64();
        Cores {
            server: self
                .server
                .zip(before.server)
                .map(|(now, then)| cores(now, then)),
            generator: cores(self.generator, before.generator),
            machine: cores(self.machine, before.machine),
        }
    }
}

fn of_process(path: &str) -> anyhow::Result<u64> {
    let stat = std::fs::read_to_string(path).with_context(|| format!("{path} cannot be read"))?;
    user_and_system(&stat).with_context(|| format!("{path} is not as expected"))
}

/// proc_pid_stat(5): the name in parentheses may hold anything; utime and stime are fields 14 and 15.
fn user_and_system(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// proc_stat(5): user, nice, system of all processors, then what is idle or waits, then interrupts.
fn of_machine(stat: &str) -> Option<u64> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line
        .split_whitespace()
        .map_while(|t| t.parse().ok())
        .collect();
    let [user, nice, system, _idle, _waiting, hard, soft, ..] = ticks[..] else {
        return None;
    };
    Some(user + nice + system + hard + soft)
}

/// Processes that ran or waited for a disk, on average over the last minute; those of others and our own.
///
/// # Errors
/// That /proc does not say.
pub fn load_average() -> anyhow::Result<f64> {
    let text = std::fs::read_to_string("/proc/loadavg")?;
    let first = text.split(' ').next().and_then(|word| word.parse().ok());
    first.context("/proc/loadavg is not as expected")
}

/// Watches how much memory a process holds (VmRSS), ten times a second until it is dropped.
#[derive(Debug)]
pub struct MemoryWatch {
    most_kib: Arc<AtomicU64>,
    watching: tokio::task::JoinHandle<()>,
}

impl MemoryWatch {
    pub fn begin(pid: u32) -> Self {
        let most_kib = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&most_kib);
        let watching = tokio::spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_millis(100));
            loop {
                tick.tick().await;
                seen.fetch_max(resident_kib(pid).unwrap_or(0), Ordering::Relaxed);
            }
        });
        Self { most_kib, watching }
    }

    /// The most since the last time that this was asked, in MiB.
    pub fn take_most_mib(&self) -> f64 {
        self.most_kib.swap(0, Ordering::Relaxed) as f64 / 1024.0
    }
}

impl Drop for MemoryWatch {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

fn resident_kib(pid: u32) -> Option<u64> {
    resident(&std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?)
}

/// proc_pid_status(5), in kB, which are KiB.
fn resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_shifts_nothing() {
        let stat = "7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20 0";
        assert_eq!(user_and_system(stat), Some(150));
    }

    #[test]
    fn memory_is_what_is_resident() {
        let status = "VmHWM:\t  9 kB\nVmRSS:\t  45056 kB\nRssAnon:\t 7 kB\n";
        assert_eq!(resident(status), Some(45_056));
    }

    #[test]
    fn waiting_is_not_work() {
        let stat = "cpu  10 1 20 5000 400 3 2 0 0 0\ncpu0 1 1 1 1 1 1 1 0 0 0\n";
        assert_eq!(of_machine(stat), Some(36));
    }
}
