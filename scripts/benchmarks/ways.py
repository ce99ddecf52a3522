"""Both ways in, side by side: the same people by the Users API and by import sessions of an identity source, into an org
of the plan workforce whose clock is ten times as fast.

Every limit has its window of a minute in six seconds, the org processes ten times as fast, and the pause that Okta wants
between two sessions is a tenth. Most of it is waiting, so the imports run side by side."""
import csv, math
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from benchmarks.clock import seconds
from rehearsal import Org

PEOPLE, QUICK_PEOPLE = 30_000, 3_000
# How much faster than Okta's the clock of the org is.
FASTER = 10
WINDOW = 60 // FASTER
# What a token sees of the limits of the plan workforce, in a window: the half of the org's.
LIMITS = {"users": 300, "user-writes": 300, "user-reads": 1000, "groups": 250, "group": 500, "apps": 50, "logs": 60,
          "identity-source-sessions": 15, "identity-source-bulk": 300, "other": 600}
# Seconds between two sessions, and people processed in a window: a tenth and ten times of what Okta's documents lead
# one to expect.
GAP, SPEED = 300 // FASTER, 2000
SOURCE = "0oaBENCHBENCHBENCH00"
# The source, with the attributes that the made-up people have.
DECLARED = ["--identity-source", f"HR={SOURCE}", *(word for name in ("department", "title", "city", "employeeNumber")
                                                   for word in ("--identity-source-attribute", f"HR:{name}"))]
BY_API = ["--mode", "staged", "--create-groups"]
GROUP = ["--groups", "Staff"]
# One row in so many is another one the next time, and the column that differs.
CHANGED, COLUMN = 100, "title"
COLUMNS = ["", "people", "measured", "on a real clock", "people sent", "requests", "requests per person", "sessions",
           "429", "what bounds it"]


def by_sessions(gap):
    """The words of an import by sessions between which the org wants so many seconds."""
    return ["--via", "identity-source", "--identity-source-id", SOURCE, "--external-id", "employeeNumber", "--session-gap", gap,
            "--poll", 1]


class Found(NamedTuple):
    """An import, and what the org has seen of it."""

    name: str
    people: int
    wall: float
    requests: int
    refused: int
    sent: int
    sessions: int
    bound: str


def measure(bench, findings):
    people = QUICK_PEOPLE if bench.quick else PEOPLE
    source, changed = bench.people(people), altered(bench.people(people))
    # The lines of the table, and what is imported one after another into the same org.
    courses = [[("a: Users API", source, BY_API)], [("a2: the same, everybody in a group", source, BY_API + GROUP)],
               [("b: import sessions", source, by_sessions(GAP)), ("c: b once more, 1 % of the rows changed", changed, by_sessions(GAP))],
               [("b2: import sessions, everybody in a group", source, by_sessions(GAP) + GROUP)]]
    with ThreadPoolExecutor(len(courses)) as threads:
        found = [found for course in threads.map(lambda course: imports(bench, people, course), courses) for found in course]
    found.sort(key=lambda found: found.name.split(":")[0])
    findings.table(COLUMNS, [row(one) for one in found])
    beside(findings, {one.name.split(":")[0]: one for one in found})
    findings.note(f"The org's clock is {FASTER} times as fast: windows of {WINDOW} s with the limits of a minute ("
                  + ", ".join(f"{name} {limit}" for name, limit in LIMITS.items()) + f"), {SPEED:,} people processed in "
                  f"{WINDOW} s, {GAP} s between two sessions, no latency. Measured is the whole command, with plan and reports; "
                  f"on a real clock is {FASTER} times that, which counts what the machine itself does {FASTER} times, too.")


def beside(findings, found):
    """One way beside the other."""
    for what, one, other in (("sessions beside the Users API", "b", "a"), ("the same with a group", "b2", "a2")):
        time, requests = found[one].wall / found[other].wall, found[one].requests / found[other].requests
        findings.figure(what, time, f"{time:.0%} of the time, {requests:.1%} of the requests")


def altered(source):
    """The same people, of whom one in a hundred has another title."""
    path = source.with_name(f"changed-{source.name}")
    with open(source, newline="", encoding="utf-8") as read, open(path, "w", newline="", encoding="utf-8") as write:
        rows = csv.DictReader(read)
        changed = csv.DictWriter(write, rows.fieldnames)
        changed.writeheader()
        for at, row in enumerate(rows):
            changed.writerow({**row, COLUMN: f"{row[COLUMN]} II"} if at % CHANGED == 0 else row)
    return path


def imports(bench, people, course):
    """Imports into one org with one set of books."""
    limits = [word for name, limit in LIMITS.items() for word in ("--limit", f"{name}={limit}/{WINDOW}s")]
    processing = [*DECLARED, "--identity-source-gap", f"{GAP}s", "--identity-source-speed", f"{SPEED}/{WINDOW}s"]
    books = bench.folder / f"books-of-{course[0][0].split(':')[0]}"
    with Org(bench.muster, *limits, *processing) as org:
        return [one(bench, org, books, people, *line) for line in course]


def one(bench, org, books, people, name, source, options):
    before, sessions_before = org.ask("stats"), len(org.ask("import-sessions"))
    ran = bench.imported(org, source, *options, books=books)
    after, sessions = org.ask("stats"), org.ask("import-sessions")[sessions_before:]
    requests = after["requests"]["total"] - before["requests"]["total"]
    refused = after["quota_429"] - before["quota_429"]
    through_a_source = "--via" in options
    sent = sum(session["people"] for session in sessions) if through_a_source else after["creates_accepted"]
    bound = bound_of_sessions(sessions, ran.wall) if through_a_source else bound_of_creates(people, ran.wall)
    return Found(name, people, ran.wall, requests, refused, sent, len(sessions), bound)


def bound_of_creates(people, wall):
    """The time that the limit alone takes: whole windows, and of the last one only its requests."""
    windows = math.ceil(people / math.floor(0.9 * LIMITS["users"])) - 1
    return f"the limit of creates: {windows * WINDOW:,} of {wall:,.0f} s"


def bound_of_sessions(sessions, wall):
    """Where the time went, as the org saw it: processing counts first, then loading, then what lies between."""
    times = [[seconds(session[name]) for name in ("created", "triggered", "last_updated")] for session in sessions]
    processing, loading = [(begun, over) for _, begun, over in times], [(begun, over) for begun, over, _ in times]
    processed, both = covered(processing), covered(processing + loading)
    whole = max(over for _, _, over in times) - min(begun for begun, _, _ in times)
    parts = {"processing": processed, "loading": both - processed, "the pause between sessions": whole - both,
             "plan, settling, reports": wall - whole}
    told = sorted(parts.items(), key=lambda part: -part[1])
    return ", ".join(f"{name} {spent:,.1f} s" for name, spent in told if spent >= 0.05)


def covered(spans):
    """The seconds that lie in any of these spans."""
    total, reached = 0.0, -math.inf
    for begin, end in sorted(spans):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total


def row(found):
    real = found.wall * FASTER / 60
    return [found.name, f"{found.people:,}", f"{found.wall:,.0f} s", f"{real:,.1f} min", f"{found.sent:,}", f"{found.requests:,}",
            f"{found.requests / found.people:.4f}", found.sessions or "–", found.refused, found.bound]
