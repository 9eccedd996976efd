"""What a process and all below it have used of the processor: a driver in Python has a JVM below it, and that its workers."""

import os
from pathlib import Path


def tree_cpu_ms(root: int) -> float:
    """Those that have ended are with who waited for them. Where there is no /proc: of this process and those alone."""
    ticks: dict[int, int] = {}
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may have brackets and blanks of its own.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # gone since
        pid = int(stat.parent.name)
        below.setdefault(int(fields[1]), []).append(pid)
        ticks[pid] = sum(int(used) for used in fields[11:15])
    if root not in ticks:
        return sum(os.times()[:4]) * 1_000
    pids = [root]
    for pid in pids:
        pids.extend(below.get(pid, ()))
    return sum(ticks[pid] for pid in pids) * 1_000 / os.sysconf("SC_CLK_TCK")
