"""What the books cost: an import with them on the disk beside one with them in memory, and the books alone."""
import pathlib, re, statistics, subprocess, tempfile

from benchmarks.rate import rate_of
from rehearsal import ROOT, Org

ROWS, ROUNDS = 10_000, 5
MEMORY = pathlib.Path("/dev/shm")
MOST = 0.05


def measure(bench, findings):
    on_disk_or_not(bench, findings)
    alone(bench, findings)


def on_disk_or_not(bench, findings):
    if not MEMORY.is_dir():
        findings.note("Books in memory are left out: there is no /dev/shm.")
        return
    rates = {"disk": [], "memory": []}
    # One after the other again and again, so that whatever else the machine does strikes both.
    for at in range(ROUNDS):
        for place in ("disk", "memory") if at % 2 else ("memory", "disk"):
            with tempfile.TemporaryDirectory(dir=bench.folder if place == "disk" else MEMORY, prefix="muster-") as books:
                with Org(bench.muster, "--concurrency", "2000") as org:
                    bench.imported(org, bench.people(ROWS), books=pathlib.Path(books))
                    rates[place].append(rate_of(org, ROWS))
    disk, memory = (statistics.median(rates[place]) for place in ("disk", "memory"))
    cost = 1 - disk / memory
    findings.figure("books on the disk", disk, f"{disk:,.0f} creates/s, the median of {ROUNDS}")
    findings.figure("books in memory", memory, f"{memory:,.0f} creates/s, the median of {ROUNDS}")
    findings.figure("throughput that the disk costs", cost, f"{cost:.1%}", f"below {MOST:.0%}", cost < MOST)


def alone(bench, findings):
    if not (ROOT / "crates/muster-ledger/examples/books.rs").exists():
        findings.note("The books alone are left out: muster-ledger has no example `books` yet.")
        return
    books = bench.example("muster-ledger", "books")
    said = subprocess.run([books, "100000", bench.folder], check=True, stdout=subprocess.PIPE, text=True).stdout
    parts = dict(re.findall(r"^(\w+) +([\d.]+) CPU-µs per row", said, re.MULTILINE))
    each = ", ".join(f"{part} {float(cost):.1f}" for part, cost in parts.items() if part != "sum")
    cost = float(parts["sum"])
    findings.figure("the books alone", cost, f"{cost:.1f} CPU-µs per row")
    findings.note(f"CPU-µs per row of the books alone: {each}.")
