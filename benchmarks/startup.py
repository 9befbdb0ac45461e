"""How long the program takes to start, as a ratio to a bare interpreter, and what it imports on the way.

Run: python benchmarks/startup.py. The median of 21 interleaved starts each; the aim is at most 60 ms above a bare
start.
"""

import statistics
import subprocess
import sys
import time

HEAVY = ("can", "cantools", "numpy", "scipy", "pydantic", "yaml", "rich", "pytest", "robot", "jinja2", "argparse")
COMMANDS = {
    "bare interpreter": ["-P", "-c", "pass"],
    "hil --version": ["-P", "-m", "harness", "--version"],
    "hil run --help": ["-P", "-m", "harness", "run", "--help"],
}


def main() -> None:
    took: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(21):
        for name, arguments in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            took[name].append(time.perf_counter() - began)
    bare = statistics.median(took["bare interpreter"])
    for name, times in took.items():
        middle = statistics.median(times)
        print(f"{name:<18} {middle * 1e3:7.1f} ms   x {middle / bare:.2f}   {(middle - bare) * 1e3:+.1f} ms")
    probe = "import runpy, sys; sys.argv = ['hil', '--version']; runpy.run_module('harness', run_name='__main__')"
    code = f"import atexit, sys; atexit.register(lambda: print([m for m in {HEAVY!r} if m in sys.modules])); {probe}"
    listed = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False)
    print("heavy modules imported by --version:", listed.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
