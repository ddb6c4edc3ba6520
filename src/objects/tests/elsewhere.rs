//! Servers that are not there, that are full, or that lie.

use bytes::Bytes;
use s3s::dto::*;
use s3s::{S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};

use super::super::{ObjectError, Objects, RemoteS3, embedded};
use super::evidence;

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let server = RemoteS3 {
        endpoint: Some(format!("http://{address}")),
        secret_key: "canary-secret".into(),
        ..embedded::server()
    };
    let error = Objects::remote(&server)
        .probe()
        .await
        .expect_err("nobody there");
    assert!(matches!(error, ObjectError::Unavailable(_)), "{error}");
    assert!(!format!("{server:?} {error:?}").contains("canary"));
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
        let objects = Objects::new(&embedded::server(), embedded::serve(liar), 1);
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
        matches!(outcome, Err(ObjectError::Unavailable(_))),
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
