//! Properties as trials: one body each, a trial for each target, whose name stands at the end.

use libtest_mimic::{Arguments, Trial};

use crate::{Setup, gpu_is_required, targets};

/// A property: its name, and a body that panics where it does not hold.
pub type Property = (&'static str, fn(&Setup));

/// Runs each property on every target, as the command line asks, and ends the process.
///
/// A target that this machine lacks is an ignored trial, or a failed one under `MANYLANE_REQUIRE_GPU=1`.
pub fn on_every_target(properties: &[&[Property]]) -> ! {
    let arguments = Arguments::from_args();
    let setups = asked_for(&arguments, targets());
    let mut trials = Vec::new();
    for (name, body) in properties.iter().copied().flatten().copied() {
        for setup in &setups {
            let skip = setup.missing().is_some() && !gpu_is_required();
            let setup = setup.clone();
            let trial = Trial::test(format!("{name}::{}", setup.name), move || {
                body(&setup);
                Ok(())
            });
            trials.push(trial.with_ignored_flag(skip));
        }
    }
    if let Some(setup) = setups.iter().find(|setup| setup.missing().is_some()) {
        eprintln!("{} is left out: {}", setup.name, setup.missing().unwrap_or_default());
    }
    libtest_mimic::run(&arguments, trials).exit()
}

/// Those of `setups` that the trials which `arguments` select run on. A runner that starts a process for each trial names it,
/// and looking for other targets' drivers would take most of its time.
pub fn asked_for(arguments: &Arguments, mut setups: Vec<Setup>) -> Vec<Setup> {
    if let (true, Some(name)) = (arguments.exact, &arguments.filter) {
        setups.retain(|setup| name.ends_with(&format!("::{}", setup.name)));
    }
    setups
}
