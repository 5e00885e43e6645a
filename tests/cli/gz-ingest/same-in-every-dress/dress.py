import csv, io, sys
text = sys.stdin.buffer.read().decode()
form = sys.argv[1]
def delimited(c):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=c, lineterminator="\n").writerows(csv.reader(io.StringIO(text, newline="")))
    return out.getvalue()
data = {
    "bom": lambda: b"\xef\xbb\xbf" + text.encode(),
    "gb18030": lambda: text.encode("gb18030"),
    "utf16": lambda: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf16be": lambda: b"\xfe\xff" + text.encode("utf-16-be"),
    "crlf": lambda: text.replace("\n", "\r\n").encode(),
    "titles": lambda: ("诉求工单\n导出时间：2025-04-01,,\n\n" + text).encode(),
    "cr": lambda: text.replace("\n", "\r").encode(),
    "tab": lambda: delimited("\t").encode(),
    "bar": lambda: delimited("|").encode("gb18030"),
}[form]()
sys.stdout.buffer.write(data)
