//! `manylane info`.

use std::fmt::Write;

use manylane::prelude::*;

use crate::args::InfoArgs;
use crate::bench::size::bytes;
use crate::failure::Failure;
use crate::host::{self, Adapter, Host};
use crate::{Outcome, output};

pub fn run(args: &InfoArgs) -> Outcome {
    let host = Host::tested(&Runtime::new()?);
    if args.json {
        let json = serde_json::to_string_pretty(&host);
        let json =
            json.map_err(|error| Failure::new(format!("the description cannot be written: {error}")))?;
        return output::print(&(json + "\n"));
    }
    output::print(&text(&host))
}

fn text(host: &Host) -> String {
    let levels: Vec<String> = host
        .levels
        .iter()
        .map(|level| if *level == host.level { format!("[{level}]") } else { level.clone() })
        .collect();
    let cache = |size: usize| if size == 0 { "-".to_owned() } else { bytes(size as u64) };
    let memory = if host.memory == 0 { "unknown".to_owned() } else { bytes(host.memory) };
    let mut text = format!(
        "cpu      {}\ncores    {}, launches use {} threads\nsimd     {} (in brackets: in use; MANYLANE_SIMD forces one)\n\
         caches   L1 {}, L2 {}, L3 {}\nmemory   {memory}\n",
        host.cpu,
        host.cores,
        host.threads,
        levels.join(" "),
        cache(host.caches.l1),
        cache(host.caches.l2),
        cache(host.caches.l3),
    );
    if host.adapters.is_empty() {
        let _ = writeln!(text, "{}", host::NO_GPU);
    }
    for adapter in &host.adapters {
        describe(adapter, &mut text);
    }
    text
}

fn describe(adapter: &Adapter, text: &mut String) {
    let kind = if adapter.software {
        "software: it runs on the CPU, right but no faster than its lanes"
    } else {
        adapter.kind.as_str()
    };
    let limits = &adapter.limits;
    let _ = writeln!(
        text,
        "{}    {} ({kind})\n         {}, driver {} {}\n         a binding holds {}, a buffer {}; {} storage buffers; {} invocations and {} in a group, {} groups in a row",
        adapter.target,
        adapter.name,
        adapter.backend,
        adapter.driver,
        adapter.driver_info,
        bytes(limits.max_binding),
        bytes(limits.max_buffer),
        limits.storage_buffers,
        limits.max_invocations,
        bytes(limits.workgroup_bytes.into()),
        limits.max_groups,
    );
    if let Some(test) = &adapter.self_test {
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        let _ = writeln!(
            text,
            "         self-test passed; sums and strict kernels as on the CPU, to the bit: {} (contracts: {}, tree sum: {}, division: {}, square root: {}, subnormals: {})",
            yes(test.same_bits),
            yes(test.contracts),
            yes(test.tree_sum),
            yes(test.exact_division),
            yes(test.exact_sqrt),
            yes(test.subnormals),
        );
    }
    if let Some(link) = &adapter.link {
        let _ = writeln!(
            text,
            "         answers within {:.1} µs and takes {:.1} GB/s (timed when it was opened)",
            link.latency * 1e6,
            link.rate / 1e9
        );
    }
    if let Some(why) = &adapter.refused {
        let _ = writeln!(text, "         cannot be used: {why}");
    }
}
