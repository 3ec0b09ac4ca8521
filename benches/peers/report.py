"""python report.py limits.jsonl run1.jsonl [run2.jsonl ...]: best peers, spread, fraction of the limit."""

import json, sys
from collections import defaultdict

lim = {(d["limit"], d["threads"]): d["best"] for d in map(json.loads, open(sys.argv[1]))}
FLOPS = {"bs", "mandel", "sgemm", "nbody", "conv7_f32", "conv7_u8"}
KIND = dict(
    saxpy="saxpy_inplace",
    **{w: "read_sum" for w in ("sum", "mmmv", "dot", "sgemv", "hist8", "hist16")},
    **{
        w: "copy"
        for w in (
            "memcpy",
            "scan_f32",
            "scan_i32",
            "transpose",
            "softmax",
            "gray",
            "gauss_u8",
            "gauss_f32",
            "conv3_f32",
            "conv7_f32",
            "conv3_u8",
            "conv7_u8",
            "resize",
            "resize_aa",
            "equalize",
            "sort",
            "heat",
        )
    },
)
runs = [[json.loads(l) for l in open(f) if l.startswith("{")] for f in sys.argv[2:]]
rows = defaultdict(dict)
for i, r in enumerate(runs):
    for d in r:
        if "skipped" in d:
            continue
        rows[d["workload"], d["size"], d["threads"]].setdefault(d["peer"], {})[i] = d
check = defaultdict(list)
for (w, s, t), ps in rows.items():
    for p, q in ps.items():
        check[w, s].append(list(q.values())[0]["check"])
for (w, s, t), ps in sorted(rows.items(), key=lambda kv: (list(rows).index(kv[0]))):
    tab = sorted((min(d["seconds_min"] for d in q.values()), p, q) for p, q in ps.items())
    med = sorted(c for c in check[w, s] if c == c)
    med = med[len(med) // 2] if med else float("nan")
    print(f"\n{w} {s} t{t}")
    for b, p, q in tab:
        d = min(q.values(), key=lambda d: d["seconds_min"])
        m = min(d["seconds_median"] for d in q.values())
        sp = max(d["seconds_median"] for d in q.values()) / m
        fl = f"{100 * d['gflops'] / lim['fma_avx512', t]:5.1f}% FMA" if w in FLOPS and "gflops" in d else ""
        k = KIND.get(w, "triad")
        suf = {"L": "", "S": "_S"}.get(s, "_M")
        base = max(lim.get((k + suf, t), 0), lim.get((k + "_nt" + suf, t), 0))
        bw = f"{d['gbs']:7.2f} GB/s {100 * d['gbs'] / base:6.1f}% {k}" if "gbs" in d else ""
        ok = (
            ""
            if d["check"] != d["check"] or abs(d["check"] - med) <= 0.02 * abs(med) + 1e-9
            else f"  CHECK {d['check']:.6g} vs {med:.6g}"
        )
        print(f"  {p:18s} {b*1e3:10.4f} ms  med {m*1e3:10.4f}  x{b/tab[0][0]:6.2f}  spread {sp:4.2f}  {bw} {fl}{ok}")
