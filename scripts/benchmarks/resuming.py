"""How long it takes from `muster resume` to the first request for a user, in a large run that was killed half way."""
import time
from typing import NamedTuple

from benchmarks.clock import seconds
from rehearsal import Org, ended

ROWS, QUICK_ROWS = 1_000_000, 100_000
MOST = 2.0


class Interrupted(NamedTuple):
    """A run that was killed half way, and gone on with."""

    rows: int
    done: int
    planned: float
    first_request: float
    # The larger one of both processes, in MiB. That of the second counts if it was let to the end.
    memory: float


def measure(bench, findings):
    found = bench.interrupted()
    findings.figure(f"rows done before the kill, of {found.rows:,}", found.done, f"{found.done:,}")
    findings.figure("import to its first create", found.planned, f"{found.planned:.1f} s")
    findings.figure("resume to its first request for a user", found.first_request, f"{found.first_request:.2f} s",
                    f"at most {MOST:.0f} s", found.first_request <= MOST)


def interrupt(bench, whole):
    """Kills an import half way and resumes it; to its end, if `whole`."""
    rows = QUICK_ROWS if bench.quick else ROWS
    with Org(bench.muster, "--concurrency", "2000") as org:
        began, books = time.time(), bench.folder / f"books-{rows}"
        process = bench.started(org, bench.people(rows), books=books)
        while process.poll() is None and accepted(org) < rows // 2:
            time.sleep(0.05)
        if process.poll() is not None:
            raise SystemExit(f"scripts/bench: the import ended with {process.returncode}: {bench.last_words(process)}")
        process.kill()
        _, _, memory = ended(process)
        done = org.ask("stats")["users"]
        planned = seconds(org.lines("writes?from=0&limit=1")[0]["at"]) - began
        began, process = time.time(), bench.resumed(org, books)
        first = first_request(org, process, began) - began
        if not whole:
            process.kill()
        memory = max(memory, ended(process)[2])
    return Interrupted(rows, done, planned, first, memory)


def accepted(org):
    return sum(window["accepted"] for window in org.ask("windows") if window["bucket"] == "users")


def first_request(org, process, began):
    """When the org saw it. Neither what is asked of the org itself nor the look at the limit of its users counts."""
    while process.poll() is None:
        asked = [seconds(request["at"]) for request in org.ask("requests?limit=1000") if is_for_a_user(request)]
        since = [at for at in asked if at >= began]
        if since:
            return min(since)
        time.sleep(0.02)
    raise SystemExit(f"scripts/bench: the resume ended with {process.returncode} and without a request")


def is_for_a_user(request):
    path = request["path_and_query"]
    return path.startswith("/api/v1/users") and not (request["method"] == "GET" and path.startswith("/api/v1/users?limit"))
