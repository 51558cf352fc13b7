"""Finding terms quickly, carefully, and in the plainest way there is, gives the same."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from seamark.text.edges import in_word
from seamark.text.keywords import Keyword, Terms, guards_of, keywords_of
from seamark.text.normalise import normalise
from seamark.text.swallowed import swallowed
from seamark.text.terms import Found, Lexicon

PIECES = [
    *"a b ab ba A B 1 é ж ß İ".split(),
    *"价 格 报 不 價 報 沈 沉 默 覆 复 答 ガ ก".split(),
    *", . ? + - ' _ $ ， 。 ？ … ’ · — ` Ａ ＋ 🙏 ❤\ufe0f \u200b \u0301 \x01 \x02 \n \u3000".split(" "),
    *" |  |a b|报价|价格|答覆|沈默|a, b|+ +|++|price".split("|"),
]
WRITTEN = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join).filter(normalise)
PHRASES = st.lists(WRITTEN, min_size=1, max_size=3, unique=True)
TERM = st.fixed_dictionaries({"en": PHRASES}, optional={"unless": st.fixed_dictionaries({"zh": PHRASES})})
TERMS = st.dictionaries(st.sampled_from(["p", "q", "r"]), TERM, max_size=3)


@st.composite
def terms_and_texts(draw: st.DrawFn) -> tuple[Terms, list[str]]:
    """Texts are made of the phrases they are searched for and what might stand between them."""
    terms = draw(TERMS)
    phrases = [keyword.written for keyword in (*keywords_of(terms), *guards_of(terms))]
    piece = st.sampled_from([*phrases, *phrases, *PIECES])
    return terms, draw(st.lists(st.lists(piece, max_size=6).map("".join), min_size=1, max_size=5))


def places(phrase: str, text: str) -> Iterator[range]:
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        joined_before = start > 0 and in_word(phrase[0]) and in_word(text[start - 1])
        joined_after = end < len(text) and in_word(phrase[-1]) and in_word(text[end])
        if not joined_before and not joined_after:
            yield range(start, end)
        start = text.find(phrase, start + 1)


def counts(keyword: Keyword, guards: list[str], text: str) -> bool:
    hidden = {at for guard in guards for place in places(guard, text) for at in place}
    return any(hidden.isdisjoint(place) for place in places(keyword.normal, text))


def found_plainly(terms: Terms, written: str) -> Found:
    text, guards = normalise(written), guards_of(terms)
    found = [
        keyword
        for keyword in keywords_of(terms)
        if counts(keyword, [guard.normal for guard in guards if guard.term == keyword.term], text)
    ]
    return Found(tuple(sorted({keyword.term for keyword in found})), tuple(sorted(set(map(str, found)))))


@settings(max_examples=300)
@given(terms_and_texts())
def test_all_ways_find_the_same(drawn: tuple[Terms, list[str]]):
    terms, texts = drawn
    lexicon, plainly = Lexicon(terms), [found_plainly(terms, text) for text in texts]
    assert [lexicon.find(text) for text in texts] == plainly
    assert lexicon.find_many(texts) == plainly


@given(terms_and_texts())
def test_what_is_swallowed_adds_nothing(drawn: tuple[Terms, list[str]]):
    terms, texts = drawn
    needless = {str(pair.keyword) for pair in swallowed(Lexicon(terms)) if pair.by.term == pair.keyword.term}
    without = {
        name: {**term, "en": [written for written in term["en"] if f"{name}: {written}" not in needless]}
        for name, term in terms.items()
    }
    kept = [found.mentions for found in Lexicon(without).find_many(texts)]
    assert kept == [found.mentions for found in Lexicon(terms).find_many(texts)]
