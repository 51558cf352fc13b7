"""What WhatsApp writes in place of messages is told from what people write."""

import pytest

from seamark.readers.chat_words import DELETED, NOTICE, media_in, said_by_whatsapp

pytestmark = pytest.mark.covers("C03")


@pytest.mark.parametrize(
    "text",
    [
        "Messages and calls are end-to-end encrypted. No one outside of this chat can read them.",
        "消息和通话已进行端到端加密。对话之外的任何人都无法读取。",
        "訊息和通話都受到端對端加密。",
        "Your security code with Ann changed. Tap to learn more.",
        "Missed voice call at 10:05",
        "未接语音通话",
        "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Tippe, um mehr zu erfahren.",
        "Verpasster Sprachanruf um 10:05",
        "Tu código de seguridad con Ann cambió. Toca para más información.",
        "Llamada de voz perdida",
        "As mensagens e as chamadas são protegidas com a criptografia de ponta a ponta.",
        "Les messages et les appels sont chiffrés de bout en bout.",
        "مكالمة صوتية فائتة",
        "Waiting for this message. This may take a while.",
    ],
)
def test_notices_are_known(text):
    assert said_by_whatsapp(text) == NOTICE


@pytest.mark.parametrize(
    "text",
    ["Is it end-to-end encrypted?", "I missed your voice call", "Video call, tomorrow at 3?", "¿Llamada perdida?"],
)
def test_people_may_speak_of_the_same_things(text):
    assert not said_by_whatsapp(text)


@pytest.mark.parametrize(
    "text",
    [
        "This message was deleted",
        "You deleted this message.",
        "此消息已删除",
        "您已删除此消息",
        "此訊息已刪除。",
        "这条消息已被删除。",
        "Du hast diese Nachricht gelöscht.",
        "Este mensaje fue eliminado",
        "Esta mensagem foi apagada",
        "Ce message a été supprimé",
        "تم حذف هذه الرسالة",
    ],
)
def test_deleted_messages_are_known(text):
    assert said_by_whatsapp(text) == DELETED


def test_speaking_of_deletion_is_a_message():
    assert not said_by_whatsapp("I think this message was deleted by mistake?")


@pytest.mark.parametrize(
    ("text", "media"),
    [
        ("<Media omitted>", ("media", "")),
        ("image omitted", ("image", "")),
        ("GIF omitted", ("gif", "")),
        ("Contact card omitted", ("contact", "")),
        ("Price list.pdf • \u200e2 pages \u200edocument omitted", ("document", "")),
        ("<省略多媒体文件>", ("media", "")),
        ("<忽略多媒體檔>", ("media", "")),
        ("圖片已略去", ("image", "")),
        ("视频已忽略", ("video", "")),
        ("IMG-20261112-WA0001.jpg (file attached)\nthe red one", ("image", "the red one")),
        ("报价单.pdf (文件附件)", ("document", "")),
        ("<attached: 00000012-AUDIO-2026-11-12.opus>", ("audio", "")),
        ("<附件: 00000012-PHOTO.jpg>", ("image", "")),
        ("null", ("media", "")),
        ("<Medien ausgeschlossen>\n4 Karton.pdf", ("media", "4 Karton.pdf")),
        ("Bild weggelassen", ("image", "")),
        ("<Anhang: 00000012-AUDIO-2026-11-12.opus>", ("audio", "")),
        ("Tarjeta de contacto omitida", ("contact", "")),
        ("<Arquivo de mídia oculto>", ("media", "")),
        ("<Ficheiro não revelado>", ("media", "")),
        ("figurinha omitida", ("sticker", "")),
        ("<Médias omis>", ("media", "")),
        ("<媒体省略>", ("media", "")),
        ("<تم استبعاد الوسائط>", ("media", "")),
    ],
)
def test_media_is_told_by_kind(text, media):
    assert media_in(text) == media


@pytest.mark.parametrize(
    "text",
    [
        "忽略图片",
        "the image omitted a cup",
        "see <b> and </b>",
        "null and void",
        "a.b " * 9999,
        "see you (at 5.30)",
        "x < y",
    ],
)
def test_other_texts_are_no_media(text):
    assert media_in(text) == ("", text)
