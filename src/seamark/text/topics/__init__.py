"""What a message shows of its writer's interests (S0) and needs (S3), by a small model beside the terms."""

from seamark.text.topics.classes import DEFINITIONS, TOPICS, Topic
from seamark.text.topics.examples import TopicExample, bundled_topic_examples, topic_examples
from seamark.text.topics.model import TopicModel, bundled_topics

__all__ = [
    "DEFINITIONS",
    "TOPICS",
    "Topic",
    "TopicExample",
    "TopicModel",
    "bundled_topic_examples",
    "bundled_topics",
    "topic_examples",
]
