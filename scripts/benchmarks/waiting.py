"""Requests one at a time, as a sequential script makes them, beside the default."""
from rehearsal import Org

ROWS, LATENCY = 1000, "20ms"


def measure(bench, findings):
    took = []
    for options in (["--max-in-flight", "1"], []):
        with Org(bench.muster, "--latency", LATENCY) as org:
            took.append(bench.imported(org, bench.people(ROWS), *options).wall)
    one, many = took
    findings.figure(f"{ROWS:,} users at 20 ms, one at a time", one, f"{one:.1f} s")
    findings.figure(f"{ROWS:,} users at 20 ms, by default", many, f"{many:.1f} s")
    findings.figure("times as fast", one / many, f"{one / many:.1f}", "more than 5", one / many > 5)
