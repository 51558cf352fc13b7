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
    b"Name,Email,Total,Created at,Cancelled at,Refunded Amount,Lineitem quantity,Lineitem name\n",
    b"#1,ann@example.com,1,2010-12-01,2010-12-02,1,1,A\n#1,,,,,,x,B\n#2,,,,,,,\n",
    "订单编号,买家会员名,买家实际支付金额,订单创建时间,订单付款时间,宝贝标题\n".encode("gbk"),
    '="1",小林,1,2010/12/1 8:26,2010/12/1 8:27,茶\n2,,x,x,x,x\n'.encode("gbk"),
    b'{"msgid":"1","action":"send","from":"wmErxtDgAA9AW32YyyuYRimKr7D1KWlw","msgtime":1,"msgtype":"text","text":1}\n',
    b'{"msgid":"2","action":"recall","from":1,"tolist":"x","msgtype":"revoke","revoke":{"pre_msgid":[]}}\n',
    b'{"msgid":"3","action":"send","from":"li","tolist":["wmErxtDgAA9AW32YyyuYRimKr7D1KWlw"],"msgtime":-1e99}\n',
    b"C1,A,-1,x,1e9,7\n",
    b"12/11/2026, 10:05 - Ann: hi\n",
    b"[13.13.26, 25:05:31] Shop: \xe2\x80\x8e<Media omitted>\n",
    "2026/11/12 上午10:05 - 小林: 你好\n".encode(),
    "2026/11/12 上午10:05 - 小林: 你好\n".encode("gbk"),
]
CONTENT = st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
@given(
    CONTENT,
    st.sampled_from([None, *EXPECTED, "contact=contact,occurred_at=1,kind=x", "contact=Name,occurred_at=Total,kind=x"]),
    st.booleans(),
)
def test_any_bytes_are_answered(tmp_path: Path, content: bytes, as_: str | None, packed: bool):
    path = tmp_path / "any"
    path.write_bytes(gzip.compress(content) if packed else content)
    with contextlib.suppress(FileError):
        list(read([path], ZoneInfo("UTC"), as_, us="Shop").rows)
    with contextlib.suppress(FileError):
        list(read_rows(path, lambda reject: None, required=()))
