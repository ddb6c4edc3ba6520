//! Keys that are had by asking: for a web identity, of the container's address, of the instance's metadata. Each is a stub on
//! loopback here, to which AWS's own environment variables point the chain. Not here: keys that stand somewhere (`keys.rs`).

use std::io::{BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::keys::told;

/// Answers requests by the beginning of their first line, and notes all of them, head and body.
struct Stub {
    origin: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    /// Ends with the process: nobody waits for it.
    fn answering(answers: &'static [(&'static str, &'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("its address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = seen.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let request = request(&mut BufReader::new(&stream));
                let found = answers.iter().find(|(line, ..)| request.starts_with(line));
                let (status, kind, body) = match found {
                    Some((_, kind, body)) => ("200 OK", *kind, *body),
                    None => ("404 Not Found", "text/plain", ""),
                };
                noted.lock().expect("nobody panicked").push(request);
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\nx-aws-ec2-metadata-token-ttl-seconds: 21600\r\n\r\n",
                    body.len()
                );
                // whoever asked may have gone
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
            }
        });
        Self { origin, seen }
    }

    fn saw(&self) -> String {
        self.seen.lock().expect("nobody panicked").join("\n---\n")
    }
}

fn request(from: &mut impl std::io::BufRead) -> String {
    let mut head = String::new();
    let mut body_bytes = 0;
    while !head.ends_with("\r\n\r\n") {
        let before = head.len();
        if from.read_line(&mut head).unwrap_or(0) == 0 {
            return head;
        }
        let line = head[before..].to_ascii_lowercase();
        if let Some(length) = line.strip_prefix("content-length:") {
            body_bytes = length.trim().parse().expect("a number");
        }
    }
    let mut body = vec![0; body_bytes];
    from.read_exact(&mut body).expect("as long as it says");
    head + &String::from_utf8_lossy(&body)
}

#[test]
fn a_web_identity_is_exchanged_for_keys() {
    let stub = Stub::answering(&[(
        "POST / ",
        "text/xml",
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithWebIdentityResult>\
         <Credentials><AccessKeyId>WEBIDENTITY</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
         <SessionToken>ofidentity</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>\
         </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>",
    )]);
    let folder = super::folder();
    let token = folder.path().join("token");
    std::fs::write(&token, "signed.by.cluster").expect("a token");
    let environment = [
        (
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            token.to_str().expect("a path in letters"),
        ),
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/photos"),
        ("AWS_ROLE_SESSION_NAME", "plainclothes"),
        ("AWS_ENDPOINT_URL_STS", &stub.origin),
    ];
    let told = told(folder.path(), &environment);
    assert_eq!(told, "saw WEBIDENTITY ofidentity", "{}", stub.saw());
    let asked = stub.saw();
    for part in [
        "Action=AssumeRoleWithWebIdentity",
        "WebIdentityToken=signed.by.cluster",
        "RoleSessionName=plainclothes",
        "role%2Fphotos",
    ] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    // it has no keys yet to sign with
    assert!(!asked.to_lowercase().contains("authorization:"), "{asked}");
}

#[test]
fn a_container_asks_the_address_that_it_was_given() {
    let stub = Stub::answering(&[(
        "GET /keys ",
        "application/json",
        r#"{"AccessKeyId":"CONTAINER","SecretAccessKey":"s","Token":"ofcontainer","Expiration":"2999-01-01T00:00:00Z"}"#,
    )]);
    let folder = super::folder();
    let address = format!("{}/keys", stub.origin);
    let environment = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", address.as_str()),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let-me-in"),
    ];
    let told = told(folder.path(), &environment);
    assert_eq!(told, "saw CONTAINER ofcontainer", "{}", stub.saw());
    assert!(stub.saw().contains("let-me-in"), "{}", stub.saw());
}

#[test]
fn an_instance_asks_its_metadata_by_session() {
    let stub = Stub::answering(&[
        ("PUT /latest/api/token ", "text/plain", "asession"),
        (
            "GET /latest/meta-data/iam/security-credentials/photos ",
            "application/json",
            r#"{"Code":"Success","LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC","AccessKeyId":"INSTANCE","SecretAccessKey":"s","Token":"ofinstance","Expiration":"2999-01-01T00:00:00Z"}"#,
        ),
        (
            "GET /latest/meta-data/iam/security-credentials/ ",
            "text/plain",
            "photos",
        ),
    ]);
    let folder = super::folder();
    let environment = [
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.origin.as_str()),
        ("AWS_EC2_METADATA_DISABLED", "false"),
    ];
    let told = told(folder.path(), &environment);
    assert_eq!(told, "saw INSTANCE ofinstance", "{}", stub.saw());
    assert!(stub.saw().contains("asession"), "{}", stub.saw());
}
