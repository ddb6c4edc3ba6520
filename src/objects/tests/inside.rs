//! The server inside: what is put is there, whole, and nothing else ever is.

use std::fs;
use std::path::PathBuf;

use aws_sdk_s3::config::SharedCredentialsProvider;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use super::super::OBJECT_BYTES_MAX;
use super::super::{ObjectError, Objects, RemoteS3, Trouble, embedded};
use super::{evidence, files_under, folder, key, open, raw, raw_on};

#[tokio::test]
async fn what_is_put_can_be_got_and_is_gone_when_deleted() {
    let folder = folder();
    let objects = open(&folder);
    let photo = Bytes::from_static(b"a photo");
    let key = evidence(&photo);
    assert_eq!(objects.head(&key).await.expect("head"), None);
    objects
        .put(&key, photo.clone(), "image/jpeg")
        .await
        .expect("put");
    assert_eq!(objects.head(&key).await.expect("head"), Some(7));
    assert_eq!(objects.get(&key).await.expect("get"), photo);
    objects.probe().await.expect("ready");

    // another process, later
    let objects = open(&folder);
    assert_eq!(objects.get(&key).await.expect("get"), photo);
    objects.delete(&key).await.expect("delete");
    objects
        .delete(&key)
        .await
        .expect("a second delete is no error");
    assert_eq!(objects.head(&key).await.expect("head"), None);
    assert!(matches!(
        objects.get(&key).await,
        Err(ObjectError::NotFound)
    ));
    assert_eq!(files_under(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn an_object_beyond_the_limit_is_refused_before_it_is_sent() {
    let objects = open(&folder());
    let too_large = Bytes::from(vec![0; OBJECT_BYTES_MAX as usize + 1]);
    let refused = objects.put(&key("large"), too_large, "image/png").await;
    assert!(
        matches!(refused, Err(ObjectError::TooLarge { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_put_whose_digest_is_wrong_leaves_what_was_there() {
    let folder = folder();
    let objects = open(&folder);
    let client = raw_on(&folder);
    let kept = Bytes::from_static(b"what was there");
    objects
        .put(&key("photo"), kept.clone(), "image/jpeg")
        .await
        .expect("put");
    let put = || {
        let request = client.put_object().bucket("plainclothes").key("photo");
        request.body(ByteStream::from_static(b"other bytes"))
    };
    let wrong_sha256 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    for request in [
        put().checksum_sha256(wrong_sha256),
        put().checksum_sha1("qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
        put().checksum_crc32("NSRBwg=="),
        put().checksum_crc32_c("NSRBwg=="),
        put().checksum_crc64_nvme("AAAAAAAAAAA="),
        put().content_md5("kAFQmDzST7DWlj99KOF/cg=="),
    ] {
        let refusal = request.send().await.expect_err("a wrong digest");
        assert_eq!(refusal.code(), Some("BadDigest"), "{refusal:?}");
        assert_eq!(objects.get(&key("photo")).await.expect("get"), kept);
    }
    assert_eq!(
        files_under(folder.path()).len(),
        1,
        "nothing unfinished is left"
    );
    put()
        .send()
        .await
        .expect("the same put with a right digest goes through");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_racing_conditional_puts_one_wins() {
    let folder = folder();
    let client = raw_on(&folder);
    for round in 0..20 {
        let name = format!("round {round}");
        let puts = (0..16u8).map(|writer| {
            let body = ByteStream::from(vec![writer; 20_000]);
            let request = client.put_object().bucket("plainclothes").key(&name);
            tokio::spawn(request.if_none_match("*").body(body).send())
        });
        let mut winners = Vec::new();
        for (writer, outcome) in (0u8..).zip(futures::future::join_all(puts).await) {
            match outcome.expect("no panic") {
                Ok(_) => winners.push(writer),
                Err(lost) => assert_eq!(lost.code(), Some("PreconditionFailed")),
            }
        }
        assert_eq!(winners.len(), 1, "{winners:?}");
        let content = open(&folder).get(&key(&name)).await.expect("get");
        assert!(content.iter().all(|byte| *byte == winners[0]) && content.len() == 20_000);
    }
}

#[tokio::test]
async fn keys_may_be_long_and_odd() {
    let folder = folder();
    let objects = open(&folder);
    let mut names = [
        "a",
        "a/b",
        "a//b",
        "a/",
        "../../etc/passwd",
        "/a",
        ".",
        "con",
        "with space",
        "plus+plus",
        "100%25",
        "ümläut/日本/🦀",
        "quote\"back\\slash",
        "?query=1&b#fragment",
        "A",
        "line\nend",
        "nul\0nul",
    ]
    .map(str::to_owned)
    .to_vec();
    names.extend(["x".repeat(1024), "ä".repeat(512)]);
    for name in &names {
        let content = Bytes::from(name.clone());
        objects
            .put(&key(name), content, "text/plain")
            .await
            .expect(name);
    }
    for name in &names {
        assert_eq!(objects.get(&key(name)).await.expect(name), name.as_bytes());
    }
    assert_eq!(
        files_under(&folder.path().join("objects")).len(),
        names.len()
    );
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
    let too_long = objects
        .put(&key(&"x".repeat(1025)), Bytes::new(), "text/plain")
        .await;
    assert!(
        matches!(too_long, Err(ObjectError::Unavailable { .. })),
        "{too_long:?}"
    );
}

#[tokio::test]
async fn listing_pages_through_a_prefix_in_order() {
    let folder = folder();
    let objects = open(&folder);
    let client = raw_on(&folder);
    for name in ["b/3", "a/1", "b/1", "b/2", "c", "b/4", "b/5"] {
        objects
            .put(&key(name), Bytes::from_static(b"12"), "text/plain")
            .await
            .expect("put");
    }
    let request = client.list_objects_v2().bucket("plainclothes").prefix("b/");
    let mut pages = request.max_keys(2).into_paginator().send();
    let mut names = Vec::new();
    let mut page_sizes = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.expect("a page");
        page_sizes.push(page.contents().len());
        for object in page.contents() {
            assert_eq!(object.size(), Some(2));
            names.push(object.key().expect("a key").to_owned());
        }
    }
    assert_eq!(names, ["b/1", "b/2", "b/3", "b/4", "b/5"]);
    assert_eq!(page_sizes, [2, 2, 1]);
    let request = client
        .list_objects_v2()
        .bucket("plainclothes")
        .start_after("b/4");
    let rest = request.send().await.expect("list");
    assert_eq!(rest.contents().len(), 2);
    assert_eq!(rest.is_truncated(), Some(false));
}

#[tokio::test]
async fn wrong_credentials_and_other_buckets_are_refused() {
    let folder = folder();
    let http = embedded::open(folder.path()).expect("the folder can be used");
    let stranger = raw(http.clone(), "guessed");
    let request = stranger.put_object().bucket("plainclothes").key("a");
    let refusal = request.send().await.expect_err("a stranger");
    assert_eq!(refusal.code(), Some("SignatureDoesNotMatch"));

    let server = RemoteS3 {
        bucket: "other".into(),
        ..embedded::server()
    };
    let keys = SharedCredentialsProvider::new(embedded::keys());
    let objects = Objects::new(&server, keys, http, 1);
    let outcome = objects.put(&key("a"), Bytes::new(), "text/plain").await;
    let Err(ObjectError::Unavailable { trouble, .. }) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(trouble, Trouble::NoBucket);
    let error = objects.probe().await.expect_err("no bucket");
    assert!(
        error.to_string().contains("there is no bucket other"),
        "{error}"
    );
    assert_eq!(files_under(folder.path()), Vec::<PathBuf>::new());
}
