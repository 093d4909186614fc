"""The engine as a user runs it: started and driven by the real Controller, its processor time and memory read from
/proc."""

import os
import sys
import time
from pathlib import Path

from ai2thor.controller import Controller

COMMAND = f"{sys.executable} -m rls3.engine.launcher"
FOV = 75.0
PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20


class Engine:
    """One Controller and the engine process behind it; `start_s` is the time to the first picture."""

    def __init__(self, scene: str, size: int) -> None:
        before = _programs()
        start = time.perf_counter()
        self.controller = Controller(
            local_executable_path=COMMAND,
            x_display=":0",  # never opened; without one the client asks the environment
            scene=scene,
            width=size,
            height=size,
            fieldOfView=FOV,
            renderDepthImage=True,
            renderInstanceSegmentation=True,
            server_timeout=300,
        )
        self.start_s = time.perf_counter() - start
        self._process = (_programs() - before).pop()

    def cpu_s(self) -> float:
        """Processor time that the engine and this process have used."""
        text = Path(f"/proc/{self._process}/task/{self._process}/schedstat").read_text()
        return int(text.split()[0]) / 1e9 + time.process_time()

    def memory_mib(self) -> float:
        """Resident memory of the engine."""
        return int(Path(f"/proc/{self._process}/statm").read_text().split()[1]) * PAGE_MIB

    def stop(self) -> None:
        self.controller.stop()


def _programs() -> set[int]:
    """Return the process ids of the engines that this process or its children run."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                grandparent = int(Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # it ended meanwhile
                continue
            if b"rls3.engine.program" in command and os.getpid() in (parent, grandparent):
                found.add(int(entry.name))
    return found
