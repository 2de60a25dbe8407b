"""What is left of `bench`'s figures where another process uses one of the machine's cores.

Each build that is named runs `bench` with the machine for itself and beside a loop that never waits, pinned to core 1 at
the same priority; builds and conditions take turns. Printed are the medians of the rounds, in bytes/s, and their ratio. A
scheduler that is fair leaves 75 % of two cores.

    python3 job/src/bench/busy_machine.py --in FILE --model DIR [--jar OLD.jar --jar NEW.jar] [--rounds 2] [--seconds 10]

Needs Linux with two cores or more, and a built job/target/bytelm.jar if no other is named; nothing but Python's own library.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

JAR = Path(__file__).resolve().parents[2] / "target" / "bytelm.jar"
NEIGHBOUR_CORE = 1
CONDITIONS = ("alone", "beside")


def figures(report):
    """Of a report of `bench --json`, by name, in bytes per second."""
    rows = {"token level": report["token_level_bytes_per_second"]}
    for threshold, documents in report["by_threshold"].items():
        rows[f"documents, {threshold}"] = documents["document_bytes_per_second"]
    for sessions, speed in report["streaming_bytes_per_second"].items():
        rows[f"{sessions} sessions"] = speed
    return rows


def bench(jar, options):
    command = ["java", "-jar", str(jar), "bench", "--json", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return figures(json.loads(done.stdout.strip().splitlines()[-1]))


def beside_a_neighbour(jar, options):
    neighbour = subprocess.Popen(
        [sys.executable, "-c", "while True: pass"], preexec_fn=lambda: os.sched_setaffinity(0, {NEIGHBOUR_CORE}))
    try:
        return bench(jar, options)
    finally:
        neighbour.kill()
        neighbour.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--in", dest="file", required=True)
    parser.add_argument("--model")
    parser.add_argument("--jar", action="append")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--prune", default="0.05")
    parser.add_argument("--sessions", default="1,32")
    arguments = parser.parse_args()
    if os.cpu_count() < 2:
        raise SystemExit("this machine has one core; nothing would be left beside a neighbour")
    options = ["--in", arguments.file, "--seconds", str(arguments.seconds), "--prune", arguments.prune, "--sessions",
               arguments.sessions]
    options += ["--model", arguments.model] if arguments.model else []
    jars = arguments.jar or [str(JAR)]
    measured = {(jar, condition): [] for jar in jars for condition in CONDITIONS}
    for _ in range(arguments.rounds):
        for jar in jars:
            measured[jar, "alone"].append(bench(jar, options))
            measured[jar, "beside"].append(beside_a_neighbour(jar, options))
    for jar in jars:
        print(jar)
        print(f"  {'bytes/s':<18}{'alone':>8}{'beside':>8}")
        for name in measured[jar, "alone"][0]:
            alone, beside = (statistics.median(run[name] for run in measured[jar, which]) for which in CONDITIONS)
            print(f"  {name:<18}{alone:>8.4g}{beside:>8.4g}{beside / alone:>6.0%}")


if __name__ == "__main__":
    main()
