//! What every server has to keep, whoever made it.

use std::time::Duration;

use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use super::super::{ObjectError, ObjectKey};
use super::evidence;
use super::store::Store;
use crate::domain::ids::{AgencyId, Sha256};
use crate::domain::photo::RenditionSize;

fn rendition(original: &[u8]) -> ObjectKey {
    let agency = AgencyId(uuid::Uuid::from_u128(7));
    ObjectKey::rendition(agency, Sha256::of(original), RenditionSize::Small)
}

fn noise(bytes: usize) -> Bytes {
    let mut state = 7u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..bytes).map(|_| next()).collect()
}

#[tokio::test]
async fn what_is_put_can_be_got_and_is_gone_when_deleted() {
    let store = Store::new().await;
    let photo = Bytes::from_static(b"a photo");
    let key = evidence(&photo);
    assert_eq!(store.head(&key).await.expect("head"), None);
    for _ in 0..2 {
        store
            .put(&key, photo.clone(), "image/jpeg")
            .await
            .expect("put");
        assert_eq!(store.head(&key).await.expect("head"), Some(7));
        assert_eq!(store.get(&key).await.expect("get"), photo);
        assert_eq!(store.check(&key).await.expect("check"), 7);
    }
    store.probe().await.expect("ready");
    for _ in 0..2 {
        store
            .delete(&key)
            .await
            .expect("it is no error to delete twice");
    }
    assert_eq!(store.head(&key).await.expect("head"), None);
    for gone in [store.get(&key).await.err(), store.check(&key).await.err()] {
        assert!(matches!(gone, Some(ObjectError::NotFound)), "{gone:?}");
    }
}

/// The largest goes in three parts where objects go in parts.
#[tokio::test]
async fn the_empty_object_and_large_ones_are_kept() {
    let store = Store::new().await;
    for bytes in [0, 1, 300_000, (8 << 20) + 1, 17 << 20] {
        let content = noise(bytes);
        let key = evidence(&content);
        for _ in 0..2 {
            store
                .put(&key, content.clone(), "image/png")
                .await
                .expect("put");
        }
        assert!(store.get(&key).await.expect("get") == content, "{bytes}");
        assert_eq!(store.check(&key).await.expect("check"), bytes as u64);
    }
    let unfinished = store.unfinished(i64::MAX, Duration::ZERO).await;
    assert_eq!(unfinished.expect("a list"), []);
}

#[tokio::test]
async fn content_that_is_not_what_its_key_says_is_never_sent() {
    let store = Store::new().await;
    let other = Bytes::from_static(b"another");
    let outcome = store.put(&evidence(b"a photo"), other, "image/jpeg").await;
    assert!(
        matches!(outcome, Err(ObjectError::Corrupt { .. })),
        "{outcome:?}"
    );
    assert_eq!(store.names().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_put_whose_digest_is_wrong_leaves_what_was_there() {
    let store = Store::new().await;
    let kept = Bytes::from_static(b"what was there");
    let key = rendition(b"a photo");
    store
        .put(&key, kept.clone(), "image/jpeg")
        .await
        .expect("put");
    let put = || {
        let request = store.raw.put_object().bucket(&store.bucket);
        request
            .key(key.as_str())
            .body(ByteStream::from_static(b"other bytes"))
    };
    let wrong_sha256 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    for request in [
        put().checksum_sha256(wrong_sha256),
        put().checksum_sha1("qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
        put().checksum_crc32("NSRBwg=="),
        put().checksum_crc32_c("NSRBwg=="),
        put().content_md5("kAFQmDzST7DWlj99KOF/cg=="),
    ] {
        let refusal = request.send().await.expect_err("a wrong digest");
        let status = refusal
            .raw_response()
            .map(|answer| answer.status().as_u16());
        assert_eq!(status, Some(400), "{refusal:?}");
        assert_eq!(store.get(&key).await.expect("get"), kept);
    }
    put()
        .send()
        .await
        .expect("the same put without a wrong digest goes through");
}

#[tokio::test]
async fn other_content_under_a_key_is_found_and_mended_by_the_next_put() {
    let store = Store::new().await;
    for (photo, key) in [
        (Bytes::from_static(b"a photo"), evidence(b"a photo")),
        (noise(9 << 20), evidence(&noise(9 << 20))),
    ] {
        store
            .put(&key, photo.clone(), "image/jpeg")
            .await
            .expect("put");
        let mut damaged = photo.to_vec();
        damaged[3] ^= 1;
        for wrong in [damaged, photo[..photo.len() - 1].to_vec(), Vec::new()] {
            let request = store.raw.put_object().bucket(&store.bucket);
            request
                .key(key.as_str())
                .body(ByteStream::from(wrong))
                .send()
                .await
                .expect("damage is done");
            for found in [store.get(&key).await.err(), store.check(&key).await.err()] {
                assert!(
                    matches!(found, Some(ObjectError::Corrupt { .. })),
                    "{found:?}"
                );
            }
            store
                .put(&key, photo.clone(), "image/jpeg")
                .await
                .expect("mended");
            assert!(store.get(&key).await.expect("get") == photo);
        }
    }
}

#[tokio::test]
async fn a_rendition_that_is_made_anew_takes_the_old_ones_place() {
    let store = Store::new().await;
    let key = rendition(b"a photo");
    for made in [&b"by an old version"[..], b"by a new version", b""] {
        let made = Bytes::from_static(made);
        store
            .put(&key, made.clone(), "image/jpeg")
            .await
            .expect("put");
        assert_eq!(store.get(&key).await.expect("get"), made);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_puts_of_the_same_content_all_succeed() {
    let store = Store::new().await;
    let photo = noise(50_000);
    let key = evidence(&photo);
    let puts = (0..16).map(|_| {
        let (objects, key, photo) = (store.objects.clone(), key.clone(), photo.clone());
        tokio::spawn(async move { objects.put(&key, photo, "image/jpeg").await })
    });
    for outcome in futures::future::join_all(puts).await {
        outcome.expect("no panic").expect("put");
    }
    assert_eq!(store.get(&key).await.expect("get"), photo);
    assert_eq!(store.names().await, [key.as_str()]);
}

#[tokio::test]
async fn a_range_gives_that_part() {
    let store = Store::new().await;
    let key = rendition(b"digits");
    store
        .put(&key, Bytes::from_static(b"0123456789"), "text/plain")
        .await
        .expect("put");
    let get = |range| {
        let request = store.raw.get_object().bucket(&store.bucket);
        request.key(key.as_str()).range(range).send()
    };
    for (range, wanted, of) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=4-", "456789", "bytes 4-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=8-99", "89", "bytes 8-9/10"),
    ] {
        let part = get(range).await.expect(range);
        assert_eq!(part.content_range(), Some(of));
        assert_eq!(part.content_type(), Some("text/plain"));
        let bytes = part.body.collect().await.expect("content").into_bytes();
        assert_eq!(bytes, wanted.as_bytes(), "{range}");
    }
    let refusal = get("bytes=10-").await.expect_err("beyond the end");
    let status = refusal
        .raw_response()
        .map(|answer| answer.status().as_u16());
    assert_eq!(status, Some(416), "{refusal:?}");
}

#[tokio::test]
async fn a_list_goes_on_after_any_name_in_the_order_of_bytes() {
    let store = Store::new().await;
    let mut put: Vec<String> = ["a/1", "a/10", "a/2", "a", "ä", "b/%20 +", "Z"]
        .map(str::to_owned)
        .to_vec();
    for name in &put {
        let request = store.raw.put_object().bucket(&store.bucket);
        let body = ByteStream::from_static(b"12");
        request.key(name).body(body).send().await.expect("put");
    }
    put.sort();
    assert_eq!(store.names().await, put);
    for (at, name) in put.iter().enumerate() {
        let rest = store.list(name).await.expect("a list");
        let names: Vec<&String> = rest.iter().map(|object| &object.name).collect();
        assert_eq!(names, put[at + 1..].iter().collect::<Vec<_>>());
        assert!(rest.iter().all(|object| object.content_bytes == 2));
    }
}
