"""Finding 2,000 keywords in 200,000 messages: a loop, `re`, pyahocorasick, and ours one by one and in batches.

Every way does the whole of reading: it normalises, minds word edges, and lets guard phrases hide
keywords; the others normalise as one would without a second thought. All run on one core, in rounds, each
of new messages. Times are the processor's, and for each tenth of the messages the best of the
rounds, for others may use the machine. The slow ways read every so-manieth message.
"""

from __future__ import annotations

import random
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick
from opencc import OpenCC

from seamark.text.edges import in_word
from seamark.text.keywords import Keyword, Terms, guards_of, keywords_of
from seamark.text.terms import Found, Lexicon

MESSAGES = 200_000
KEYWORDS = 1_000
"""Of each language."""
TERMS = 100
ROUNDS = 5
TENTHS = 10
RARER_FROM = 2_000
"""Keywords are made of words of this rank and beyond."""
SEED = 20261120

Mentions = tuple[str, ...]
Read = Callable[[Sequence[str]], Sequence[Mentions | Found]]
Hit = tuple[str, int, int]
"""A phrase, its start and exclusive end."""


@dataclass(frozen=True)
class Way:
    """A way of finding terms, measured on one message in so many."""

    name: str
    ready: Callable[[Terms], Read]
    one_in: int = 1


def run(scale: float = 1.0) -> list[dict[str, object]]:
    """A row for each way: messages measured, messages a second, and how many times the loop that is."""
    trade = Trade(SEED)
    terms, count = trade.terms(), int(MESSAGES * scale)
    readers = {way: way.ready(terms) for way in WAYS}
    _check_agreement(readers, trade.messages(1_000))
    best = {way: [float("inf")] * TENTHS for way in WAYS}
    for _ in range(ROUNDS):
        messages = trade.messages(count)
        for way, read in readers.items():
            best[way] = list(map(min, best[way], _seconds(read, messages[:: way.one_in])))
    rates = {way: len(range(0, count, way.one_in)) / sum(seconds) for way, seconds in best.items()}
    return [
        {
            "way": way.name,
            "messages": len(range(0, count, way.one_in)),
            "messages a second": round(rate),
            "times the loop": round(rate / rates[WAYS[0]], 1),
        }
        for way, rate in rates.items()
    ]


def _seconds(read: Read, messages: Sequence[str]) -> Iterator[float]:
    """The time each tenth takes."""
    for tenth in range(TENTHS):
        part = messages[tenth * len(messages) // TENTHS : (tenth + 1) * len(messages) // TENTHS]
        begin = time.process_time()
        read(part)
        yield time.process_time() - begin


def _check_agreement(readers: Mapping[Way, Read], messages: Sequence[str]) -> None:
    expected = readers[WAYS[0]](messages)
    for way, read in readers.items():
        found = [one.mentions if isinstance(one, Found) else one for one in read(messages)]
        assert found == expected, f"{way.name} finds other terms than the loop"


def ours_in_batches(terms: Terms) -> Read:
    return Lexicon(terms).find_many


def ours_one_by_one(terms: Terms) -> Read:
    lexicon = Lexicon(terms)
    return lambda messages: [lexicon.find(message) for message in messages]


def by_loop(terms: Terms) -> Read:
    peer = Peer(terms)

    def hits(text: str) -> Iterator[Hit]:
        for phrase in peer.phrases:
            if phrase in text:
                for start in range(text.index(phrase), len(text)):
                    if text.startswith(phrase, start):
                        yield phrase, start, start + len(phrase)

    return lambda messages: [peer.mentions(message, hits) for message in messages]


def by_re(terms: Terms) -> Read:
    """One alternation, the longest phrase first; what begins alike is known beforehand."""
    peer = Peer(terms)
    longest_first = sorted(peer.phrases, key=len, reverse=True)
    anywhere = re.compile(f"(?=({'|'.join(map(re.escape, longest_first))}))")
    beginning = {phrase: [other for other in longest_first if phrase.startswith(other)] for phrase in longest_first}

    def hits(text: str) -> Iterator[Hit]:
        for found in anywhere.finditer(text):
            for phrase in beginning[found[1]]:
                yield phrase, found.start(), found.start() + len(phrase)

    return lambda messages: [peer.mentions(message, hits) for message in messages]


def by_pyahocorasick(terms: Terms) -> Read:
    peer = Peer(terms)
    automaton = ahocorasick.Automaton()
    for phrase in peer.phrases:
        automaton.add_word(phrase, phrase)
    automaton.make_automaton()

    def hits(text: str) -> Iterator[Hit]:
        for last, phrase in automaton.iter(text):
            yield phrase, last + 1 - len(phrase), last + 1

    return lambda messages: [peer.mentions(message, hits) for message in messages]


WAYS = (
    Way("loop", by_loop, one_in=400),
    Way("re", by_re, one_in=100),
    Way("pyahocorasick", by_pyahocorasick, one_in=10),
    Way("ours, one by one", ours_one_by_one),
    Way("ours, in batches", ours_in_batches),
)


class Peer:
    """What the other ways share: plain normalising, word edges and guards around the hits they find."""

    def __init__(self, terms: Terms) -> None:
        self.keywords = _by_phrase(keywords_of(terms))
        self.guards = _by_phrase(guards_of(terms))
        self.phrases = list(self.keywords | self.guards)
        self.simplify = OpenCC("t2s").convert

    def mentions(self, message: str, find: Callable[[str], Iterable[Hit]]) -> Mentions:
        text = self.normalised(message)
        hits = [hit for hit in find(text) if _stands(text, hit)]
        guards = [hit for hit in hits if hit[0] in self.guards]
        counted = {term for hit in hits for term in self.keywords.get(hit[0], ()) if not self.hides(term, hit, guards)}
        return tuple(sorted(counted))

    def hides(self, term: str, hit: Hit, guards: Iterable[Hit]) -> bool:
        return any(term in self.guards[phrase] and hit[1] < end and start < hit[2] for phrase, start, end in guards)

    def normalised(self, message: str) -> str:
        text = unicodedata.normalize("NFKC", message).casefold()
        return " ".join(self.simplify(text).split())


def _stands(text: str, hit: Hit) -> bool:
    phrase, start, end = hit
    joined_before = start > 0 and in_word(phrase[0]) and in_word(text[start - 1])
    joined_after = end < len(text) and in_word(phrase[-1]) and in_word(text[end])
    return not joined_before and not joined_after


def _by_phrase(keywords: Iterable[Keyword]) -> dict[str, set[str]]:
    terms: dict[str, set[str]] = {}
    for keyword in keywords:
        terms.setdefault(keyword.normal, set()).add(keyword.term)
    return terms


class Trade:
    """An invented trade, drawn from a seed: its words in two languages, its keywords, and what people write.

    One message in five is small talk; of the others one in a hundred refuses something, and one in
    thirty is in traditional Chinese. Three in ten hold keywords, as many as in the richest of three
    real sets of messages to shops (HINT3). Words are as frequent as their rank says.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = {"en": self._distinct(4_000, self._english_word), "zh": self._distinct(4_000, self._chinese_word)}
        self.keywords = {
            "en": self._distinct(KEYWORDS, lambda: " ".join(self._some_of("en", (1, 1, 2, 2, 3)))),
            "zh": self._distinct(KEYWORDS, lambda: "".join(self._some_of("zh", (1, 2, 2)))),
        }
        self.small_talk = [self._sentence(self.random.randint(1, 2)) for _ in range(300)]
        self.traditional = OpenCC("s2t").convert

    def terms(self) -> dict[str, dict[str, object]]:
        """The section `terms` of a rulebook; every fifth term has guard phrases."""
        return {f"term-{number}": self._term(number) for number in range(TERMS)}

    def messages(self, count: int) -> list[str]:
        return [self._message() for _ in range(count)]

    def _term(self, number: int) -> dict[str, object]:
        en, zh = (self.keywords[language][number::TERMS] for language in ("en", "zh"))
        guards = {"en": [f"no {keyword}" for keyword in en], "zh": [f"不用{keyword}" for keyword in zh]}
        return {"en": en, "zh": zh} | ({"unless": guards} if number % 5 == 0 else {})

    def _message(self) -> str:
        if self.random.random() < 0.2:
            return self._ranked(self.small_talk)
        text = self._sentence(1 + int(self.random.expovariate(0.25)))
        return self.traditional(text) if self.random.random() < 1 / 30 else text

    def _sentence(self, length: int) -> str:
        return self._english(length) if self.random.random() < 0.5 else self._chinese(length)

    def _english(self, length: int) -> str:
        return " ".join(self._said("en", "no ", length)).capitalize() + self._one_of(*".?!", "", "", "", "...", " 😀")

    def _chinese(self, length: int) -> str:
        words = self._said("zh", "不用", length)
        if self.random.random() < 0.1:
            words.insert(length // 2, self._ranked(self.words["en"]))
        if length > 5:
            words.insert(length // 2, "，")
        return "".join(words) + self._one_of(*"。？！", "", "", "", "。。。", "🙏")

    def _said(self, language: str, refusing: str, length: int) -> list[str]:
        words = [self._ranked(self.words[language]) for _ in range(length)]
        luck = self.random.random()
        if luck < 0.2:
            keyword = self._ranked(self.keywords[language])
            words.insert(self.random.randrange(length), refusing + keyword if luck < 0.01 else keyword)
        return words

    def _ranked(self, words: Sequence[str]) -> str:
        """The word of rank r comes about 1/r as often as the first, as words do."""
        return words[int(len(words) ** self.random.random()) - 1]

    def _some_of(self, language: str, lengths: Sequence[int]) -> list[str]:
        return self.random.choices(self.words[language][RARER_FROM:], k=self.random.choice(lengths))

    def _one_of(self, *endings: str) -> str:
        return self.random.choice(endings)

    def _english_word(self) -> str:
        return "".join(self.random.choices(_SYLLABLES, k=self.random.choice((1, 1, 1, 2, 2))))

    def _chinese_word(self) -> str:
        return "".join(self.random.choices(_CHARACTERS, k=self.random.choice((1, 2, 2, 2, 3))))

    def _distinct(self, count: int, draw: Callable[[], str]) -> list[str]:
        drawn: dict[str, None] = {}
        while len(drawn) < count:
            if len((word := draw()).encode()) > 2:
                drawn[word] = None
        return list(drawn)


_SYLLABLES = [
    onset + vowel + coda
    for onset in "b br c ch d f fl g h l m n p pr r s st t tr w".split()
    for vowel in ("a", "e", "i", "o", "u", "ea", "oo")
    for coda in ("", "l", "n", "r", "s", "nd", "st")
]
_CHARACTERS = bytes(byte for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF) for byte in (row, cell)).decode(
    "gb2312"
)
"""The 3,666 most used characters of simplified Chinese: GB 2312, first level, without its last row."""


if __name__ == "__main__":
    for row in run():
        print(f"{row['way']:<20}{row['messages a second']:>12,} messages/s{row['times the loop']:>10} times the loop")
