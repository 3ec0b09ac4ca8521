// Which places are selected: those whose values differ from the one before, and the first. NaN differs from everything.
fn ml_chosen(i: u32) -> ML_T { return ML_VALUE; }
fn ml_selected(i: u32) -> bool {
    if (i == 0u) { return true; }
    return !(ml_chosen(i) == ml_chosen(i - 1u));
}

