// Integers are added in one step.
fn ml_join_own(at: u32, value: ML_T) { atomicAdd(&ml_own[at], bitcast<u32>(value)); }
fn ml_join_all(at: u32, value: ML_T) { atomicAdd(&ml_out[at], bitcast<u32>(value)); }
