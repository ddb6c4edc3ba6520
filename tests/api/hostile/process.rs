//! The program as a process of its own, and somebody who calls it over the network.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Answer, Call, PASSWORD, World, hold_to_contract};

pub struct Process {
    child: Child,
    base: String,
}

impl Process {
    /// Starts the program on the world's database and waits until it answers.
    pub async fn start(world: &World) -> Self {
        Self::start_with(world, &[]).await
    }

    /// The same with settings in its environment.
    pub async fn start_with(world: &World, settings: &[(&str, &str)]) -> Self {
        let port = {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let base = format!("http://127.0.0.1:{port}");
        let child = Command::new(env!("CARGO_BIN_EXE_plainclothes"))
            .env_remove("PLAINCLOTHES_TEST_DATABASE")
            .envs(settings.iter().copied())
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args(["--public-url", &base])
            .arg("--data-dir")
            .arg(&world.app.config.data_dir)
            .args(["--database-url", &world.app.config.database_url()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = Self { child, base };
        let began = Instant::now();
        while reqwest::get(format!("{}/readyz", process.base))
            .await
            .is_err()
        {
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "it does not start"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        process
    }

    /// Tells it to stop and waits until it has.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.unwrap().success());
        self.child.wait().unwrap();
    }

    pub async fn sign_in(&self, email: &str) -> Remote {
        let mut remote = Remote {
            client: reqwest::Client::new(),
            base: self.base.clone(),
            token: String::new(),
        };
        let body = json!({"email": email, "password": PASSWORD});
        let call = Call::json(axum::http::Method::POST, "/sessions", &body);
        let token = remote.send(&call).await.expect(201)["token"].clone();
        remote.token = token.as_str().unwrap().to_owned();
        remote
    }

    /// The most memory that the process has ever held.
    pub fn memory_mib(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).expect("the process lives");
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = most.unwrap().trim().trim_end_matches(" kB");
        kib.parse::<u64>().unwrap() / 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody far away.
pub struct Remote {
    client: reqwest::Client,
    base: String,
    token: String,
}

impl Remote {
    pub async fn send(&self, call: &Call) -> Answer {
        let url = format!("{}/api/v1{}", self.base, call.path);
        let mut request = self.client.request(call.method.clone(), url);
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let response = request.body(call.body.clone()).send().await.unwrap();
        let answer = Answer {
            status: response.status(),
            headers: response.headers().clone(),
            bytes: response.bytes().await.unwrap().to_vec(),
        };
        hold_to_contract(&call.method, &call.path, &answer);
        answer
    }
}
