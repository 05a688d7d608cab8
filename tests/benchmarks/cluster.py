"""A Dask cluster of processes that can be killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, int, list[int]]]:
    """Start a cluster: yields its scheduler's address and process id, and those of its workers, which are not restarted."""
    place = ("--scheduler-file", str(folder / "scheduler.json"))
    module = (sys.executable, "-m")
    with (folder / "log").open("wb") as log:

        def start(*command: str) -> subprocess.Popen[bytes]:
            return subprocess.Popen((*module, *command), cwd=folder, stdout=log, stderr=log)

        scheduler = start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *place)
        nanny = ("--no-nanny", "--nthreads", "1", "--no-dashboard", *place)
        running = [start("distributed.cli.dask_worker", *nanny) for _ in range(workers)]
        try:
            waiting = f"import distributed; c = distributed.Client(scheduler_file={str(folder / 'scheduler.json')!r}, timeout='120s');"
            waiting += f"c.wait_for_workers({workers}); print(c.scheduler.address)"
            address = subprocess.run([sys.executable, "-c", waiting], capture_output=True, text=True, check=True, timeout=240)
            yield address.stdout.strip(), scheduler.pid, [process.pid for process in running]
        finally:
            for process in (*running, scheduler):
                process.kill()
                process.wait()


#: the command; when half of the files are read, it kills a process
KILLING = """\
import os, signal, sys
from sphinx_govreport.cli import common, main

killed = []

def progress(what):
    def step(done, files):
        if done >= files // 2 and not killed:
            killed.append(True)
            os.kill(int(sys.argv[1]), signal.SIGKILL)
    return step

common.progress = progress
code = main(sys.argv[2:])
assert killed
sys.exit(code)
"""


def damage(folder: Path) -> None:
    """Change a sum in every seventh year file, so that there is something to report."""
    for path in sorted(folder.rglob("*.yaml"))[::7]:
        path.write_text(path.read_text("utf-8").replace("carried-in: [", "carried-in: [1"), "utf-8")


def is_alive(process: int) -> bool:
    """Return whether a child process still runs."""
    return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
