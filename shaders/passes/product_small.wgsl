// Results of an invocation each way, and steps that lie in the workgroup's memory at once.
const ml_per: u32 = 4u;
const ml_deep: u32 = 16u;
