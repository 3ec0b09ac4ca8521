#!/usr/bin/env bash
# Measures on a machine with a real GPU, with binaries built elsewhere:
#
#   cargo build --release -p manylane-cli
#   cargo test --release --no-run --test matrix --test bits       (cargo prints where the binaries are)
#   benches/record/on-gpu.sh OUT target/release/manylane [TEST-BINARY ...]
#
# OUT gets info.json, bench.json, bench.txt and one log for each test binary. Needs a Vulkan loader (libvulkan.so.1) and
# the GPU's driver there. Fails where the adapter is software or a test fails.
set -euo pipefail
out=$1; manylane=$2; shift 2
mkdir -p "$out"
"$manylane" info --json > "$out/info.json"
"$manylane" info | tee "$out/info.txt"
"$manylane" bench --targets scalar,simd,threads,gpu:0,split --json "$out/bench.json" | tee "$out/bench.txt"
failed=0
for test in "$@"; do
  name=$(basename "$test")
  MANYLANE_REQUIRE_GPU=1 "$test" gpu > "$out/$name.log" 2>&1 || { failed=1; tail -20 "$out/$name.log"; }
done
exit $failed
