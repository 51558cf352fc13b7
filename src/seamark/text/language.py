"""The language of a text: by its script, and among Latin letters by small words."""

from __future__ import annotations

import re

from seamark.text.normalise import normalise

_SCRIPTS = {
    "ja": "\u3041-\u30ff",
    "zh": "\u3400-\u9fff\U00020000-\U000323af",
    "ko": "\u1100-\u11ff\uac00-\ud7ff",
    "th": "\u0e01-\u0e5b",
    "ar": "\u0620-\u06ff",
    "he": "\u05d0-\u05ea",
    "hi": "\u0904-\u0939\u0958-\u0961",
    "ru": "\u0400-\u04ff",
    "el": "\u0370-\u03ff",
}
"""Kana comes before Chinese characters, which stand in Japanese too."""
_SCRIPT = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}

_SMALL_WORDS = {
    "en": "the is are you do how what can i it for to of and in my have please this that with when where much",
    "es": "el la los las que de es un una por para con cuanto cuánto tiene hola gracias mi en y no del como cómo",
    "pt": "o os as que de é um uma por para com quanto tem ola olá obrigado obrigada meu não em e do da você",
    "fr": "le la les des est un une pour avec combien vous je bonjour merci et en pas du au mon quel ça",
    "de": "der die das ist und ein eine für mit wie viel ich sie haben nicht auf zu den hallo danke kann",
    "it": "il lo la gli che di è un una per con quanto ciao grazie mio non e del avete come questo",
    "id": "yang dan di ke ini itu berapa apa saya kami ada tidak untuk dengan harga bisa terima kasih halo kak",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def lang_of(text: str) -> str | None:
    """The language as ISO 639 has it; None where no letter tells one.

    Text in Latin letters is English, unless more of its words are small words of another of seven languages.

    >>> lang_of("多少錢 ok"), lang_of("¿cuánto cuesta el rojo?"), lang_of("price?"), lang_of("👍")
    ('zh', 'es', 'en', None)
    """
    for language, script in _SCRIPT.items():
        if script.search(text):
            return language
    words = _WORD.findall(normalise(text))
    if not words:
        return None
    return max(_WORDS, key=lambda language: sum(word in _WORDS[language] for word in words))
