"""Whether the memory grows with the file: the peak of imports of 10 thousand, 100 thousand and a million rows."""
from rehearsal import Org

SIZES = [10_000, 100_000]
MOST = 1.5


def measure(bench, findings):
    peaks = {}
    for rows in SIZES:
        with Org(bench.muster, "--concurrency", "2000") as org:
            run = bench.imported(org, bench.people(rows))
        peaks[rows] = run.memory
        findings.figure(f"{rows:,} rows", run.memory, f"peak {run.memory:.0f} MiB")
    if bench.quick:
        findings.note("A million rows are left out, as --quick asks.")
    else:
        million = bench.interrupted()
        peaks[million.rows] = million.memory
        findings.figure(f"{million.rows:,} rows", million.memory, f"peak {million.memory:.0f} MiB")
    for rows in list(peaks)[1:]:
        times = peaks[rows] / peaks[SIZES[0]]
        findings.figure(f"{rows:,} rows, beside {SIZES[0]:,}", times, f"{times:.2f} times", f"at most {MOST}", times <= MOST)
