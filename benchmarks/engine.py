"""Meta-gradients per second: ours beside other packages, and beside the machine's limit.

    python benchmarks/engine.py              every table; about half an hour
    python benchmarks/engine.py --quick      one strided, one pooled, one sinusoid workload
    python benchmarks/engine.py --only W1s1,W3s5 --repeats 9

Peers run if they import; put learn2learn's sources, TorchOpt and higher on PYTHONPATH. In every
repetition each candidate runs once, in turn; ratios are medians over repetitions of the ratio
within one, so that a load that comes and goes touches both sides. Peak memory is that of a child
process that runs the candidate alone.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine_peers import Iteration, peers
from engine_workloads import GROWTH, WORKLOADS, Workload, operations

from workbench.engine import Engine

QUICK = ("W1s1", "W1p1", "W3s1")
BASE = "learn2learn"
OURS = "ours"
GENERAL = "ours, any module"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="workloads, separated by commas")
    parser.add_argument("--repeats", type=int, default=0)
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--no-growth", action="store_true")
    parser.add_argument("--child", nargs=2, metavar=("WORKLOAD", "CANDIDATE"))
    args = parser.parse_args()
    if args.child:
        _child(*args.child)
        return
    names = args.only.split(",") if args.only else QUICK if args.quick else tuple(WORKLOADS)
    repeats = args.repeats or (3 if args.quick else 5)
    _describe()
    _first_table(names, repeats, memory=not args.no_memory)
    if not args.quick and not args.only and not args.no_growth:
        _second_table(max(3, repeats // 2), memory=not args.no_memory)


def _describe() -> None:
    print(f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads,")
    print(f"torch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}")


def _candidates(work: Workload) -> tuple[dict[str, Iteration], Callable[[], None]]:
    """Every way to the gradient, and what ends our threads."""
    data, engines = work.episodes(), []
    made = peers(work, data)
    for name, strategy in ((GENERAL, "general"), (OURS, "auto")):
        engine = Engine(work.model(), work.spec, strategy=strategy)
        made[name] = _iteration(engine, work, data)
        engines.append(engine)
    return made, lambda: [engine.close() for engine in engines] and None


def _iteration(engine: Engine, work: Workload, data: object) -> Iteration:
    weights = engine.initial()
    return lambda: engine.meta_gradient(weights, data, work.loop, 0).gradients


def _first_table(names: tuple[str, ...], repeats: int, *, memory: bool) -> None:
    for name in names:
        work = WORKLOADS[name]
        made, close = _candidates(work)
        peak = _peak()
        times = _paired(made, repeats)
        floor = operations(work) / peak
        best = _best_peer(times)
        print(f"\n{name}: floor {1e3 * floor:.1f} ms at {peak / 1e9:.0f} GFLOP/s")
        print(f"{'':18}{'ms':>9}{'x l2l':>8}{'x best':>8}{'floor':>8}{'MB':>7}{'error':>10}")
        exact = made[OURS]()
        for candidate, seen in times.items():
            error = _error(made[candidate](), exact)
            used = _child_memory(name, candidate) if memory else 0
            print(
                f"{candidate:18}{1e3 * statistics.median(seen):9.1f}"
                f"{_ratio(times.get(BASE), seen):8.2f}{_ratio(times.get(best), seen):8.2f}"
                f"{floor / statistics.median(seen):8.0%}{used:7.0f}{error:10.1e}",
                flush=True,
            )
        close()


def _second_table(repeats: int, *, memory: bool) -> None:
    """How time and memory grow, ours and the base."""
    print(f"\n{'':22}{'ours ms':>9}{'l2l ms':>9}{'ratio':>7}{'ours MB':>9}{'l2l MB':>8}")
    for name, work in GROWTH.items():
        made, close = _candidates(work)
        times = _paired({n: f for n, f in made.items() if n in {BASE, OURS}}, repeats)
        base = times.get(BASE, [float("nan")])
        used = [_child_memory(name, n) if memory else 0 for n in (OURS, BASE)]
        print(
            f"{name:22}{1e3 * statistics.median(times[OURS]):9.1f}"
            f"{1e3 * statistics.median(base):9.1f}{_ratio(base, times[OURS]):7.2f}"
            f"{used[0]:9.0f}{used[1]:8.0f}",
            flush=True,
        )
        close()


def _paired(made: dict[str, Iteration], repeats: int) -> dict[str, list[float]]:
    """Seconds of every candidate in every repetition, after one to warm up."""
    times: dict[str, list[float]] = {name: [] for name in made}
    for repetition in range(repeats + 1):
        for name, iteration in made.items():
            inner, start = 0, time.perf_counter()
            while not inner or time.perf_counter() - start < 0.05:
                iteration()
                inner += 1
            if repetition:
                times[name].append((time.perf_counter() - start) / inner)
    return times


def _peak(seconds: float = 1.0) -> float:
    """Operations a second of the best convolution, one thread a core."""
    rates: list[float] = []

    def work() -> None:
        torch.set_num_threads(1)
        x = torch.randn(16, 64, 14, 14).contiguous(memory_format=torch.channels_last)
        w = torch.randn(64, 64, 3, 3).contiguous(memory_format=torch.channels_last)
        best, until = float("inf"), time.perf_counter() + seconds
        while time.perf_counter() < until:
            start = time.perf_counter()
            for _ in range(4):
                torch.conv2d(x, w, None, 1, 1)
            best = min(best, (time.perf_counter() - start) / 4)
        rates.append(2 * 16 * 14 * 14 * 64 * 64 * 9 / best)

    threads = [threading.Thread(target=work) for _ in range(torch.get_num_threads())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(rates)


def _error(found: dict[str, torch.Tensor], exact: dict[str, torch.Tensor]) -> float:
    """Largest difference, relative to the norm of the whole gradient."""
    norm = torch.stack([g.norm() for g in exact.values()]).norm()
    return float(max((found[n] - g).norm() for n, g in exact.items() if n in found) / norm)


def _best_peer(times: dict[str, list[float]]) -> str:
    others = [name for name in times if name not in {OURS, GENERAL}]
    return min(others, key=lambda name: statistics.median(times[name]), default="")


def _ratio(base: list[float] | None, seen: list[float]) -> float:
    if base is None:
        return float("nan")
    return statistics.median(one / other for one, other in zip(base, seen, strict=True))


def _child(workload: str, candidate: str) -> None:
    made, close = _candidates((WORKLOADS | GROWTH)[workload])
    for _ in range(3):
        made[candidate]()
    close()
    print(_peak_megabytes())


def _peak_megabytes() -> float:
    """Of this process alone: the maximum that getrusage tells includes its parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _child_memory(workload: str, candidate: str) -> float:
    command = [sys.executable, __file__, "--child", workload, candidate]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(done.stdout.split()[-1]) if done.returncode == 0 else float("nan")


if __name__ == "__main__":
    main()
