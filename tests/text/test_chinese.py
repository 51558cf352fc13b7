"""What is simplified, and what may be left alone."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import opencc
import pytest

from seamark.text.chinese import left_alone, simplified

TOOLS = Path(opencc.__file__).parent / "clib"


@pytest.mark.parametrize(
    ("written", "simple"),
    [
        ("價格", "价格"),
        ("乾淨", "干净"),
        ("乾隆", "乾隆"),
        ("反覆", "反复"),
        ("沈默", "沉默"),
        ("沈阳", "沈阳"),
        ("价格", "价格"),
    ],
)
def test_phrases_are_simplified_as_wholes(written: str, simple: str):
    assert simplified(written) == simple


def phrases_of_the_dictionary(path: Path) -> Iterator[tuple[str, str]]:
    tool, phrases = TOOLS / "bin" / "opencc_dict", TOOLS / "share" / "opencc" / "TSPhrases.ocd2"
    if not (tool.exists() and phrases.exists()):
        pytest.skip("this build of OpenCC brings no tool to read its dictionary with")
    subprocess.run([tool, "-i", phrases, "-o", path, "-f", "ocd2", "-t", "text"], check=True)
    for line in path.read_text().splitlines():
        phrase, into = line.split("\t")
        yield phrase, into.split(" ")[0]


def test_what_is_left_alone_is_left_alone_in_every_phrase(tmp_path: Path):
    alone = set(left_alone())
    assert not [
        phrase
        for phrase, into in phrases_of_the_dictionary(tmp_path / "phrases")
        if phrase != into and alone.issuperset(phrase)
    ]


def test_most_characters_are_left_alone():
    assert {"价", "格", "有", "货"} <= set(left_alone())
    assert not {"價", "覆", "沈"} & set(left_alone())
