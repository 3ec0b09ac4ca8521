//! Random numbers: known answers, the same numbers on every target and in every split, and that they are random.
//!
//! A trial of a target is named `property::target`; those of the numbers themselves stand alone, because every target
//! gives the same.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

mod known;
mod same;
mod statistics;

use libtest_mimic::{Arguments, Trial};
use manylane::Target;
use manylane_testkit::{Property, asked_for, bit_targets, gpu_is_required, targets};

const ALL: &[Property] = &[
    ("known_answers", known::answers),
    ("philox_of_any_counter", known::any_counter),
    ("words_of_a_generator", known::words_of_a_generator),
    ("uniform_numbers", same::uniform),
    ("normal_numbers", same::normal),
    ("integers_below", same::below),
    ("integers_of_a_range", same::range),
    ("draws_in_branches_and_loops", same::branches),
    ("fused_with_what_follows", same::fused),
    ("permutations", same::permutations),
    ("shuffles", same::shuffles),
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let auto = targets().into_iter().filter(|setup| setup.target == Target::Auto);
    for setup in asked_for(&arguments, bit_targets().into_iter().chain(auto).collect()) {
        for (name, body) in ALL.iter().copied() {
            let skip = setup.missing().is_some() && !gpu_is_required();
            let setup = setup.clone();
            let trial = Trial::test(format!("{name}::{}", setup.name), move || {
                body(&setup);
                Ok(())
            });
            trials.push(trial.with_ignored_flag(skip));
        }
    }
    for (name, body) in statistics::ALL.iter().copied() {
        trials.push(Trial::test(name, move || {
            body();
            Ok(())
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}
