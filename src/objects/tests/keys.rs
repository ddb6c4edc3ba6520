//! Where keys are found when the configuration has none, and what is said when there are none, or bad ones.
//!
//! An environment belongs to a process, so the test runs itself again in one that has what is to be found.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::super::connection::credentials;
use super::super::{ObjectError, Objects, RemoteS3, Trouble, embedded};

/// Answers every request with the same, and notes with whose keys it was made.
#[derive(Clone, Debug)]
struct Clerk {
    status: u16,
    body: &'static str,
    seen: Arc<Mutex<Vec<String>>>,
}

impl HttpConnector for Clerk {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let header = |name| request.headers().get(name).unwrap_or("none").to_owned();
        let signed = header("authorization");
        let key = signed.split(['=', '/']).nth(1).unwrap_or("none");
        let token = header("x-amz-security-token");
        self.seen
            .lock()
            .expect("nobody panicked")
            .push(format!("{key} {token}"));
        let status = StatusCode::try_from(self.status).expect("a status");
        let is_head = request.method() == "HEAD";
        let body = SdkBody::from(if is_head { "" } else { self.body });
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body)))
    }
}

impl Clerk {
    fn new(status: u16, body: &'static str) -> Self {
        Self {
            status,
            body,
            seen: Arc::default(),
        }
    }

    async fn objects(&self) -> Objects {
        let keys = credentials(&embedded::server()).await.expect("a chain");
        self.objects_with(keys)
    }

    fn objects_with(&self, keys: aws_sdk_s3::config::SharedCredentialsProvider) -> Objects {
        let connector = SharedHttpConnector::new(self.clone());
        let http = http_client_fn(move |_, _| connector.clone());
        let server = RemoteS3 {
            public_endpoint: Some("https://photos.example".to_owned()),
            ..embedded::server()
        };
        Objects::new(&server, keys, http, 1)
    }
}

const THIS: &str = "objects::tests::keys::keys_are_found_in_the_usual_places";
const CHILD: &str = "PLAINCLOTHES_TEST_KEYS";

#[tokio::test]
async fn keys_are_found_in_the_usual_places() {
    #[expect(
        clippy::disallowed_methods,
        reason = "this test is about the environment"
    )]
    if std::env::var(CHILD).is_ok() {
        return tell().await;
    }
    let folder = super::folder();
    let profile = folder.path().join("credentials");
    let text = "[default]\naws_access_key_id = PROFILE\naws_secret_access_key = s\naws_session_token = ofprofile\n";
    std::fs::write(&profile, text).expect("a profile");
    let profile = profile.to_str().expect("a path in letters");

    let environment = [
        ("AWS_ACCESS_KEY_ID", "ENVIRONMENT"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
    ];
    assert_eq!(told(folder.path(), &environment), "saw ENVIRONMENT none");
    let with_token = [&environment[..], &[("AWS_SESSION_TOKEN", "ofsession")]].concat();
    assert_eq!(
        told(folder.path(), &with_token),
        "saw ENVIRONMENT ofsession"
    );
    let by_profile = [("AWS_SHARED_CREDENTIALS_FILE", profile)];
    assert_eq!(told(folder.path(), &by_profile), "saw PROFILE ofprofile");
    let nothing = told(folder.path(), &[]);
    assert!(nothing.starts_with("failed NoKeys"), "{nothing}");
}

/// What [`tell`] says in a process with nothing else in its environment. Nobody is asked over the network.
pub(super) fn told(home: &Path, environment: &[(&str, &str)]) -> String {
    let this = std::env::current_exe().expect("this program");
    let output = Command::new(this)
        .args(["--exact", THIS, "--nocapture"])
        .env_clear()
        .env("HOME", home)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env(CHILD, "1")
        .envs(environment.iter().copied())
        .output()
        .expect("it can be run again");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.split_once("told: "));
    line.unwrap_or_else(|| panic!("{text}")).1.to_owned()
}

/// On standard output, where the process that started this one reads it.
async fn tell() {
    let clerk = Clerk::new(200, "");
    match clerk.objects().await.probe().await {
        Ok(()) => {
            let seen = clerk.seen.lock().expect("nobody panicked").join(", ");
            println!("\ntold: saw {seen}");
        }
        Err(ObjectError::Unavailable { trouble, detail }) => {
            println!("\ntold: failed {trouble:?} {detail}");
        }
        Err(other) => panic!("{other}"),
    }
}

fn given(token: Option<&str>) -> aws_sdk_s3::config::SharedCredentialsProvider {
    let token = token.map(str::to_owned);
    let keys = aws_sdk_s3::config::Credentials::new("GIVEN", "s", token, None, "test");
    aws_sdk_s3::config::SharedCredentialsProvider::new(keys)
}

#[tokio::test]
async fn a_refusal_is_told_in_words_that_say_what_to_mend() {
    let error = |code: &str| format!("<Error><Code>{code}</Code><Message>m</Message></Error>");
    for (status, code, wanted) in [
        (403, "SignatureDoesNotMatch", Trouble::KeysRefused),
        (403, "InvalidAccessKeyId", Trouble::KeysRefused),
        (403, "AccessDenied", Trouble::KeysRefused),
        (400, "ExpiredToken", Trouble::KeysExpired),
        (404, "NoSuchBucket", Trouble::NoBucket),
        (301, "PermanentRedirect", Trouble::OtherRegion),
        (400, "AuthorizationHeaderMalformed", Trouble::OtherRegion),
        (500, "InternalError", Trouble::Refused),
        (503, "SlowDown", Trouble::Refused),
    ] {
        let clerk = Clerk::new(status, error(code).leak());
        let outcome = clerk.objects_with(given(Some("t"))).probe().await;
        let Err(ObjectError::Unavailable { trouble, detail }) = &outcome else {
            panic!("{code}: {outcome:?}");
        };
        assert_eq!(*trouble, wanted, "{code}: {detail}");
        assert!(code == "NoSuchBucket" || detail.contains(code), "{detail}");
    }
}

#[tokio::test]
async fn an_address_is_signed_for_one_object_and_type_and_a_short_time() {
    let clerk = Clerk::new(200, "");
    let objects = clerk.objects_with(given(Some("ofsession")));
    assert_eq!(objects.public_origin(), Some("https://photos.example"));
    let address = objects.address(&super::key("a/b c"), "image/jpeg").await;
    let address = address.expect("signed").expect("a public endpoint");
    let (path, query) = address.split_once('?').expect("a query");
    assert_eq!(path, "https://photos.example/plainclothes/a/b%20c");
    for part in [
        "X-Amz-Expires=300",
        "X-Amz-Security-Token=ofsession",
        "response-content-type=image%2Fjpeg",
        "response-content-disposition=inline",
        "X-Amz-Credential=GIVEN%2F",
    ] {
        assert!(query.contains(part), "{part}: {query}");
    }
    assert_eq!(clerk.seen.lock().expect("nobody panicked").len(), 0);
}
