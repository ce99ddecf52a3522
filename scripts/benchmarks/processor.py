"""What a user costs the processor: the import, its plan, and beside them the least possible importer."""
from rehearsal import Org, environment, ran

ROWS = 20_000


def measure(bench, findings):
    source, each = bench.people(ROWS), lambda cpu: cpu / ROWS * 1e6
    bare = bare_loop(bench, findings)
    with Org(bench.muster, "--concurrency", "2000") as org:
        plan = bench.ran(org, "plan", source, "--dir", bench.folder / "plans")
        whole = bench.imported(org, source)
    run = each(whole.cpu - plan.cpu)
    findings.figure("plan", each(plan.cpu), f"{each(plan.cpu):.0f} CPU-µs per user")
    findings.figure("run", run, f"{run:.0f} CPU-µs per user")
    findings.figure("import, both", each(whole.cpu), f"{each(whole.cpu):.0f} CPU-µs per user")
    if bare:
        findings.figure("run, beside the bare loop", run / each(bare.cpu), f"{run / each(bare.cpu):.2f} times")
        findings.figure("import, beside the bare loop", whole.cpu / bare.cpu, f"{whole.cpu / bare.cpu:.2f} times")
    findings.figure("the org, for each of them", each(org.cpu), f"{each(org.cpu):.0f} CPU-µs per user")


def bare_loop(bench, findings):
    loop, pattern = bench.example("muster", "bare"), bench.pattern()
    body = bench.folder / "body.json"
    body.write_text(pattern.body)
    with Org(bench.muster, "--concurrency", "2000") as org:
        taken = ran([loop, ROWS, body, pattern.placeholder, bench.folder], env=environment(org.url, bench.folder))
    if taken.code:
        findings.note(f"The bare loop is left out: it ended with {taken.code}.")
        return None
    each = taken.cpu / ROWS * 1e6
    findings.figure("bare loop", each, f"{each:.0f} CPU-µs per user, {ROWS / taken.wall:,.0f} users/s")
    return taken
