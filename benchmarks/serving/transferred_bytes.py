"""How many bytes a browser is sent: on the first visit with everything, then for the page alone.

Everything that the page, its styles and its scripts name is counted, also what a browser might
not need, such as each font of the style sheet; answers' headers are counted, too.
"""

import gzip
import re
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

import brotli
from backports import zstd

from benchmarks.tools.bench import Bench
from benchmarks.tools.load import ACCEPT_ENCODING
from benchmarks.tools.report import Figure
from benchmarks.tools.servers import forum_server, running

FIRST_MAX_KB, NEXT_MAX_KB = 150, 15
OPEN = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress, "zstd": zstd.decompress}
IN_PAGE = re.compile(r"""<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"#]+)""")
IN_FILE = re.compile(
    r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)|\bfrom\s*["']([./][^"']+)"""
    r"""|\bimport\s*\(?\s*["']([./][^"']+)"""
)


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield kilobytes over the wire for home, group and thread, against what they may be."""
    visitors = bench.visitors
    place = max(visitors.places, key=lambda p: p.length)
    cookie = visitors.members[place.group_id][0].cookie
    pages = {"home": "/", "group": f"/groups/{place.slug}", "thread": f"/threads/{place.thread_id}"}
    server = forum_server(bench.folder, bench.corpus)
    with running(server):
        for name, path in pages.items():
            first, following = _visit(server.port, path, cookie)
            yield Figure(
                f"first visit, {name}", bench.kind, "kB", first / 1e3, FIRST_MAX_KB, at_most=1.0
            )
            yield Figure(
                f"next visit, {name}", bench.kind, "kB", following / 1e3, NEXT_MAX_KB, at_most=1.0
            )


def _visit(port: int, path: str, cookie: str) -> tuple[int, int]:
    """Return the bytes of a page with all that it needs, and of the page alone."""
    page, text = _get(port, path, cookie)
    total, known = page, {path}
    waiting = [urljoin(path, found) for found in IN_PAGE.findall(text)]
    while waiting:
        address = waiting.pop()
        if address in known or urlsplit(address).scheme or not address.startswith("/static/"):
            continue
        known.add(address)
        size, text = _get(port, address, cookie)
        total += size
        if address.endswith((".css", ".js")):
            named = ("".join(groups) for groups in IN_FILE.findall(text))
            waiting += [urljoin(address, name) for name in named if not name.startswith("data:")]
    return total, page


def _get(port: int, path: str, cookie: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": ACCEPT_ENCODING, "Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 19
    plain = OPEN[answer.getheader("Content-Encoding") or ""](body)
    return head + len(body), plain.decode(errors="replace")
