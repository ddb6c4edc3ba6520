//! One photo by tus 1.0, at an address that is known in advance: its SHA-256. So a lost answer loses nothing.
//!
//! Not here: how large a chunk is (`chunk.rs`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::Method;

use crate::chunk::Pace;
use crate::digest::upload_checksum;
use crate::line::{Answer, Ask, Line};
use crate::problem::Failure;
use crate::traffic::Kind;

/// How often in a row one upload may be cut or told that it stands elsewhere, without getting on, before it is left for
/// another round.
const DETOURS_MAX: u32 = 5;

/// A photo to be sent.
#[derive(Clone, Debug)]
pub struct Photo {
    pub sha256: String,
    pub bytes: Bytes,
    /// Such as image/jpeg.
    pub media_type: String,
}

/// Sends a photo from where the server stands to its end. `begun_bytes` is where it was last heard to stand; when that is
/// wrong it costs one refusal, while asking each time would cost every time. `reached` is told every offset that the
/// server acknowledges: these bytes are durable there.
///
/// # Errors
/// 422 `photo_digest_mismatch` when the whole is not what its name says: the upload is to be begun anew, once.
pub async fn send(
    line: &Line,
    pace: &mut Pace,
    photo: &Photo,
    begun_bytes: u64,
    mut reached: impl FnMut(u64) -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    let length = photo.bytes.len() as u64;
    let mut offset = if begun_bytes > 0 && begun_bytes < length {
        begun_bytes
    } else {
        begin(line, photo).await?
    };
    let mut detours = 0;
    while offset < length {
        match append(line, pace, photo, offset).await {
            Ok(now) => {
                offset = now;
                detours = 0;
            }
            Err(failure) => {
                detours += 1;
                if detours > DETOURS_MAX || !is_detour(&failure) {
                    return Err(failure);
                }
                // The answer may be lost and the chunk not: only the server knows where it stands.
                let now = match stand(line, &photo.sha256).await? {
                    Some(stands) => stands,
                    None => begin(line, photo).await?,
                };
                if now > offset {
                    detours = 0;
                }
                offset = now;
            }
        }
        reached(offset)?;
    }
    Ok(())
}

/// What asking where the upload stands can mend: the line broke (none); it expired (404); it stands elsewhere (409); the
/// chunk was damaged on its way (460).
fn is_detour(failure: &Failure) -> bool {
    matches!(failure, Failure::NoConnection(_)) || matches!(failure.status(), Some(404 | 409 | 460))
}

/// Begins an upload, or finds the one that was begun; the offset to go on from.
async fn begin(line: &Line, photo: &Photo) -> Result<u64, Failure> {
    let metadata = format!(
        "sha256 {},filetype {}",
        STANDARD.encode(&photo.sha256),
        STANDARD.encode(&photo.media_type)
    );
    let ask = tus(Method::POST, "/photos".to_owned())
        .header("upload-length", photo.bytes.len())
        .header("upload-metadata", metadata);
    offset(&line.send(ask).await?)
}

/// Where the upload stands; `None` when the server has never heard of it, or not any more.
async fn stand(line: &Line, name: &str) -> Result<Option<u64>, Failure> {
    match line
        .send(tus(Method::HEAD, format!("/photos/{name}")))
        .await
    {
        Ok(answer) => offset(&answer).map(Some),
        Err(failure) if failure.status() == Some(404) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Sends the next chunk and learns from how that went. The new offset.
async fn append(line: &Line, pace: &mut Pace, photo: &Photo, at: u64) -> Result<u64, Failure> {
    let chunk = pace.chunk(&photo.bytes, at);
    let mut ask =
        tus(Method::PATCH, format!("/photos/{}", photo.sha256)).header("upload-offset", at);
    if pace.is_checked() {
        ask = ask.header("upload-checksum", upload_checksum(&chunk));
    }
    let began = std::time::Instant::now();
    let sent = line
        .send(ask.bytes("application/offset+octet-stream", chunk))
        .await
        .and_then(|answer| offset(&answer));
    match sent {
        Ok(reached) if reached > at => {
            pace.went_well(began.elapsed());
            Ok(reached)
        }
        Ok(_) => Err(Failure::Spoiled("an upload that stands still".to_owned())),
        Err(failure) => {
            match &failure {
                Failure::NoConnection(_) => pace.was_cut(),
                failure if matches!(failure.status(), Some(422 | 460)) => pace.was_damaged(),
                _ => {}
            }
            Err(failure)
        }
    }
}

fn tus(method: Method, path: String) -> Ask {
    Ask::new(Kind::Photo, method, path).header("tus-resumable", "1.0.0")
}

fn offset(answer: &Answer) -> Result<u64, Failure> {
    answer
        .header("upload-offset")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Failure::Spoiled("an upload without an offset".to_owned()))
}
