"""Run a command and print its resource use. A small separate process: the peak memory of a child starts with its parent's."""

import json
import os
import sys
import time

start = time.perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_process, status, used = os.wait4(process, 0)
wall = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
result = {"cpu": used.ru_utime + used.ru_stime, "wall": wall, "memory": used.ru_maxrss * unit / 1e6}
print(f"\n{json.dumps(result)}", flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
