#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run the gz-* tools on an Apache Spark cluster: one task an export file, the tallies of
the files merged by gz-tally itself.

    spark-submit gz_spark.py --output DIR [options] FILE|GLOB|URL ...

Each task runs `gz-ingest FILE | gz-route | gz-tally`, as it would on one machine. A task
that Spark runs again gives the same bytes again, and its result replaces the lost one, so
nothing is counted twice. Tallies add up in any order, so the merged tally is, to the
byte, what one machine makes of all files.

Local paths must be there on every executor (a shared mount); other URLs (hdfs://, s3a://)
are read through Spark. DIR gets tally.jsonl and, with --records, the routed records."""
import argparse
import glob
import os
import shutil
import subprocess
import sys
import tempfile

from pyspark import StorageLevel
from pyspark.sql import SparkSession

# Statuses that mean: the output is whole (1: with rejects, which the tally counts).
WHOLE = (0, 1)


def run_tool(command, stdin, stdout):
    return subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)


def finish(process, command):
    """Wait; anything but a whole output fails the task, and Spark runs it again."""
    message = process.stderr.read().decode("utf-8", "replace")
    if process.wait() not in WHOLE:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {message}")


def merge(tools, tallies):
    """One tally of several: gz-tally reads its own rows back and adds them."""
    done = subprocess.run([tools.tally] + tools.tally_options, input=b"".join(tallies),
                          capture_output=True)
    if done.returncode not in WHOLE:
        raise RuntimeError(done.stderr.decode("utf-8", "replace"))
    return done.stdout


class Tools:
    """What a task must know; pickled to the executors."""

    def __init__(self, options):
        self.ingest = os.path.join(options.bin, "gz-ingest")
        self.route = os.path.join(options.bin, "gz-route")
        self.tally = os.path.join(options.bin, "gz-tally")
        self.ingest_options = options.ingest.split()
        self.route_options = options.route.split()
        self.tally_options = options.tally.split()
        self.records = options.records

    def count(self, path):
        """Yield ("tally", bytes) of one file and, if wanted, ("record", line) first."""
        with tempfile.TemporaryDirectory() as folder:
            routed = os.path.join(folder, "routed.jsonl")
            ingest = [self.ingest] + self.ingest_options + [path]
            route = [self.route] + self.route_options
            with open(routed, "wb") as out:
                first = run_tool(ingest, subprocess.DEVNULL, subprocess.PIPE)
                second = run_tool(route, first.stdout, out)
                first.stdout.close()
                finish(first, ingest)
                finish(second, route)
            with open(routed, "rb") as lines:
                tally = subprocess.run([self.tally] + self.tally_options, stdin=lines,
                                       capture_output=True)
            if tally.returncode not in WHOLE:
                raise RuntimeError(tally.stderr.decode("utf-8", "replace"))
            if self.records:
                with open(routed, encoding="utf-8") as lines:
                    for line in lines:
                        yield "record", line.rstrip("\n")
            yield "tally", tally.stdout

    def count_bytes(self, pair):
        """The same for a file that Spark has read; its name is kept for `src`."""
        url, data = pair
        folder = tempfile.mkdtemp()
        try:
            path = os.path.join(folder, os.path.basename(url))
            with open(path, "wb") as out:
                out.write(data)
            yield from self.count(path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def split_inputs(names):
    """Local files by name, and what only Spark can read."""
    local, remote = [], []
    for name in names:
        if "://" in name and not name.startswith("file://"):
            remote.append(name)
        else:
            found = sorted(glob.glob(name.removeprefix("file://")))
            if not found:
                sys.exit(f"gz_spark: {name}: no such file")
            local += [os.path.abspath(f) for f in found]
    return local, remote


def write_whole(path, data):
    """A file that appears whole or not at all."""
    temporary = f"{path}.{os.getpid()}.tmp"
    with open(temporary, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)


def parse(argv):
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("inputs", nargs="+", metavar="FILE")
    p.add_argument("--output", required=True, metavar="DIR")
    p.add_argument("--bin", default="/usr/bin", help="where the gz-* tools are")
    p.add_argument("--ingest", default="", metavar="OPTIONS")
    p.add_argument("--route", default="", metavar="OPTIONS")
    p.add_argument("--tally", default="", metavar="OPTIONS")
    p.add_argument("--records", choices=["json", "parquet"],
                   help="keep the routed records too")
    return p.parse_args(argv)


def main(argv):
    options = parse(argv)
    tools = Tools(options)
    local, remote = split_inputs(options.inputs)
    spark = SparkSession.builder.appName("gongzhi").getOrCreate()
    context = spark.sparkContext
    counted = context.parallelize(local, max(len(local), 1)).flatMap(tools.count)
    if remote:
        counted = counted.union(
            context.binaryFiles(",".join(remote)).flatMap(tools.count_bytes))
    if tools.records:
        counted = counted.persist(StorageLevel.DISK_ONLY)
    tally = (counted.filter(lambda kind_value: kind_value[0] == "tally")
             .map(lambda kind_value: kind_value[1])
             .treeReduce(lambda a, b: merge(tools, [a, b])))
    os.makedirs(options.output, exist_ok=True)
    write_whole(os.path.join(options.output, "tally.jsonl"), merge(tools, [tally]))
    if tools.records:
        lines = (counted.filter(lambda kind_value: kind_value[0] == "record")
                 .map(lambda kind_value: kind_value[1]))
        target = os.path.join(options.output, "records")
        if tools.records == "json":
            shutil.rmtree(target, ignore_errors=True)
            lines.saveAsTextFile(target)
        else:
            spark.read.json(lines).write.mode("overwrite").parquet(target)
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
