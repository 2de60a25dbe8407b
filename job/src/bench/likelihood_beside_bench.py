"""`likelihood`, from the start of its JVM to its results, beside the documents of `bench`: the same lines, in turns.

A machine that is not equally fast from one minute to the next makes two runs one after the other hard to compare. Here
both processes run at the same time, but one of them is always stopped (SIGSTOP), and only a process's own turns count.

    python3 job/src/bench/likelihood_beside_bench.py --in lines.txt [--prune 0.05] [--model DIR]

The lines must have the same length (fold -b -w 1024 makes such a file), for `bench` cuts the file into documents of that length.
Needs a POSIX system and a built job/target/bytelm.jar; nothing but Python's own library.
"""

import argparse
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

JAR = Path(__file__).resolve().parents[2] / "target" / "bytelm.jar"
BEGIN, END = "... documents", "... token level again"
TURN_SECONDS = 6
POLL_SECONDS = 0.02


class Process:
    """A command that goes on only in its turns, and how long those were."""

    def __init__(self, command, log):
        self.log = log
        self.seconds = 0.0
        self.process = subprocess.Popen(command, stdout=log.open("wb"), stderr=subprocess.STDOUT, start_new_session=True)

    def text(self):
        return self.log.read_text(errors="replace")

    def turn(self, is_over):
        """Lets it run for one turn at most; true if it came to its end."""
        begin = time.monotonic()
        self.signal(signal.SIGCONT)
        while not (over := is_over()) and time.monotonic() - begin < TURN_SECONDS:
            time.sleep(POLL_SECONDS)
        self.signal(signal.SIGSTOP)
        self.seconds += time.monotonic() - begin
        return over

    def signal(self, number):
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()


def java(*arguments):
    return ["java", "-jar", str(JAR), *arguments]


def wait_for_documents(bench):
    while BEGIN not in bench.text():
        if bench.process.poll() is not None:
            raise SystemExit(f"bench ended before it scored documents:\n{bench.text()}")
        time.sleep(POLL_SECONDS)


def documents_are_over(bench):
    if END in bench.text():
        return True
    if bench.process.poll() is not None:
        raise SystemExit(f"bench ended while it scored documents:\n{bench.text()}")
    return False


def measure(lines, bytes_of_line, options, directory):
    file, count = str(lines), str(lines.stat().st_size // bytes_of_line)
    bench = Process(
        java("bench", "--in", file, "--documents", count, "--document-bytes", str(bytes_of_line), "--seconds", "100000",
             *options),
        directory / "bench.log")
    likelihood = None
    try:
        wait_for_documents(bench)
        bench_over = bench.turn(lambda: documents_are_over(bench))
        likelihood = Process(
            java("likelihood", "--in", file, "--by", "line", "--out", str(directory / "scores"), *options),
            directory / "likelihood.log")
        likelihood_over = False
        while not (bench_over and likelihood_over):
            likelihood_over = likelihood_over or likelihood.turn(lambda: likelihood.process.poll() is not None)
            bench_over = bench_over or bench.turn(lambda: documents_are_over(bench))
        if likelihood.process.returncode != 0:
            raise SystemExit(f"likelihood failed:\n{likelihood.text()}")
        return likelihood.seconds, bench.seconds
    finally:
        bench.kill()
        if likelihood is not None:
            likelihood.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in", dest="lines", type=Path, required=True, help="a file of lines of the same length")
    parser.add_argument("--prune", default="0.05")
    parser.add_argument("--model", help="a Hugging Face directory; left out: the bundled model")
    arguments = parser.parse_args()
    with arguments.lines.open("rb") as file:
        bytes_of_line = len(file.readline().rstrip(b"\r\n"))
    if bytes_of_line < 2:
        parser.error(f"the first line of {arguments.lines} has {bytes_of_line} bytes; a document needs at least 2")
    options = ["--prune", arguments.prune] + (["--model", arguments.model] if arguments.model else [])
    with tempfile.TemporaryDirectory() as directory:
        likelihood, bench = measure(arguments.lines, bytes_of_line, options, Path(directory))
    print(f"likelihood {likelihood:.1f} s, bench {bench:.1f} s: {bench / likelihood:.1%} of its speed")


if __name__ == "__main__":
    main()
