// Which places are selected: those of whose values a kernel says so, by anything but zero.
fn ml_chosen(i: u32) -> ML_T { return ML_VALUE; }
fn ml_selected(i: u32) -> bool { return !(ML_WANTED(ml_chosen(i)) == 0); }

