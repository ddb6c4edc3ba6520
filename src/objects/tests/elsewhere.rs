//! Servers that are not there, that are full, that break off, that know less than others, or that lie.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use s3s::dto::*;
use s3s::{S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};

use super::super::{Keys, ObjectError, Objects, RemoteS3, Trouble, embedded};
use super::evidence;

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let server = RemoteS3 {
        endpoint: Some(format!("http://{address}")),
        keys: Some(Keys {
            access_key: "canary".into(),
            secret_key: "canary".into(),
        }),
        ..embedded::server()
    };
    let objects = Objects::remote(&server).await.expect("a client");
    let error = objects.probe().await.expect_err("nobody there");
    assert!(
        matches!(
            error,
            ObjectError::Unavailable {
                trouble: Trouble::NoAnswer,
                ..
            }
        ),
        "{error}"
    );
    assert!(!format!("{server:?} {error:?} {objects:?}").contains("canary"));
}

/// Acknowledges every put, and then has what it likes.
struct Liar {
    has: Option<&'static [u8]>,
    put_error: Option<S3ErrorCode>,
}

#[async_trait::async_trait]
impl S3 for Liar {
    async fn put_object(
        &self,
        _: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        match &self.put_error {
            None => Ok(S3Response::new(PutObjectOutput::default())),
            Some(code) => {
                let mut error = S3Error::new(code.clone());
                error.set_status_code(http::StatusCode::INSUFFICIENT_STORAGE);
                Err(error)
            }
        }
    }

    async fn head_object(
        &self,
        _: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        Err(s3_error!(NoSuchKey))
    }

    async fn get_object(
        &self,
        _: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let content = self.has.ok_or_else(|| s3_error!(NoSuchKey))?;
        Ok(S3Response::new(GetObjectOutput {
            body: Some(s3s::Body::from(Bytes::from_static(content)).into()),
            content_length: Some(content.len() as i64),
            ..Default::default()
        }))
    }
}

#[tokio::test]
async fn a_server_that_only_says_it_has_an_object_is_found_out() {
    let photo = Bytes::from_static(b"a photo");
    let put_to = async |liar: Liar| {
        let objects = Objects::inside(embedded::serve(liar));
        objects
            .put(&evidence(&photo), photo.clone(), "image/jpeg")
            .await
    };
    let honest = Liar {
        has: Some(b"a photo"),
        put_error: None,
    };
    assert!(put_to(honest).await.is_ok());
    for wrong in [&b"a phot0"[..], b"", b"a photo and more"] {
        let outcome = put_to(Liar {
            has: Some(wrong),
            put_error: None,
        })
        .await;
        assert!(
            matches!(outcome, Err(ObjectError::Corrupt { .. })),
            "{outcome:?}"
        );
    }
    let outcome = put_to(Liar {
        has: None,
        put_error: None,
    })
    .await;
    assert!(
        matches!(outcome, Err(ObjectError::Unavailable { .. })),
        "{outcome:?}"
    );
    let full = S3ErrorCode::Custom("InsufficientStorage".into());
    let outcome = put_to(Liar {
        has: None,
        put_error: Some(full),
    })
    .await;
    assert!(matches!(outcome, Err(ObjectError::Full)), "{outcome:?}");
}

/// Gives at most so many bytes, and then the line breaks.
struct Breaking {
    content: &'static [u8],
    piece_bytes: usize,
    knows_ranges: bool,
    gets: Arc<AtomicUsize>,
}

#[async_trait::async_trait]
impl S3 for Breaking {
    async fn get_object(
        &self,
        req: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        self.gets.fetch_add(1, Ordering::Relaxed);
        let whole = self.content.len() as u64;
        let asked = req.input.range.filter(|_| self.knows_ranges);
        let part = asked.map_or(Ok(0..whole), |range| range.check(whole))?;
        let rest = &self.content[part.start as usize..part.end as usize];
        let piece = &rest[..rest.len().min(self.piece_bytes)];
        let pieces = futures::stream::iter(std::iter::once(Ok(Bytes::from_static(piece))).chain(
            (piece.len() < rest.len()).then(|| Err(std::io::Error::other("the line broke"))),
        ));
        Ok(S3Response::new(GetObjectOutput {
            body: Some(StreamingBlob::wrap(pieces)),
            content_length: Some(rest.len() as i64),
            content_range: asked.map(|_| format!("bytes {}-{}/{whole}", part.start, part.end - 1)),
            ..Default::default()
        }))
    }
}

#[tokio::test]
async fn what_breaks_off_is_gone_on_with_where_it_broke() {
    let photo = b"a photo as it was taken";
    let reading = async |piece_bytes, knows_ranges| {
        let gets = Arc::default();
        let server = Breaking {
            content: photo,
            piece_bytes,
            knows_ranges,
            gets: Arc::clone(&gets),
        };
        let objects = Objects::inside(embedded::serve(server));
        let got = objects.get(&evidence(photo)).await;
        (got, gets.load(Ordering::Relaxed))
    };
    let (got, gets) = reading(photo.len(), true).await;
    assert_eq!((&got.expect("get")[..], gets), (&photo[..], 1));
    let (got, gets) = reading(6, true).await;
    assert_eq!((&got.expect("get")[..], gets), (&photo[..], 4));
    let (got, gets) = reading(5, true).await;
    assert!(
        matches!(got, Err(ObjectError::Unavailable { .. })),
        "{got:?}"
    );
    assert_eq!(gets, 4, "and then it is given up");
    let (got, gets) = reading(20, false).await;
    assert!(
        matches!(got, Err(ObjectError::Unavailable { .. })),
        "{got:?}"
    );
    assert_eq!(gets, 2);
}

/// Knows no conditions, and says so.
#[derive(Default)]
struct Plain {
    has: Mutex<Option<Bytes>>,
    refused: Arc<AtomicUsize>,
}

#[async_trait::async_trait]
impl S3 for Plain {
    async fn put_object(
        &self,
        req: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        if req.input.if_none_match.is_some() {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(s3_error!(NotImplemented));
        }
        let content = super::super::digests::collect(req.input.body).await?;
        *self.has.lock().expect("nobody panicked") = Some(content.concat().into());
        Ok(S3Response::new(PutObjectOutput::default()))
    }

    async fn get_object(
        &self,
        _: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let content = self.has.lock().expect("nobody panicked").clone();
        let content = content.ok_or_else(|| s3_error!(NoSuchKey))?;
        Ok(S3Response::new(GetObjectOutput {
            content_length: Some(content.len() as i64),
            body: Some(s3s::Body::from(content).into()),
            ..Default::default()
        }))
    }
}

#[tokio::test]
async fn a_server_that_knows_no_conditions_is_asked_once_and_then_without() {
    let server = Plain::default();
    let refused = Arc::clone(&server.refused);
    let objects = Objects::inside(embedded::serve(server));
    for photo in [&b"a photo"[..], b"another", b"another"] {
        let photo = Bytes::from_static(photo);
        objects
            .put(&evidence(&photo), photo.clone(), "image/jpeg")
            .await
            .expect("put");
    }
    assert_eq!(refused.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_ca_file_that_is_of_no_use_stops_the_start_and_is_named() {
    let folder = super::folder();
    let file = folder.path().join("ca.pem");
    let refusal = async || {
        let server = RemoteS3 {
            ca_file: Some(file.clone()),
            ..embedded::server()
        };
        let error = Objects::remote(&server).await.expect_err("of no use");
        let text = error.to_string();
        assert!(
            text.contains("s3.ca_file") && text.contains("ca.pem"),
            "{text}"
        );
        text
    };
    assert!(refusal().await.contains("No such file"));
    let armour = |inside: &str| {
        format!("-----BEGIN CERTIFICATE-----\n{inside}\n-----END CERTIFICATE-----\n")
    };
    let wrong = [
        String::new(),
        "text".to_owned(),
        armour("!!"),
        armour("AAAA"),
    ];
    for pem in wrong {
        std::fs::write(&file, &pem).expect("a file");
        refusal().await;
    }
}
