//! The phone's rules in a process of their own: bundled anew from `web/src` at the start, then asked line by line.
//!
//! Not here: what is asked. The other end is `web/build/phone-rules.ts`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value as Json;

pub struct Phone {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Phone {
    /// # Panics
    /// Without Node, or without the packages of `web/`: a test that is not run is no test.
    pub fn start() -> Self {
        let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
        let vite = web.join("node_modules/vite/bin/vite.js");
        assert!(
            vite.exists(),
            "the packages of web/ are missing: run tests/tools/web-packages"
        );
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("phone-rules");
        let built = Command::new("node")
            .current_dir(&web)
            .arg(vite)
            .args(["build", "--config", "vite.rules.config.ts", "--outDir"])
            .arg(&out)
            .output()
            .unwrap_or_else(|error| {
                panic!("this test needs Node (tests/tools/need node): {error}")
            });
        assert!(
            built.status.success(),
            "the phone's rules could not be bundled: {}",
            String::from_utf8_lossy(&built.stderr)
        );
        let mut process = Command::new("node")
            .arg(out.join("phone-rules.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node was there a moment ago");
        let questions = process.stdin.take().expect("piped");
        let answers = BufReader::new(process.stdout.take().expect("piped"));
        Self {
            process,
            questions,
            answers,
        }
    }

    /// What the phone makes of each set of answers.
    ///
    /// # Errors
    /// When the phone's program throws, or ends.
    pub fn ask(&mut self, asked: &Json) -> Result<Vec<Json>, String> {
        let mut line = asked.to_string();
        line.push('\n');
        let sent = self.questions.write_all(line.as_bytes());
        line.clear();
        sent.and_then(|()| self.answers.read_line(&mut line))
            .map_err(|error| format!("the phone's program ended: {error}"))?;
        match serde_json::from_str(&line) {
            Ok(Json::Array(sets)) => Ok(sets),
            _ => Err(format!("the phone's program says {line}")),
        }
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        // Nobody is left to hear that it had ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
