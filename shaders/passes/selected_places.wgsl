// As where values are selected, but what is written is the place in the launch.
fn ml_chosen(i: u32) -> u32 { return ml_params.slots[0].y + i; }
fn ml_selected(i: u32) -> bool { return !(ML_WANTED(ML_VALUE) == 0); }

