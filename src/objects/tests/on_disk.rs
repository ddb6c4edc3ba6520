//! What becomes of the files: damage, crashes, and a folder that is not to be had.

use std::fs;
use std::path::Path;

use bytes::Bytes;

use super::super::{ObjectError, Objects};
use super::{evidence, files_under, folder, key, open, raw_on};

#[tokio::test]
async fn what_is_there_and_whole_is_not_written_again() {
    let folder = folder();
    let objects = open(&folder);
    let photo = Bytes::from_static(b"a photo");
    let key = evidence(&photo);
    objects
        .put(&key, photo.clone(), "image/jpeg")
        .await
        .expect("put");
    let file = files_under(folder.path()).remove(0);
    let inode =
        |file: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(file).expect("a file"));
    let before = inode(&file);
    objects
        .put(&key, photo, "image/jpeg")
        .await
        .expect("put again");
    assert_eq!(inode(&file), before);
}

#[tokio::test]
async fn damage_on_the_disk_is_found_and_mended_by_the_next_put() {
    let folder = folder();
    let objects = open(&folder);
    let photo = Bytes::from_static(b"a photo as it was taken");
    let rendition = key("agencies/1/renditions/2/320.jpg");
    for key in [evidence(&photo), rendition] {
        objects
            .put(&key, photo.clone(), "image/jpeg")
            .await
            .expect("put");
        let file = files_under(folder.path()).remove(0);
        let whole = fs::read(&file).expect("a file");
        let mut flipped = whole.clone();
        *flipped.last_mut().expect("content") ^= 1;
        for damaged in [&flipped[..], &whole[..whole.len() - 3]] {
            fs::write(&file, damaged).expect("damage is done");
            let found = objects.get(&key).await;
            assert!(
                matches!(found, Err(ObjectError::Corrupt { .. })),
                "{found:?}"
            );
            objects
                .put(&key, photo.clone(), "image/jpeg")
                .await
                .expect("mended");
            assert_eq!(objects.get(&key).await.expect("get"), photo);
        }
        for unreadable in [&b""[..], b"plainclothes object 1\n{\"name\":", &whole[5..]] {
            fs::write(&file, unreadable).expect("damage is done");
            assert!(matches!(
                objects.get(&key).await,
                Err(ObjectError::NotFound)
            ));
            objects
                .put(&key, photo.clone(), "image/jpeg")
                .await
                .expect("mended");
            assert_eq!(objects.get(&key).await.expect("get"), photo);
        }
        objects.delete(&key).await.expect("delete");
    }
}

#[tokio::test]
async fn what_a_crash_left_is_never_seen_and_swept_at_the_next_start() {
    let folder = folder();
    let objects = open(&folder);
    let photo = Bytes::from_static(b"a photo");
    objects
        .put(&evidence(&photo), photo.clone(), "image/jpeg")
        .await
        .expect("put");
    let whole = fs::read(files_under(folder.path()).remove(0)).expect("a file");
    let abandoned = folder.path().join("temporary/1-0");
    fs::write(&abandoned, &whole[..whole.len() - 2]).expect("a crash");
    let busy = folder.path().join("temporary/2-0");
    let writer = fs::File::create(&busy).expect("another process");
    writer.try_lock().expect("the other process is at it");

    let objects = open(&folder);
    assert!(!abandoned.exists(), "abandoned");
    assert!(busy.exists(), "still being written by another process");
    assert_eq!(objects.get(&evidence(&photo)).await.expect("get"), photo);
    let listed = raw_on(&folder)
        .list_objects_v2()
        .bucket("plainclothes")
        .send();
    assert_eq!(listed.await.expect("list").contents().len(), 1);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named_in_the_error() {
    let folder = folder();
    let in_the_way = folder.path().join("file");
    fs::write(&in_the_way, b"").expect("a file");
    let error = Objects::embedded(&in_the_way.join("objects")).expect_err("a file is no folder");
    let text = error.to_string();
    assert!(
        text.contains("file/objects") && text.contains("Not a directory"),
        "{text}"
    );

    let objects = open(&folder);
    fs::remove_dir(folder.path().join("temporary")).expect("somebody tidies up");
    let error = objects.probe().await.expect_err("nothing can be written");
    assert!(matches!(error, ObjectError::Unavailable { .. }), "{error}");
}
