"""How much of the share an import spends, and whether it ever goes beyond: by rate, by latency, alone and beside others.

A limit of 600 a minute is a window of 6 seconds with 60 requests, and so on; with --long it is a whole minute. Most of
a case is waiting, so they run side by side: all of the small rates at once, the largest a few at a time."""
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from benchmarks.machine import Busy
from rehearsal import Org, ended

SHARE = 0.9
RATES, LATENCIES = [600, 3_000, 60_000], [20, 150, 600]
# Parts of the org's whole bucket, of which the token sees half. Beyond a half there is less left than the token sees.
OTHERS, CROWD = 0.4, 0.7
LARGE = 60_000
# Processes of the largest rate at once, and windows that are waited for: the first and the last are left out.
AT_ONCE, WINDOWS, LARGE_WINDOWS = 2, 6, 5
LEAST_SPENT = 0.99
# Resets are told in whole seconds, so that so much may be lost between one window and the next.
MOST_LOST = 1
COLUMNS = ["per minute", "others", "latency", "windows", "creates per window", "of floor(share × limit)", "by wall time",
           "quota 429", "concurrency 429", "peak in flight", ""]


class Case(NamedTuple):
    rate: int
    others: float
    latency: int

    def left(self, limit):
        """What may be spent of a window: the share of what the token sees, or less where others leave less."""
        return min(int(SHARE * limit), int(2 * limit * (1 - self.others)))


class Measured(NamedTuple):
    case: Case
    length: int
    windows: int
    creates: float
    spent: float
    by_wall: float
    quota_429: int
    concurrency_429: int
    peak: int


def measure(bench, findings):
    cases = [Case(rate, others, latency) for rate in RATES for others in (0, OTHERS) for latency in LATENCIES]
    cases += [Case(rate, CROWD, 150) for rate in RATES if rate < LARGE]
    small = [case for case in cases if case.rate < LARGE]
    large = [case for case in cases if case.rate >= LARGE]
    measured = []
    for group in [small, *(large[at : at + AT_ONCE] for at in range(0, len(large), AT_ONCE))]:
        with Busy() as busy:
            measured += together(bench, group)
        if busy.part > 0.9:
            names = "the small rates" if group is small else ", ".join(f"{case.rate:,} at {case.latency} ms" for case in group)
            findings.note(f"The processors were in use for {busy.part:.0%} of the time with {names}: what is short there may be "
                          "the machine's.")
    findings.table(COLUMNS, [row(found) for found in sorted(measured)])
    length = "whole minutes" if bench.long else "windows of 6 seconds with a tenth of the rate in each"
    findings.note(f"Share {SHARE}; {length}. Others are a part of the org's bucket, twice what the token sees. Wanted: no quota "
                  f"429, at least {LEAST_SPENT:.0%} of the windows that are counted, and at most {MOST_LOST} s lost between them. "
                  f"Beside {CROWD:.0%} the token sees more than there is: then the part is of what is left, more than all of it "
                  "means that others found the bucket empty, and nothing is judged.")


def together(bench, cases):
    """Runs them side by side."""
    for case in cases:
        source_of(bench, case)
    with ThreadPoolExecutor(len(cases)) as threads:
        return list(threads.map(lambda case: one(bench, case), cases))


def seconds(bench):
    return 60 if bench.long else 6


def limit_of(bench, case):
    return case.rate * seconds(bench) // 60


def windows_of(case):
    return LARGE_WINDOWS if case.rate >= LARGE else WINDOWS


def source_of(bench, case):
    """More people than there is time for."""
    return bench.people(int(limit_of(bench, case) * (windows_of(case) + 2)))


def one(bench, case):
    length, limit = seconds(bench), limit_of(bench, case)
    options = ["--limit", f"users={limit}/{length}s", "--latency", f"{case.latency}ms"]
    if case.others:
        options += ["--background", f"users={int(2 * case.rate * case.others)}/min"]
    wishes = ["--share", str(SHARE)]
    # At 60,000 a minute and 600 ms there are 540 requests under way: more than Okta's own limit has room for.
    if case.rate >= LARGE:
        options += ["--concurrency", "2000"]
        wishes += ["--max-in-flight", "1000"]
    with Org(bench.muster, *options) as org:
        process = bench.started(org, source_of(bench, case), *wishes)
        wait_for_creates(org, process, limit)
        time.sleep((windows_of(case) - 0.5) * length)
        stats, windows = org.ask("stats"), users_windows(org)
        if process.poll() is not None:
            raise SystemExit(f"the import ended with {process.returncode} before its time: {bench.last_words(process)}")
        process.kill()
        ended(process)
    return judged(case, limit, length, windows, stats)


def users_windows(org):
    return [window for window in org.ask("windows") if window["bucket"] == "users"]


def wait_for_creates(org, process, limit):
    """Past the plan, which is not the subject here."""
    while process.poll() is None:
        if sum(window["accepted"] for window in users_windows(org)) > min(10, limit // 4):
            return
        time.sleep(0.2)


def judged(case, limit, length, windows, stats):
    """The first window and the last are not whole. The wall time goes from the end of the first to that of the last but one."""
    counted, left = windows[1:-1], case.left(limit)
    creates = sum(window["accepted"] for window in counted)
    wall = counted[-1]["reset"] - windows[0]["reset"] if counted else 0
    spent = creates / (len(counted) * left) if counted else 0.0
    by_wall = creates / (left * wall / length) if wall else 0.0
    each = creates / len(counted) if counted else 0.0
    told = (stats[name] for name in ("quota_429", "concurrency_429", "peak_in_flight"))
    return Measured(case, length, len(counted), each, spent, by_wall, *told)


def row(found):
    case = found.case
    least_by_wall = LEAST_SPENT * found.length / (found.length + MOST_LOST)
    fine = found.spent >= LEAST_SPENT and found.by_wall >= least_by_wall and found.quota_429 == 0
    verdict = "" if case.others == CROWD else "ok" if fine else "short"
    return [f"{case.rate:,}", f"{case.others:.0%}" if case.others else "–", f"{case.latency} ms", found.windows,
            f"{found.creates:,.1f}", f"{found.spent:.1%}", f"{found.by_wall:.1%}", found.quota_429, found.concurrency_429,
            found.peak, verdict]
