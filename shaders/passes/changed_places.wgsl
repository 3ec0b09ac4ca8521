// As where changed values are selected, but what is written is the place in the launch.
fn ml_at(i: u32) -> ML_T { return ML_VALUE; }
fn ml_chosen(i: u32) -> u32 { return ml_params.slots[0].y + i; }
fn ml_selected(i: u32) -> bool {
    if (i == 0u) { return true; }
    return !(ml_at(i) == ml_at(i - 1u));
}

