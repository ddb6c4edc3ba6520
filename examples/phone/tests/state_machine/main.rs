//! Phones, a desk, a line that breaks and a server that is killed, in any order: every finished audit is on the server exactly once
//! as it was finished, or in quarantine for the reason that the rules predict, and phones hold the visits that they should.
//!
//! The server is the real one, in a process of its own; the phones are the reference client with folders of their own. Cases are
//! drawn by proptest and shrink to the shortest story that breaks a promise. `PROPTEST_RNG_SEED` repeats a run,
//! `PROPTEST_CASES` makes it longer.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod commands;
mod proxy;
mod stage;
mod system;
mod truth;

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest as _};

use crate::commands::Story;
use crate::stage::Stage;
use crate::system::System;

const CASES: u32 = 12;
/// No case begins after this.
const ENOUGH: Duration = Duration::from_secs(45);
const COMMANDS: std::ops::Range<usize> = 10..30;
/// Of the runs that make a failing story shorter.
const SHRINKS_MAX: u32 = 100;

#[test]
fn nothing_is_lost_doubled_or_altered_whatever_happens() {
    let given = Config::default();
    let seed = match given.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => u64::from(std::process::id()) << 32 | u64::from(rand_from_the_clock()),
    };
    let config = Config {
        // proptest's own default is for tests without a server.
        cases: if given.cases == 256 {
            CASES
        } else {
            given.cases
        },
        rng_seed: RngSeed::Fixed(seed),
        max_shrink_iters: SHRINKS_MAX,
        failure_persistence: None,
        ..given
    };
    let stage = Arc::new(Stage::open());
    let began = Instant::now();
    let stories = Story::sequential_strategy(COMMANDS);
    let mut runner = TestRunner::new(config.clone());
    let played = Cell::new(0);
    // Making a failing story shorter takes the time that it takes.
    let has_failed = Cell::new(false);
    let result = runner.run(&stories, |(start, commands, seen)| {
        if config.cases == CASES && began.elapsed() > ENOUGH && !has_failed.get() {
            return Ok::<_, TestCaseError>(());
        }
        played.set(played.get() + 1);
        has_failed.set(true);
        system::on(&stage, || {
            System::test_sequential(config.clone(), start, commands, seen);
        });
        has_failed.set(false);
        Ok(())
    });
    eprintln!(
        "{} stories in {:.0} s; PROPTEST_RNG_SEED={seed} repeats them",
        played.get(),
        began.elapsed().as_secs_f64()
    );
    let tally = stage.tally.lock().unwrap();
    tally
        .iter()
        .for_each(|(what, times)| eprintln!("{times:>6} {what}"));
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, (_, story, _))) => {
            panic!("PROPTEST_RNG_SEED={seed}: {why}\nthe shortest story: {story:#?}")
        }
        Err(other) => panic!("PROPTEST_RNG_SEED={seed}: {other}"),
    }
}

/// Only to be another number in each run; the seed that comes of it is printed.
fn rand_from_the_clock() -> u32 {
    uuid::Uuid::new_v4().as_fields().0
}
