// Results of an invocation each way, and steps that lie in the workgroup's memory at once.
const ml_per: u32 = 8u;
const ml_deep: u32 = 8u;
