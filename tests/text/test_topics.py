"""What a message shows of interests and needs: the bundled model, its training, and its file."""

from pathlib import Path

import pytest

from seamark.engine.errors import Unreadable
from seamark.text.annotate import annotated
from seamark.text.reading import readers_of
from seamark.text.terms import Lexicon
from seamark.text.topics import DEFINITIONS, TOPICS, TopicModel, bundled_topic_examples, bundled_topics, topic_examples
from seamark.text.topics.training import train

pytestmark = pytest.mark.covers("A04", "A16")


def names(text: str) -> set[str]:
    return {topic.name for topic in bundled_topics().topics(text)}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("is there a discount", "discount-sensitive"),
        ("能便宜点吗", "discount-sensitive"),
        ("when is the new model coming", "new-product"),
        ("新款什麼時候出", "new-product"),
        ("how heavy is it", "function"),
        ("防水吗", "function"),
        ("do you have a tutorial", "content-learner"),
        ("怎么保养", "content-learner"),
        ("I recommended you to my friends", "brand-loyal"),
        ("推荐给朋友了", "brand-loyal"),
        ("how much is it", "product"),
        ("it arrived broken", "service"),
        ("快递没到", "service"),
        ("any news from the industry", "information"),
    ],
)
def test_the_bundled_model_knows(text: str, topic: str) -> None:
    assert topic in names(text)


@pytest.mark.parametrize("text", ["thanks", "好的", "see you tomorrow", "", "ጤና"])
def test_what_speaks_of_nothing_has_no_topic(text: str) -> None:
    assert names(text) == set()


def test_every_topic_is_defined_and_has_examples_in_both_languages() -> None:
    assert all(set(words) == {"en", "zh"} for words in DEFINITIONS.values())
    shown = {(topic, each.text.isascii()) for each in bundled_topic_examples() for topic in each.topics}
    assert shown == {(topic, latin) for topic in TOPICS for latin in (True, False)}


def test_the_bundled_model_is_that_of_the_bundled_examples() -> None:
    assert train(bundled_topic_examples()).version == bundled_topics().version


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    bundled_topics().write(tmp_path / "model")
    assert TopicModel.read(tmp_path / "model").version == bundled_topics().version
    (tmp_path / "model").write_bytes(b"no model")
    with pytest.raises(Unreadable, match="no model of topics"):
        TopicModel.read(tmp_path / "model")


def test_a_message_may_have_several_topics() -> None:
    (example,) = topic_examples(["text,interest,need", "x,function brand-loyal,product"])
    assert {topic.name for topic in example.topics} == {"function", "brand-loyal", "product"}


def test_topics_stand_on_the_event_with_their_version() -> None:
    read = annotated({"text": "能便宜点吗"}, Lexicon({}), readers_of(["interest", "need"]))
    assert (read["interest"], read["need"]) == (["discount-sensitive"], ["product"])
    assert bundled_topics().version in str(read["annotator"])
