"""What the emulated org takes, in its own process and without a wire, beside what an import has sent it: it must never
be the org that holds a rehearsal up. And the room that it needs for its users."""
import re, subprocess

from benchmarks.rate import rate_of
from rehearsal import Org

ROWS, USERS = 20_000, 100_000


def measure(bench, findings):
    with Org(bench.muster, "--concurrency", "2000") as org:
        bench.imported(org, bench.people(ROWS))
        sent = rate_of(org, ROWS)
    million = bench.example("muster-emulator", "million")
    said = subprocess.run([million, str(USERS)], check=True, stdout=subprocess.PIPE, text=True).stdout
    told = lambda pattern: int(re.search(pattern, said, re.MULTILINE).group(1))
    taken = told(r"^creates .*?(\d+)/s")
    room = told(r"^memory with the users +(\d+) MB") - told(r"^memory before the users +(\d+) MB")
    findings.figure("the org takes", taken, f"{taken:,} users/s")
    findings.figure("times what an import sends", taken / sent, f"{taken / sent:.1f}", "more than 1", taken > sent)
    findings.figure(f"room for {USERS:,} users", room, f"{room} MB")
