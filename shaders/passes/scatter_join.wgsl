// What stands at a place joined with a value, by any operation: tried again where another was faster.
fn ml_joined(old: u32, value: ML_T) -> u32 { return bitcast<u32>(ml_fold(bitcast<ML_T>(old), value)); }

fn ml_join_own(at: u32, value: ML_T) {
    var old = atomicLoad(&ml_own[at]);
    loop {
        let joined = ml_joined(old, value);
        if (joined == old) { return; }
        let found = atomicCompareExchangeWeak(&ml_own[at], old, joined);
        if (found.exchanged) { return; }
        old = found.old_value;
    }
}

fn ml_join_all(at: u32, value: ML_T) {
    var old = atomicLoad(&ml_out[at]);
    loop {
        let joined = ml_joined(old, value);
        if (joined == old) { return; }
        let found = atomicCompareExchangeWeak(&ml_out[at], old, joined);
        if (found.exchanged) { return; }
        old = found.old_value;
    }
}
