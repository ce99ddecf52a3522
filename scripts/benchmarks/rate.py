"""How near an import comes to the most creates that this org takes, on this machine, from a plain load generator."""
import os, re, shutil, subprocess

from benchmarks.clock import seconds
from rehearsal import Org

ROWS = 20_000
SECONDS = 4
# Threads and connections of the generator; requests in flight of the import, none for its own choice.
TRIED = [(1, 1), (1, 4), (1, 8), (1, 16), (1, 32), (1, 64), (2, 32), (2, 128)]
IN_FLIGHT = [None, 16, 32, 64]

SCRIPT = """local threads = 0
function setup(thread) thread:set("number", threads) threads = threads + 1 end
function init() made = 0 end
local parts = {{ {parts} }}
wrk.method = "POST"
{headers}
function request()
  made = made + 1
  local name = string.format("w%02d%0{digits}d", number, made)
  return wrk.format(nil, nil, nil, table.concat(parts, name))
end
"""


def measure(bench, findings):
    taken = generated(bench, findings)
    best = 0.0
    for in_flight in IN_FLIGHT:
        options = ["--max-in-flight", str(in_flight)] if in_flight else []
        with Org(bench.muster, "--concurrency", "2000") as org:
            run = bench.imported(org, bench.people(ROWS), *options)
            creating, whole = rate_of(org, ROWS), ROWS / run.wall
        own = f"with {in_flight} in flight" if in_flight else "as by default"
        findings.figure(f"import {own}", creating, f"{creating:,.0f} creates/s, {whole:,.0f} rows/s with start, plan and reports")
        best = max(best, creating)
        if taken:
            findings.figure(f"import {own}, beside the generator", creating / taken, f"{creating / taken:.2f}")
    if taken:
        findings.figure("best import, beside the generator", best / taken, f"{best / taken:.2f}")


def generated(bench, findings):
    """The most that the generator reached; nothing where there is none."""
    if not installed():
        findings.note("The load generator is left out: `wrk` is not here and could not be installed.")
        return None
    pattern, best, tried = bench.pattern(), 0.0, []
    script = bench.folder / "creates.lua"
    script.write_text(script_for(pattern))
    for threads, connections in TRIED:
        with Org(bench.muster, "--concurrency", "2000") as org:
            command = ["wrk", "-t", str(threads), "-c", str(connections), "-d", f"{SECONDS}s", "-s", script, org.url + pattern.path]
            said = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True).stdout
            statuses = org.ask("stats")["requests"]["by_status"]
        if set(statuses) != {"200"}:
            findings.note(f"The generator met {statuses}, and its rate is not of creates alone.")
        rate = float(re.search(r"Requests/sec:\s*([\d.]+)", said).group(1))
        tried.append(f"{rate:,.0f} with {connections}")
        best = max(best, rate)
    findings.figure("load generator (wrk), the best", best, f"{best:,.0f} creates/s of {len(pattern.body)} bytes")
    findings.note(f"Creates a second of the generator by connections: {', '.join(tried)}.")
    return best


def script_for(pattern):
    parts = ", ".join(f"[==[{part}]==]" for part in pattern.body.split(pattern.placeholder))
    headers = "\n".join(f'wrk.headers["{name}"] = [==[{value}]==]' for name, value in pattern.headers.items())
    return SCRIPT.format(parts=parts, headers=headers, digits=len(pattern.placeholder) - 3)


def installed():
    if not shutil.which("wrk") and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-q", "wrk"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return shutil.which("wrk")


def rate_of(org, rows):
    """Creates a second from the first to the last, by the org's own clock."""
    first, last = (moment(org, number) for number in (0, rows - 1))
    return (rows - 1) / max(last - first, 1e-3)


def moment(org, number):
    return seconds(org.lines(f"writes?from={number}&limit=1")[0]["at"])
