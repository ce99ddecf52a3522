"""The machine that was measured on."""
import os, pathlib, platform, re, statistics, subprocess, time


def words(folder, root):
    """In one line: processor, memory, kernel, disk, release, day."""
    return (f"{processor()}, {os.cpu_count()} cores, {memory():.0f} GiB, {platform.system()} {platform.release()}, "
            f"disk {disk(folder)}; release {release(root)}; {time.strftime('%Y-%m-%d')}")


def load():
    """How much else was going on before; more than a tenth of the cores spoils the figures."""
    return os.getloadavg()[0]


def processor():
    found = re.search(r"model name\s*:\s*(.*)", read("/proc/cpuinfo"))
    return found.group(1) if found else platform.processor() or platform.machine()


def memory():
    found = re.search(r"MemTotal:\s*(\d+)", read("/proc/meminfo"))
    return int(found.group(1)) / 2**20 if found else 0


def disk(folder):
    """Device and file system, and how long it takes to make a page durable."""
    return f"{file_system(folder)}, {synced(folder):.1f} ms for a synced page"


def file_system(folder):
    folder = os.path.realpath(folder)
    mounts = [line.split()[:3] for line in read("/proc/mounts").splitlines()]
    fitting = [mount for mount in mounts if folder == mount[1] or folder.startswith(mount[1].rstrip("/") + "/")]
    device, _, kind = max(fitting, key=lambda mount: len(mount[1]), default=("?", "", "?"))
    return f"{pathlib.Path(device).name} ({kind})"


def synced(folder):
    path, took = os.path.join(folder, "synced"), []
    with open(path, "wb") as file:
        for _ in range(50):
            began = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    os.unlink(path)
    return statistics.median(took) * 1000


def release(root):
    said = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=root, stdout=subprocess.PIPE, text=True)
    return said.stdout.strip() or "unknown"


def read(path):
    try:
        return pathlib.Path(path).read_text()
    except OSError:
        return ""


class Busy:
    """How much of the processors was in use meanwhile, by everybody."""

    def __enter__(self):
        self.before = self.counts()
        return self

    def __exit__(self, *_):
        total, idle = (after - before for after, before in zip(self.counts(), self.before))
        self.part = 1 - idle / total if total else 0.0

    @staticmethod
    def counts():
        ticks = [int(number) for number in (read("/proc/stat").splitlines() or ["cpu 0 0 0 0 0"])[0].split()[1:]]
        return sum(ticks[:8]), sum(ticks[3:5])
