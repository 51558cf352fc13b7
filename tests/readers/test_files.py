"""Whatever a file is packed or encoded in, its rows come out, or it is said why not."""

import gzip
import io
import zipfile

import pytest

from seamark.readers import delimited, files
from seamark.readers.shape import FileError

pytestmark = pytest.mark.covers("C03")

HEADER = "contact,occurred_at,kind,text\n"
SIMPLIFIED = HEADER + "小林,2026-11-12,message.received,请问这款茶多少钱一盒\uff0c还有货吗\uff1f\n"
TRADITIONAL = HEADER + "林小姐,2026-11-12,message.received,請問這款茶多少錢一盒\uff0c還有貨嗎\uff1f\n"


def zipped(**members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", ".")), text)  # of a fixed date
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_in_every_usual_form(file, rows_of, encoding):
    assert rows_of(file(SIMPLIFIED.encode(encoding))).values[0]["text"].startswith("请问这款茶")


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [(SIMPLIFIED, "gbk", "GB18030"), (TRADITIONAL, "big5", "Big5"), (TRADITIONAL, "gb18030", "GB18030")],
)
def test_chinese_encodings_are_recognised_and_said(file, rows_of, text, encoding, said):
    got = rows_of(file(text.encode(encoding)))
    assert list(got.values[0].values()) == text.splitlines()[1].split(",")
    assert said in got.notes[0]


def test_the_encoding_is_judged_where_ascii_ends(file, rows_of):
    ascii_rows = "ann,2026-11-12,message.received,hello\n" * 20_000
    got = rows_of(file((HEADER + ascii_rows + SIMPLIFIED.removeprefix(HEADER)).encode("gbk")))
    assert got.values[-1]["contact"] == "小林"


def test_an_encoding_nobody_knows_is_refused(file, rows_of):
    with pytest.raises(FileError, match=r"no encoding known here .*save it as UTF-8"):
        rows_of(file((HEADER + "Müller,2026-11-12,x,Grüße aus Köln\n").encode("latin-1")))


def test_broken_bytes_set_their_row_aside_alone(file, rows_of):
    good = "小林,2026-11-12,x,你好\n".encode()
    got = rows_of(file(HEADER.encode() + good * 20 + "小林,2026-11-12,x,".encode() + b"\xff\n" + good))
    assert (len(got.values), got.reasons) == (21, [(22, "holds bytes that are not UTF-8")])


def test_a_nul_sets_its_row_aside_alone(file, rows_of):
    got = rows_of(file(HEADER + "ann,2026-11-12,x,a\0b\nbob,2026-11-12,x,c\n"))
    assert (len(got.values), got.reasons) == (1, [(2, "holds a NUL character")])


@pytest.mark.parametrize("content", ["", "\n\n  \n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_said_to_be_empty(file, rows_of, content):
    with pytest.raises(FileError, match="is empty"):
        rows_of(file(content))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG picture"),
        (b"%PDF-1.7\n" + bytes(100), "PDF document"),
        (bytes(range(1, 256)) * 4, "is binary"),
        (bytes(range(32)) * 9, "is binary"),
        ("contact,occurred_at,kind\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"PAR1 and then nothing", "damaged Parquet file"),
        (zipped(**{"[Content_Types]__xml": "<x/>", "doc__xml": "<x/>"}), "is an office document"),
        (b"PK\x03\x04 cut short", "damaged ZIP archive"),
        (gzip.compress(HEADER.encode() * 9999, mtime=0)[:-20], "is damaged"),
        (zipped(a__csv=HEADER, b__csv=HEADER), "holds 2 files"),
        (gzip.compress(gzip.compress(HEADER.encode(), mtime=0), mtime=0), "packed twice"),
    ],
)
def test_what_is_no_text_is_refused_by_name(file, rows_of, content, said):
    with pytest.raises(FileError, match=said):
        rows_of(file(content))


def test_a_folder_and_a_missing_file_are_refused(tmp_path, rows_of):
    with pytest.raises(FileError, match="is a folder"):
        rows_of(tmp_path)
    with pytest.raises(FileError, match="cannot be opened: No such file"):
        rows_of(tmp_path / "none.csv")


@pytest.mark.parametrize("pack", [lambda text: gzip.compress(text.encode()), lambda text: zipped(events__csv=text)])
def test_packed_files_are_opened(file, rows_of, pack):
    assert rows_of(file(pack(HEADER + "ann,2026-11-12,x,hi\n"))).values[0]["text"] == "hi"


@pytest.mark.parametrize("pack", [gzip.compress, lambda text: zipped(events__csv=text.decode())])
def test_an_archive_that_unpacks_without_end_is_stopped(file, rows_of, monkeypatch, pack):
    monkeypatch.setattr(files, "UNPACKED_LIMIT", 1024**2)
    with pytest.raises(FileError, match=r"more than 0\.000976562 GiB unpacked"):
        rows_of(file(pack(HEADER.encode() + b"ann,2026-11-12,x,hi\n" * 100_000)))


@pytest.fixture
def short_lines(monkeypatch):
    monkeypatch.setattr(files, "LINE_LIMIT", 1000)
    monkeypatch.setattr(delimited, "LINE_LIMIT", 1000)


@pytest.mark.usefixtures("short_lines")
def test_an_overlong_line_is_set_aside_and_the_next_one_read(file, rows_of):
    got = rows_of(file(HEADER + f"ann,2026-11-12,x,{'a' * 300_000}\nbob,2026-11-12,x,hi\n"))
    assert got.lines == [3]
    assert got.reasons == [(2, "the line is longer than 64 MiB")]
    assert len(got.rejects[0].content) == 501


@pytest.mark.usefixtures("short_lines")
def test_an_overlong_line_inside_quotes_takes_its_record_along(file, rows_of):
    got = rows_of(file(HEADER + f'ann,2026-11-12,x,"a\n{"a" * 3000}\nb"\nbob,2026-11-12,x,hi\n'))
    assert got.values[-1]["contact"] == "bob"
    assert got.reasons[:2] == [(2, "a quote is opened and never closed"), (3, "the line is longer than 64 MiB")]


@pytest.mark.usefixtures("short_lines")
@pytest.mark.parametrize("cell", ["a\n" * 600, "a\n" * 300 + '","' + "a\n" * 300])
def test_a_record_without_end_costs_its_first_line_alone(file, rows_of, cell):
    got = rows_of(file(HEADER + f'ann,2026-11-12,x,"{cell}"\nbob,2026-11-12,x,hi\n'))
    assert got.values[-1]["contact"] == "bob"
    assert got.reasons[0][0] == 2
    assert "the record goes on for more than 64 MiB or 100000 lines" in got.reasons[0][1]


@pytest.mark.usefixtures("short_lines")
def test_an_overlong_header_is_refused(file, rows_of):
    with pytest.raises(FileError, match="header that cannot be read: the line is longer than 64 MiB"):
        rows_of(file("a" * 3000))
