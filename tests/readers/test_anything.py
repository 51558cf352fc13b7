"""Whatever bytes a file holds, they give rows, rejects or a `FileError`, and nothing else."""

import contextlib
import gzip
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seamark.readers.recognise import EXPECTED, read
from seamark.readers.rows import read_rows
from seamark.readers.shape import FileError

pytestmark = pytest.mark.covers("C03")

PIECES = [
    *rb"""contact,occurred_at,kind {"contact":"a","props":{ }} [ ] " "" , ; ann,2026-11-12,x""".split(b" "),
    *b"\n|\r\n|\r|\t|\0|\xff|\x80|\xef\xbb\xbf|\xff\xfe|PAR1|PK\x03\x04|\x1f\x8b".split(b"|"),
    b"InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n",
    b"1,A,1,2010-12-01,1,7\n",
    b"C1,A,-1,x,1e9,7\n",
    b"12/11/2026, 10:05 - Ann: hi\n",
    b"[13.13.26, 25:05:31] Shop: \xe2\x80\x8e<Media omitted>\n",
    "2026/11/12 上午10:05 - 小林: 你好\n".encode(),
    "2026/11/12 上午10:05 - 小林: 你好\n".encode("gbk"),
]
CONTENT = st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
@given(CONTENT, st.sampled_from([None, *EXPECTED]), st.booleans())
def test_any_bytes_are_answered(tmp_path: Path, content: bytes, as_: str | None, packed: bool):
    path = tmp_path / "any"
    path.write_bytes(gzip.compress(content) if packed else content)
    with contextlib.suppress(FileError):
        list(read([path], ZoneInfo("UTC"), as_, us="Shop").rows)
    with contextlib.suppress(FileError):
        list(read_rows(path, lambda reject: None, required=()))
