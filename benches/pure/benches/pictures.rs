//! Both renditions of a photo, with its fingerprints, on one thread: `pictures FILE [TIMES]` prints the median and the fastest in
//! milliseconds; `pictures --write FILE` draws a photo of 12 megapixels to measure with; `pictures --compare A B …` tells in
//! how many marks files differ. Started by `benches/pictures`, which measures libvips beside it.

use std::time::Instant;

use plainclothes_bench_pure::domain::photo::{PhotoLimits, sniff};
use plainclothes_bench_pure::imaging::{DECODE_BYTES_MAX, Renditions, renditions};

const LIMITS: PhotoLimits = PhotoLimits {
    photo_bytes_max: 15 << 20,
    photo_pixels_max: 50_000_000,
};

fn made(bytes: &[u8]) -> Renditions {
    let facts = sniff(bytes, &LIMITS).expect("a photo");
    renditions(bytes, &facts, DECODE_BYTES_MAX, &[]).expect("renditions")
}

/// Light that falls off, things with edges, and the noise of a sensor: about as hard to decode as a camera's photo.
fn drawn() -> Vec<u8> {
    let (width, height) = (4000u32, 3000u32);
    let mut state = 77u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    let things: Vec<[u32; 4]> = (0..60)
        .map(|_| {
            [
                next() % width,
                next() % height,
                60 + next() % 700,
                next() % 200,
            ]
        })
        .collect();
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let thing = things.iter().rfind(|[left, top, size, _]| {
                x.abs_diff(*left) < *size / 2 && y.abs_diff(*top) < *size / 3
            });
            let light = thing.map_or(40 + x / 40 + y / 60, |[.., shade]| *shade + y / 100);
            let noise = next() % 12;
            for tint in [6, 0, 10] {
                pixels.push((light + tint + noise).min(255) as u8);
            }
        }
    }
    let mut file = Vec::new();
    jpeg_encoder::Encoder::new(&mut file, 88)
        .encode(&pixels, 4000, 3000, jpeg_encoder::ColorType::Rgb)
        .expect("it is drawn");
    file
}

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--write", file] => std::fs::write(file, drawn()).expect("the file is written"),
        ["--compare", files @ ..] => {
            let prints: Vec<_> = files
                .iter()
                .map(|file| made(&std::fs::read(file).expect("a file")).fingerprint)
                .collect();
            for (at, one) in prints.iter().enumerate() {
                for (other_at, other) in prints.iter().enumerate().skip(at + 1) {
                    let (Some(one), Some(other)) = (one, other) else {
                        continue;
                    };
                    let (coarse, fine) = (one.0.distance(other.0), one.1.distance(other.1));
                    eprintln!(
                        "{} {}: {coarse} of 64, {fine} of 256",
                        files[at], files[other_at]
                    );
                }
            }
        }
        [file, rest @ ..] => {
            let times = rest
                .first()
                .map_or(15, |times| times.parse().expect("a number"));
            let bytes = std::fs::read(file).expect("a file");
            let mut taken_ms: Vec<f64> = (0..times)
                .map(|_| {
                    let began = Instant::now();
                    std::hint::black_box(made(&bytes));
                    began.elapsed().as_secs_f64() * 1000.0
                })
                .collect();
            taken_ms.sort_by(f64::total_cmp);
            eprintln!(
                "median {:.0} ms, fastest {:.0} ms",
                taken_ms[times / 2],
                taken_ms[0]
            );
        }
        // `cargo bench` starts every bench without anything to measure
        [] => eprintln!("name a file: benches/pictures does"),
    }
}
