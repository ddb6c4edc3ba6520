//! The real server as a process, the demo agency in it, two shoppers, and the desk's view of what is there. One for all stories.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use plainclothes_phone::wire::session::{self, Session};
use plainclothes_phone::{Ask, Failure, Kind, Line, Patience};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::commands::SHOPPERS;
use crate::proxy::Proxy;

const PASSWORD: &str = "state-machine";
const DEMO_PASSWORD: &str = "plainclothes";
const STARTS_WITHIN: Duration = Duration::from_secs(120);

/// What all stories share.
pub struct Stage {
    pub runtime: Runtime,
    server: Mutex<Server>,
    pub proxy: Proxy,
    desk: Line,
    reviewer: Line,
    campaign: Value,
    location: String,
    pub shoppers: Vec<Shopper>,
    pub picture: Vec<u8>,
    /// What has happened in all stories: a test that meets nothing shows nothing.
    pub tally: Mutex<BTreeMap<String, usize>>,
}

/// A shopper, and a line of theirs that never breaks.
pub struct Shopper {
    pub session: Session,
    pub line: Line,
}

struct Server {
    program: PathBuf,
    folder: TempDir,
    address: SocketAddr,
    process: Child,
}

impl Stage {
    pub fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        let server = Server::start(program());
        let url = format!("http://{}", server.address);
        server.add_shoppers();
        let (desk, reviewer, shoppers, proxy) = runtime.block_on(async {
            let mut shoppers = Vec::new();
            for number in 0..SHOPPERS {
                let (line, session) = signed_in(&url, &email(number), PASSWORD).await;
                shoppers.push(Shopper { session, line });
            }
            let desk = signed_in(&url, "admin@demo.example", DEMO_PASSWORD).await;
            let reviewer = signed_in(&url, "reviewer@demo.example", DEMO_PASSWORD).await;
            let proxy = Proxy::open(server.address).await;
            (desk.0, reviewer.0, shoppers, proxy)
        });
        let mut stage = Self {
            runtime,
            server: Mutex::new(server),
            proxy,
            desk,
            reviewer,
            campaign: Value::Null,
            location: String::new(),
            shoppers,
            picture: Vec::new(),
            tally: Mutex::default(),
        };
        let campaigns = stage.desk_get("/campaigns").unwrap();
        let mut campaigns = campaigns["items"].as_array().unwrap().iter();
        let campaign = campaigns.find(|one| one["checklist_slug"] == "restaurant-dine-in");
        stage.campaign = campaign.unwrap().clone();
        let client = stage.campaign["client"].as_str().unwrap().to_owned();
        let locations = stage
            .desk_get(&format!("/locations?client={client}"))
            .unwrap();
        stage.location = locations["items"][0]["id"].as_str().unwrap().to_owned();
        stage.picture = stage.sample(&client);
        stage
    }

    pub fn count(&self, what: impl Into<String>) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        *tally.entry(what.into()).or_default() += 1;
    }

    /// A photo of the demo's shoppers.
    fn sample(&self, client: &str) -> Vec<u8> {
        let path = format!("/audits?state=approved&client={client}&limit=1");
        let audits = self.desk_get(&path).unwrap();
        let audit = audits["items"][0]["id"].as_str().unwrap();
        let detail = self.desk_get(&format!("/audits/{audit}")).unwrap();
        let photo = detail["photos"][0]["sha256"].as_str().unwrap();
        let path = format!("/audits/{audit}/photos/{photo}/original");
        let ask = Ask::new(Kind::Desk, Method::GET, path);
        let answer = self.runtime.block_on(self.desk.send(ask)).unwrap();
        answer.body.to_vec()
    }

    pub fn checklist(&self) -> &Value {
        &self.campaign["checklist_sha256"]
    }

    pub fn desk_get(&self, path: &str) -> Result<Value, Failure> {
        self.runtime.block_on(self.desk.get(Kind::Desk, path))
    }

    fn post(&self, line: &Line, path: &str, body: &Value) -> Result<Value, Failure> {
        self.runtime.block_on(line.post(Kind::Desk, path, body))
    }

    pub fn make_visit(&self, shopper: usize) -> Uuid {
        let day = |name: &str| self.campaign[name].as_str().unwrap().to_owned();
        let body = json!({
            "campaign": self.campaign["id"],
            "location": self.location,
            "shopper": self.shoppers[shopper].session.me.user,
            "local_opens": format!("{}T00:00", day("starts_on")),
            "local_closes": format!("{}T23:59", day("ends_on")),
        });
        let made = self.post(&self.desk, "/visits", &body).unwrap();
        made["id"].as_str().unwrap().parse().unwrap()
    }

    pub fn assign(&self, visit: Uuid, shopper: usize) -> Result<Value, Failure> {
        let body = json!({"shopper": self.shoppers[shopper].session.me.user});
        self.post(&self.desk, &format!("/visits/{visit}/assign"), &body)
    }

    pub fn withdraw(&self, visit: Uuid) -> Result<Value, Failure> {
        let path = format!("/visits/{visit}/withdraw");
        self.post(&self.desk, &path, &json!({"reason": "for a test"}))
    }

    /// `outcome` is return or approve.
    pub fn review(&self, audit: Uuid, outcome: &str) -> Result<Value, Failure> {
        let path = format!("/audits/{audit}/{outcome}");
        self.post(&self.reviewer, &path, &json!({"message": "for a test"}))
    }

    /// Everything in quarantine that is called `audit`.
    pub fn in_quarantine(&self, audit: Uuid) -> Vec<Value> {
        let mut found = Vec::new();
        let mut path = "/quarantine?limit=200".to_owned();
        loop {
            let page = self.desk_get(&path).unwrap();
            let items = page["items"].as_array().unwrap();
            let of_audit = |item: &&Value| item["audit"] == audit.to_string();
            found.extend(items.iter().filter(of_audit).cloned());
            match page["next"].as_str() {
                Some(next) => path = format!("/quarantine?limit=200&after={next}"),
                None => return found,
            }
        }
    }

    pub fn kill_server(&self) {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server.kill();
        server.process = start(&server.program, server.folder.path(), server.address);
    }
}

async fn signed_in(url: &str, email: &str, password: &str) -> (Line, Session) {
    // Without connections that wait: the server is killed now and then, and asking it again would hide what it does.
    let client = Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let mut line = Line::new(client, url, Patience::default());
    let session = session::sign_in(&line, email, password, "test")
        .await
        .unwrap();
    line.set_token(Some(session.token.clone()));
    (line, session)
}

fn email(shopper: usize) -> String {
    format!("state-machine-{shopper}@example.org")
}

/// The workspace's program, beside this test's.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("plainclothes");
    assert!(
        program.exists(),
        "{} is missing: this test needs the server, which `cargo build --workspace` builds",
        program.display()
    );
    program
}

impl Server {
    fn start(program: PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let process = start(&program, folder.path(), address);
        Self {
            program,
            folder,
            address,
            process,
        }
    }

    fn add_shoppers(&self) {
        for number in 0..SHOPPERS {
            let mut adding = Command::new(&self.program)
                .args(["person", "add", &email(number), "--name", "Test"])
                .args(["--role", "shopper", "--data-dir"])
                .arg(self.folder.path())
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut input = adding.stdin.take().unwrap();
            input.write_all(PASSWORD.as_bytes()).unwrap();
            drop(input);
            let added = adding.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&added.stderr);
            assert!(added.status.success(), "{said}");
        }
    }

    fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn start(program: &Path, folder: &Path, address: SocketAddr) -> Child {
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("server.log"))
        .unwrap();
    let mut process = Command::new(program)
        .args(["serve", "--demo", "--listen", &address.to_string()])
        .args(["--public-url", "http://localhost", "--data-dir"])
        .arg(folder)
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let began = Instant::now();
    while !is_ready(address) {
        let ended = process.try_wait().unwrap();
        let log = || std::fs::read_to_string(folder.join("server.log")).unwrap_or_default();
        assert!(ended.is_none(), "the server ended: {}", log());
        assert!(began.elapsed() < STARTS_WITHIN, "no server: {}", log());
        std::thread::sleep(Duration::from_millis(20));
    }
    process
}

/// Whether /readyz says so.
fn is_ready(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut server = TcpStream::connect(address)?;
        server
            .write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        std::io::read_to_string(server)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
