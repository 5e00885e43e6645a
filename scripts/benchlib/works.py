# SPDX-License-Identifier: MIT
"""The works of scripts/bench: who can do each, with which command, and what of the results
must be equal."""
import collections
import json
import os
import shutil
import subprocess
import sys

from .data import rules


class Peer:
    """A program with the command that does the work: {data}, {gb} and {out} are put in. A
    slow one gets the first rows only. `module`: what Python takes to load it is not its
    work. A floor does less than the work, and is not compared; nor is a `rival`, which does
    the same another way."""
    def __init__(self, name, command, slow=False, module=None, floor=False, rival=False):
        self.name, self.command, self.slow, self.module = name, command, slow, module
        self.compared = not floor and not rival
        self.wall, self.cpu, self.rss = [], [], 0


class Work:
    """`result` makes of an output what must be equal; None: there is nothing to compare.
    `score` makes of it what is told instead."""
    def __init__(self, name, what, data, peers, result, score=None):
        self.name, self.what, self.data, self.result = name, what, data, result
        self.score = score
        self.peers = [p for p in peers if p]


def shell_quote(s):
    return "'" + s.replace("'", "'\\''") + "'"


def has_module(name):
    return subprocess.run([sys.executable, "-c", "import " + name], capture_output=True,
                          check=False).returncode == 0


def takes_jobs(tool):
    done = subprocess.run([tool, "--print-options"], capture_output=True, check=False)
    return b"\tjobs\t" in done.stdout


# ---- how the programs are called ----

MODULES = {}  # of those asked for: is it here?


def module(name, code):
    """Python code, if what it imports is here."""
    if name not in MODULES:
        MODULES[name] = has_module(name)
    return shell_quote(sys.executable) + " -c " + shell_quote(code) if MODULES[name] else None


def peer(name, command, tool=None, **more):
    if not command or (tool and not shutil.which(tool)):
        return None
    return Peer(name, command, **more)


def gz(name, command, tool):
    """A tool of ours once more with all processors."""
    return peer(name, command + " -j 0", rival=True) if takes_jobs(tool) else None


def duck(sql, name="DuckDB", **more):
    one_line = " ".join(sql.split())
    if shutil.which("duckdb"):
        return Peer(name, "duckdb -batch -c " + shell_quote(one_line), **more)
    code = module("duckdb", "import duckdb; c = duckdb.connect(); "
                  "c.execute('set enable_progress_bar = false'); c.execute('''"
                  + one_line + "''')")
    return peer(name, code, module="duckdb", **more)


def polars(code, **more):
    return peer("polars", module("polars", "import polars as pl; " + code), module="polars",
                **more)


def floors(data="{data}"):
    return [Peer("floor: scan (wc -l)", "wc -l " + data, floor=True),
            Peer("floor: copy (cat through a pipe)", f"cat {data} | cat", floor=True)]


# ---- what must be equal ----

def records(text):
    for line in text.splitlines():
        r = json.loads(line, parse_int=str, parse_float=str)
        if r.get("rec", "petition") == "petition":
            yield r


def cells_of(text):
    """What the programs that write all columns must agree on: some cells of each row."""
    ours = {"petition_id": "Unique Key", "address": "Incident Address", "lat": "Latitude",
            "lon": "Longitude", "result": "Resolution Description"}
    names = list(ours.values()) + ["Incident Zip", "Street Name", "Cross Street 1", "BBL"]
    rows = []
    for r in records(text):
        if "rec" in r:
            r = {ours.get(k, k): v for k, v in {**r, **r.get("ext", {})}.items()}
        rows.append(tuple(str(r.get(n) or "") for n in names))
    return sorted(rows)


def chinese_cells_of(text):
    ours = {"petition_id": "工单编号", "title": "标题", "text": "主要内容",
            "subdistrict": "被反映街乡镇", "community": "村/社区", "received_at": "来电时间",
            "lead_org": "承办单位"}
    rows = []
    for r in records(text):
        r = {ours.get(k, k): str(v or "").replace("T", " ") for k, v in r.items()}
        rows.append(tuple(r.get(n, "").replace("\n", " ") for n in ours.values()))
    return sorted(rows)


def fields_of(text):
    names = ["petition_id", "received_at", "closed_at", "updated_at", "category_given",
             "district", "address", "lead_org", "status_raw", "result"]
    return sorted(tuple(str(r.get(n) or "") for n in names) for r in records(text))


def counts_of(text):
    """{(unit, month): n}, from tallies, or from JSON lines with n."""
    out = collections.Counter()
    for line in text.splitlines():
        r = json.loads(line)
        if r.get("rec") == "tally" and not r["table"].startswith("_"):
            out[tuple(r["key"])] += r["m"]["count"]
        elif "rec" not in r:
            out[(r["lead_org"] or "", r["month"] or "")] += int(r["n"])
    return {k: n for k, n in out.items() if n}


def categories_of(text):
    """{id: category}, none where nothing matched."""
    out = {}
    for line in text.splitlines():
        r = json.loads(line)
        if r.get("category"):
            out[r["petition_id"]] = r["category"]
    return out


def share_right(text):
    """Of an evaluation as a tally, or of fastText's."""
    for line in text.splitlines():
        if line.startswith("right "):
            return f"{100 * float(line.split()[1]):.1f} % right"
        r = json.loads(line)
        if r.get("table") == "total":
            return f"{100 * r['m']['right'] / r['m']['given']:.1f} % right"
    return "?"


# ---- the works ----

MDY = "'%m/%d/%Y %I:%M:%S %p'"
ISO = "'%Y-%m-%dT%H:%M:%S'"
CSV = "read_csv('{data}', all_varchar=true, header=true)"


def sql_time(column):
    return f"""strftime(try_strptime(nullif("{column}", ''), {MDY}), {ISO})"""


# The fields that the layout of New York fills, by DuckDB, polars and Miller.
NYC_SELECT = f"""select "Unique Key" petition_id, "Open Data Channel Type" channel,
 {sql_time('Created Date')} received_at,
 "Complaint Type" || '->' || "Descriptor" category_given, "Borough" district,
 "Community Board" subdistrict, "Incident Address" address, "Latitude" lat,
 "Longitude" lon, "Status" status_raw, "Agency Name" lead_org,
 {sql_time('Closed Date')} closed_at, {sql_time('Resolution Action Updated Date')} updated_at,
 "Resolution Description" result"""
POLARS_SELECT = """
t = lambda c: pl.col(c).str.to_datetime('%m/%d/%Y %I:%M:%S %p').dt.strftime('%Y-%m-%dT%H:%M:%S')
c = pl.col
pl.scan_csv('{data}', infer_schema=False).select(c('Unique Key').alias('petition_id'),
 c('Open Data Channel Type').alias('channel'), t('Created Date').alias('received_at'),
 (c('Complaint Type') + '->' + c('Descriptor')).alias('category_given'),
 c('Borough').alias('district'), c('Community Board').alias('subdistrict'),
 c('Incident Address').alias('address'), c('Latitude').alias('lat'), c('Longitude').alias('lon'),
 c('Status').alias('status_raw'), c('Agency Name').alias('lead_org'),
 t('Closed Date').alias('closed_at'), t('Resolution Action Updated Date').alias('updated_at'),
 c('Resolution Description').alias('result'))"""
MLR_SELECT = (
    "mlr -S --icsv --ojsonl put -q '"
    "func iso(str s): str { return s == \"\" ? \"\" : "
    "sec2gmt(strptime(s, \"%m/%d/%Y %I:%M:%S %p\")) } "
    "emit1 {\"petition_id\": ${Unique Key}, \"channel\": ${Open Data Channel Type}, "
    "\"received_at\": sub(iso(${Created Date}), \"Z\", \"\"), "
    "\"category_given\": ${Complaint Type} . \"->\" . ${Descriptor}, "
    "\"district\": ${Borough}, \"subdistrict\": ${Community Board}, "
    "\"address\": ${Incident Address}, \"lat\": ${Latitude}, \"lon\": ${Longitude}, "
    "\"status_raw\": ${Status}, \"lead_org\": ${Agency Name}, "
    "\"closed_at\": sub(iso(${Closed Date}), \"Z\", \"\"), "
    "\"updated_at\": sub(iso(${Resolution Action Updated Date}), \"Z\", \"\"), "
    "\"result\": ${Resolution Description}}' {data}")
GROUPED = "select lead_org, left(received_at, 7) as month, count(*) as n"


def case(n, column, by_hand=False):
    """The rules as SQL writes them; by hand: plain words without a regular expression."""
    return "case " + " ".join(
        f"when contains({column}, '{p}') then 'c{i}'" if by_hand and "|" not in p else
        f"when regexp_matches({column}, '{p}') then 'c{i}'"
        for i, (p, _) in enumerate(rules(n))) + " end"


def ingest_works(nyc, cn):
    return [
        Work("ingest-all", "a CSV of 41 columns to JSON Lines, all columns", nyc + "{n}.csv", [
            peer("gz", "gz-ingest {data}"),
            gz("gz, all processors", "gz-ingest {data}", "gz-ingest"),
            duck(f"copy (from {CSV}) to '{{out}}' (format json)"),
            polars("pl.read_csv('{data}', infer_schema=False).write_ndjson('{out}')"),
            peer("Miller", "mlr -S --icsv --ojsonl cat {data}", "mlr", slow=True),
            peer("zsv", "zsv 2json --object --compact {data}", "zsv"),
            peer("qsv", "qsv tojsonl {data}", "qsv", slow=True),
            peer("xsv, as CSV", "xsv select 1-41 {data}", "xsv", floor=True),
        ] + floors(), cells_of),
        Work("ingest-fields", "the same to 14 fields, times as ISO 8601", nyc + "{n}.csv", [
            peer("gz", "gz-ingest --ext drop {data}"),
            gz("gz, all processors", "gz-ingest --ext drop {data}", "gz-ingest"),
            duck(f"copy ({NYC_SELECT} from {CSV}) to '{{out}}' (format json)"),
            polars(POLARS_SELECT.strip() + ".collect().write_ndjson('{out}')"),
            peer("Miller", MLR_SELECT, "mlr", slow=True),
        ], fields_of),
        Work("gb18030", "a Chinese export of 16 columns in GB18030", cn + "{n}.csv", [
            peer("gz", "gz-ingest {gb}"),
            peer("gz, from UTF-8", "gz-ingest {data}"),
            duck(f"copy (from {CSV}) to '{{out}}' (format json)", "DuckDB, from UTF-8"),
            peer("iconv and Miller", "iconv -f GB18030 -t UTF-8 {gb} | "
                 "mlr -S --icsv --ojsonl cat", "mlr", slow=True),
            peer("floor: decode (iconv)", "iconv -f GB18030 -t UTF-8 {gb}", "iconv",
                 floor=True),
        ] + floors("{gb}"), chinese_cells_of),
    ]


def route_work(box, cn, n):
    texts = "read_json('{data}', format='newline_delimited', columns={rec:'VARCHAR', " \
            "petition_id:'VARCHAR', text:'VARCHAR'})"
    command = f"gz-route --threshold 1 --pack {box}/pack{n} {{data}}"
    chain = "".join(f".when(pl.col('text').str.contains('{p}')).then(pl.lit('c{i}'))"
                    for i, (p, _) in enumerate(rules(n)))
    return Work(f"route-{n}", f"classify Chinese texts by {n} rules, the first wins",
                cn + "{n}.texts", [
                    peer("gz", command),
                    gz("gz, all processors", command, "gz-route"),
                    duck(f"copy (select *, {case(n, 'text')} category from {texts}) "
                         "to '{out}' (format json)", slow=True),
                    duck(f"copy (select *, {case(n, 'text', True)} category from {texts}) "
                         "to '{out}' (format json)", "DuckDB, words by hand", slow=True),
                    polars("pl.scan_ndjson('{data}').with_columns(pl" + chain +
                           ".alias('category')).collect().write_ndjson('{out}')", slow=True)
                    if n <= 200 else None,
                ] + floors(), categories_of)


def tally_works(nyc):
    lines = "read_json('{data}', format='newline_delimited', columns={rec:'VARCHAR', " \
            "lead_org:'VARCHAR', received_at:'VARCHAR'})"
    one = "gz-tally --by lead_org,received_at:month --measure count {data}"
    return [
        Work("tally", "JSON Lines to a count by unit and month", nyc + "{n}.jsonl", [
            peer("gz", one),
            gz("gz, all processors", one, "gz-tally"),
            duck(f"copy ({GROUPED} from {lines} where rec = 'petition' group by 1, 2) "
                 "to '{out}' (format json)"),
            polars("pl.scan_ndjson('{data}', schema={'rec': pl.String, 'lead_org': pl.String, "
                   "'received_at': pl.String}).filter(pl.col('rec') == 'petition')"
                   ".group_by('lead_org', month=pl.col('received_at').str.slice(0, 7))"
                   ".agg(n=pl.len()).collect().write_ndjson('{out}')"),
            peer("Miller", "mlr -S --ijsonl --ojsonl filter '$rec == \"petition\"' then put "
                 "'$month = $received_at[1:7]' then count -o n -g lead_org,month {data}",
                 "mlr", slow=True),
            peer("jq", "jq -c -n 'reduce (inputs | select(.rec == \"petition\") | "
                 "[.lead_org, .received_at[0:7]] | @json) as $k ({}; .[$k] += 1) | to_entries[] "
                 "| (.key | fromjson) as $k | {lead_org: $k[0], month: $k[1], n: .value}' "
                 "{data}", "jq", slow=True),
        ] + floors(), counts_of),
        Work("monthly", "routed records to the month's 18 tables", nyc + "{n}.routed", [
            peer("gz", "gz-tally --plan monthly {data}"),
            gz("gz, all processors", "gz-tally --plan monthly {data}", "gz-tally"),
            peer("gz, one table of it", one, floor=True),
        ] + floors(), None),
    ]


def pipe_works(box, nyc, cn):
    month = """left("来电时间", 7)"""
    return [
        Work("link", "repeats and topics", cn + "{n}.records",
             [peer("gz", "gz-link {data}")] + floors(), None),
        Work("pipe", "CSV to a count by unit and month: ingest, route, tally",
             nyc + "{n}.csv", [
                 peer("gz", "gz-ingest --ext drop {data} | gz-route | "
                      "gz-tally --by lead_org,received_at:month --measure count"),
                 duck(f"copy ({GROUPED} from ({NYC_SELECT} from {CSV}) group by 1, 2) "
                      "to '{out}' (format json)", "DuckDB, without routing"),
             ] + floors(), counts_of),
        Work("pipe-200", "CSV to a count by category and month, 200 rules", box + "/calls{n}.csv", [
            peer("gz", f"gz-ingest --ext drop {{data}} | gz-route --threshold 1 --pack {box}/pack200 "
                 "| gz-tally --by category,received_at:month --measure count"),
            duck(f"""copy (select {case(200, '"主要内容"')} lead_org, {month} as month,
                 count(*) as n from {CSV} group by 1, 2) to '{{out}}' (format json)"""),
        ] + floors(), counts_of),
    ]


def learn_work(box):
    """Not the same work, for the models differ: what each gets right is in the table."""
    fasttext = module("fasttext", "import fasttext; fasttext.FastText.eprint = print; "
                      "m = fasttext.train_supervised('{data}/learn.txt', epoch=25, lr=0.5, "
                      "wordNgrams=2, thread=2, verbose=0); "
                      "n, p, r = m.test('{data}/ask.txt'); print('right', p)")
    return Work("learn", "learn 8 categories from texts, and ask for others", box + "/labelled", [
        peer("gz", f"gz-learn -o {box}/model {{data}}/learn.jsonl && "
             f"gz-learn --evaluate --model {box}/model {{data}}/ask.jsonl"),
        peer("fastText", fasttext, module="fasttext", rival=True),
    ], None, share_right)


def works(box):
    nyc, cn = os.path.join(box, "nyc"), os.path.join(box, "cn")
    return ingest_works(nyc, cn) + [route_work(box, cn, 200), route_work(box, cn, 1000)] + \
        tally_works(nyc) + pipe_works(box, nyc, cn) + [learn_work(box)]
