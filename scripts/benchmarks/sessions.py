"""What an import by sessions costs the machine: into an org without limits that processes at once and lets one session
follow the other, so that nothing waits."""
from benchmarks.ways import DECLARED, by_sessions
from rehearsal import Org

SIZES, QUICK_SIZES = [10_000, 100_000, 300_000], [10_000, 30_000]
# At once, and with no pause between two.
AT_ONCE = [*DECLARED, "--identity-source-gap", "0s", "--identity-source-speed", "instant"]
MOST = 1.5
COLUMNS = ["people", "in a group", "plan, CPU-µs per person", "import, CPU-µs per person", "import", "people/s", "peak",
           "the books, bytes per person", "the org, CPU-µs per person"]


def measure(bench, findings):
    sizes, rows, peaks = QUICK_SIZES if bench.quick else SIZES, [], {}
    for people in sizes:
        rows.append(cells(one(bench, people, [], peaks), people, "–"))
    rows.append(cells(one(bench, sizes[0], ["--groups", "Staff"], {}), sizes[0], "all"))
    findings.table(COLUMNS, rows)
    for people in sizes[1:]:
        times = peaks[people] / peaks[sizes[0]]
        findings.figure(f"peak with {people:,} people, beside {sizes[0]:,}", times, f"{times:.2f} times", f"at most {MOST}", times <= MOST)


def one(bench, people, options, peaks):
    options = [*by_sessions(0), *options]
    source, books = bench.people(people), bench.folder / f"weighed-{people}-{len(options)}"
    with Org(bench.muster, "--concurrency", "2000", *AT_ONCE) as org:
        plan = bench.ran(org, "plan", source, "--dir", bench.folder / f"plans-{people}-{len(options)}", *options)
        ran = bench.imported(org, source, *options, books=books)
    peaks[people] = ran.memory
    size = sum(file.stat().st_size for file in books.glob("*") if file.is_file())
    return plan, ran, size, org.cpu


def cells(found, people, grouped):
    plan, ran, size, org = found
    each = lambda cpu: f"{cpu / people * 1e6:.0f}"
    return [f"{people:,}", grouped, each(plan.cpu), each(ran.cpu), f"{ran.wall:.1f} s", f"{people / ran.wall:,.0f}",
            f"{ran.memory:.0f} MiB", f"{size / people:,.0f}", each(org)]
