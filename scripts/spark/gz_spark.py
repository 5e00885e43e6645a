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
are read through Spark, each file whole in one task. DIR, local or a URL, gets

  tally.jsonl   for gz-report and gz-tally
  counts        with --counts, the tally for others: table, period, key, measure, n
  records       with --records, the routed records

as JSON lines or Parquet. What was there before is replaced, each as a whole."""
import argparse
import glob
import json
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


def write_whole(spark, path, data):
    """A file that appears whole or not at all."""
    if "://" in path:
        write_whole_url(spark, path, data)
        return
    temporary = f"{path}.{os.getpid()}.tmp"
    with open(temporary, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)


def write_whole_url(spark, url, data):
    """The same by Hadoop's own file systems. An object store has no rename: there the
    object appears when it is closed, whole."""
    hadoop = spark._jvm.org.apache.hadoop.fs
    path, temporary = hadoop.Path(url), hadoop.Path(url + ".tmp")
    system = path.getFileSystem(spark._jsc.hadoopConfiguration())
    out = system.create(temporary, True)
    out.write(bytearray(data))
    out.close()
    system.delete(path, False)
    if not system.rename(temporary, path):
        raise RuntimeError(f"{url}: cannot be replaced")


def counts_of(tally):
    """The rows of a tally that are numbers, one a measure; what the stream says of itself
    (tables with '_') too."""
    for line in tally.splitlines():
        row = json.loads(line, parse_float=str, parse_int=str)
        if row["rec"] == "tally":
            for name, n in row["m"].items():
                if isinstance(n, str):
                    yield row["id"], row["table"], row.get("period"), row["key"], name, n


def save(frame, form, target):
    (frame.write.mode("overwrite").json if form == "json"
     else frame.write.mode("overwrite").parquet)(target)


def save_lines(spark, lines, target):
    path = spark._jvm.org.apache.hadoop.fs.Path(target)
    path.getFileSystem(spark._jsc.hadoopConfiguration()).delete(path, True)
    lines.saveAsTextFile(target)


def parse(argv):
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("inputs", nargs="+", metavar="FILE")
    p.add_argument("--output", required=True, metavar="DIR")
    p.add_argument("--bin", default="/usr/bin", help="where the gz-* tools are")
    p.add_argument("--ingest", default="", metavar="OPTIONS")
    p.add_argument("--route", default="", metavar="OPTIONS")
    p.add_argument("--tally", default="", metavar="OPTIONS")
    p.add_argument("--counts", choices=["json", "parquet"],
                   help="write the tally as a table for other programs, too")
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
    if "://" not in options.output:
        options.output = os.path.abspath(options.output)
        os.makedirs(options.output, exist_ok=True)
    whole = merge(tools, [tally])
    write_whole(spark, options.output + "/tally.jsonl", whole)
    target = options.output if "://" in options.output else "file://" + options.output
    if options.counts:
        rows = spark.createDataFrame(list(counts_of(whole)),
                                     "id string, table string, period string, "
                                     "key array<string>, measure string, n string")
        save(rows.withColumn("n", rows.n.cast("decimal(38,9)")), options.counts,
             target + "/counts")
    if tools.records:
        lines = (counted.filter(lambda kind_value: kind_value[0] == "record")
                 .map(lambda kind_value: kind_value[1]))
        if tools.records == "json":
            # As they are, byte for byte: Spark's own JSON would reorder them.
            save_lines(spark, lines, target + "/records")
        else:
            save(spark.read.json(lines), "parquet", target + "/records")
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
