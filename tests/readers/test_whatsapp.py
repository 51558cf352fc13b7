"""Exported chats become messages received and sent, the same ones at every reading."""

import io
import zipfile

import pytest

from seamark.readers import files
from seamark.readers.files import OVERLONG
from seamark.readers.shape import FileError

pytestmark = pytest.mark.covers("C03")

ANN = "WhatsApp Chat with Ann.txt"
ANDROID = """\
12/11/2026, 10:04 - Messages and calls are end-to-end encrypted. Only people in this chat can read them.
12/11/2026, 10:05 - Ann: hello
12/11/2026, 10:05 - Shop: Hi Ann!
We have:
- tea
13/11/2026, 9:00 - Ann: <Media omitted>
13/11/2026, 9:01 - Ann: This message was deleted
13/11/2026, 9:01 - Ann: ok
13/11/2026, 9:01 - Ann: ok
"""
IPHONE = """\
\u200e[12.11.26, 10:04:00] Ann: \u200eMessages and calls are end-to-end encrypted.\r
[12.11.26, 10:05:31] Ann: hello\r
[13.11.26, 10:06:02] Shop: hi\r
\u200e[13.11.26, 10:07:00] ~\u202fAnn: \u200eimage omitted\r
"""
CHINESE = """\
2026/11/12 上午10:04 - 消息和通话已进行端到端加密。
2026/11/12 上午10:05 - 小林: 你好
2026/11/12 下午3:05 - 海港茶行: 您好
2026/11/12 下午3:06 - 小林: <省略影音内容>
2026/11/12 下午3:07 - 海港茶行: 您已删除此消息
"""


@pytest.fixture
def chat(file, reading_of):
    def reading(text, name=ANN, **said):
        return reading_of(file(text, name), **said)

    return reading


def test_a_message_becomes_an_event(chat):
    first = chat(ANDROID, zone="Asia/Hong_Kong").values[0]
    assert len(first.pop("id")) == 24
    assert first == {
        "contact": "Ann",
        "occurred_at": "2026-11-12T02:05:00Z",
        "kind": "message.received",
        "text": "hello",
        "seq": 2,
        "channel": "whatsapp",
    }


def test_a_message_of_ours_names_who_sent_it(chat):
    sent = chat(ANDROID).values[1]
    assert (sent["kind"], sent["actor"], sent["contact"]) == ("message.sent", "Shop", "Ann")


def test_lines_without_stamp_go_on_the_message(chat):
    got = chat(ANDROID)
    assert got.values[1]["text"] == "Hi Ann!\nWe have:\n- tea"
    assert got.lines == [2, 3, 6, 8, 9]


def test_media_left_out_is_a_message_without_text(chat):
    media = chat(ANDROID).values[2]
    assert media["media"] == "media"
    assert "text" not in media


def test_notices_and_deleted_messages_are_counted(chat):
    notes = " ".join(chat(ANDROID).notes)
    assert "notices of WhatsApp left out: 1" in notes
    assert "deleted messages left out: 1" in notes


def test_an_iphone_writes_notices_as_if_someone_said_them(chat):
    got = chat(IPHONE)
    assert [value.get("text", value.get("media")) for value in got.values] == ["hello", "hi", "image"]
    assert got.values[2]["contact"] == "Ann"


def test_chinese_chats_are_read_alike(chat):
    got = chat(CHINESE, "与小林的 WhatsApp 聊天.txt")
    assert [(value["contact"], value["kind"]) for value in got.values] == [
        ("小林", "message.received"),
        ("小林", "message.sent"),
        ("小林", "message.received"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "big5hkscs"])
def test_chats_are_read_in_every_usual_charset(file, reading_of, encoding):
    text = "2026/11/12 上午10:05 - 小林: 你好,請問這款茶多少錢\n2026/11/12 下午3:05 - 海港茶行: 一盒三十元\n"
    got = reading_of(file(text.encode(encoding), "a.txt"), us="海港茶行")
    assert (got.values[0]["contact"], got.values[0]["text"][:2]) == ("小林", "你好")


def test_marks_of_direction_are_no_part_of_names(chat):
    got = chat("12/11/2026, 10:05 - \u202a+86 138\u00a00013 8000\u202c: שלום \u200fעולם\n", "a.txt", us="Shop")
    assert (got.values[0]["contact"], got.values[0]["text"]) == ("+86 138 0013 8000", "שלום \u200fעולם")


def test_edited_messages_lose_the_remark(chat):
    assert chat("12/11/2026, 10:05 - Ann: five boxes <This message was edited>\n").values[0]["text"] == "five boxes"


def test_reading_again_gives_the_same_ids_and_a_cut_export_too(chat):
    whole, again = chat(ANDROID), chat(ANDROID)
    cut = chat(ANDROID.split("- tea\n")[1])
    ids = [value["id"] for value in whole.values]
    assert ids == [value["id"] for value in again.values]
    assert [value["id"] for value in cut.values] == ids[2:]
    assert len(set(ids)) == 5


def test_a_zip_with_pictures_names_the_contact(tmp_path, reading_of):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("_chat.txt", IPHONE)
        archive.writestr("00000004-PHOTO.jpg", b"\xff\xd8")
    path = tmp_path / "WhatsApp Chat - Ann.zip"
    path.write_bytes(packed.getvalue())
    assert reading_of(path).values[0]["contact"] == "Ann"


# Who is who

GROUP = ANDROID + "13/11/2026, 9:02 - Cat: hi\n"


@pytest.mark.parametrize(
    "name",
    [
        ANN,
        "WhatsApp Chat - Ann.txt",
        "WhatsApp Chat with Ann (1).txt",
        "与Ann的 WhatsApp 聊天.txt",
        "與Ann的 WhatsApp 對話.txt",
    ],
)
def test_the_name_of_the_file_tells_the_contact(chat, name):
    got = chat(ANDROID, name)
    assert got.values[0]["contact"] == "Ann"
    assert "the contact is Ann, Shop is us (guessed" in got.notes[0]


def test_us_can_be_told(chat):
    got = chat(ANDROID, "any.txt", us="ann")
    assert (got.values[0]["contact"], got.values[0]["kind"]) == ("Shop", "message.sent")


def test_who_writes_in_most_files_is_us(file, reading_of):
    bob = ANDROID.replace("Ann", "Bob")
    assert {value["contact"] for value in reading_of(file(ANDROID, "1.txt"), file(bob, "2.txt")).values} == {
        "Ann",
        "Bob",
    }


def test_several_of_us_may_write_to_one_contact(chat):
    got = chat(GROUP, us=["Shop", "Cat"])
    assert {value["contact"] for value in got.values} == {"Ann"}
    assert [value["actor"] for value in got.values if value["kind"] == "message.sent"] == ["Shop", "Cat"]


def test_who_was_never_answered_keeps_the_name_of_the_file(chat):
    got = chat("12/11/2026, 10:05 - Shop: hello\n")
    assert (got.values[0]["contact"], got.values[0]["actor"]) == ("Ann", "Shop")


@pytest.mark.parametrize(
    ("text", "name", "us", "said"),
    [
        (ANDROID, "chat.txt", None, "does not tell who of Ann and Shop is us; say it with --us NAME"),
        (ANDROID, ANN, "Tea House", "does not have Tea House: Ann and Shop write"),
        (ANDROID, ANN, ["Ann", "Shop"], "is a chat among us"),
        ("12/11/2026, 10:05 - Shop: hello\n", "chat.txt", "Shop", "does not tell the contact: only Shop writes"),
        (GROUP, ANN, None, r"is a group chat, in which 3 write \(Ann, Shop, Cat\); export chats with one contact"),
        (GROUP, ANN, "Shop", r"is a group chat, in which 2 write besides us \(Ann, Cat\)"),
        ("12/11/2026, 10:05 - Missed voice call\n", ANN, None, "holds no message"),
    ],
)
def test_chats_that_do_not_tell_who_is_who_are_refused(chat, text, name, us, said):
    with pytest.raises(FileError, match=said):
        chat(text, name, us=us)


# Languages

GERMAN = """\
12.11.26, 10:04 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Niemand kann mitlesen.
12.11.26, 10:05 - Ann: Was kostet der große Karton?
Und der kleine?
12.11.26, 10:06 - Laden: <Medien ausgeschlossen>
12.11.26, 10:07 - Ann: Diese Nachricht wurde gelöscht.
13.11.26, 10:08 - Laden: Zwölf Euro <Diese Nachricht wurde bearbeitet.>
13.11.26, 10:09 - Ann: IMG-20261113-WA0001.jpg (Datei angehängt)
"""
SPANISH = """\
12/11/26, 10:04\u202fa.\u00a0m. - Los mensajes y las llamadas están cifrados de extremo a extremo.
12/11/26, 10:05\u202fa.\u00a0m. - Ann: ¿Cuánto cuesta?
¿Y la pequeña?
12/11/26, 10:06\u202fa.\u00a0m. - Laden: <Multimedia omitido>
12/11/26, 10:07\u202fp.\u00a0m. - Ann: Se eliminó este mensaje.
13/11/26, 10:08\u202fp.\u00a0m. - Laden: Doce <Se editó este mensaje.>
13/11/26, 10:09\u202fp.\u00a0m. - Ann: IMG-20261113-WA0001.jpg (archivo adjunto)
"""
PORTUGUESE = """\
[12/11/2026 10:04:00] Ann: \u200eAs mensagens e as ligações são protegidas com a criptografia de ponta a ponta.
[12/11/2026 10:05:01] Ann: quanto custa?
e o pequeno?
\u200e[12/11/2026 10:06:02] Laden: \u200eimagem ocultada
[12/11/2026 10:07:03] Ann: \u200eMensagem apagada
[13/11/2026 10:08:04] Laden: Doze \u200e<Mensagem editada>
\u200e[13/11/2026 10:09:05] Ann: \u200e<anexado: 00000012-PHOTO-2026-11-13.jpg>
"""
ARABIC = """\
\u200f١٢\u200f/١١\u200f/٢٠٢٦، ١٠:٠٤ ص - الرسائل والمكالمات مشفّرة تمامًا بين الطرفين.
\u200f١٢\u200f/١١\u200f/٢٠٢٦، ١٠:٠٥ ص - Ann: كم السعر؟
والصغير؟
\u200f١٢\u200f/١١\u200f/٢٠٢٦، ١٠:٠٦ ص - Laden: \u200f<تم استبعاد الوسائط>
\u200f١٢\u200f/١١\u200f/٢٠٢٦، ١٠:٠٧ م - Ann: تم حذف هذه الرسالة
\u200f١٣\u200f/١١\u200f/٢٠٢٦، ١٠:٠٨ م - Laden: اثنا عشر
\u200f١٣\u200f/١١\u200f/٢٠٢٦، ١٠:٠٩ م - Ann: IMG-20261113-WA0001.jpg (الملف مرفق)
"""


@pytest.mark.parametrize("text", [GERMAN, SPANISH, PORTUGUESE, ARABIC])
def test_chats_of_other_languages_are_read_alike(chat, text):
    got = chat(text, us="Laden")
    told = [(value["occurred_at"][:10], value.get("media", "text"), value["kind"]) for value in got.values]
    assert [(day, what) for day, what, _ in told] == [
        ("2026-11-12", "text"),
        ("2026-11-12", told[1][1]),
        ("2026-11-13", "text"),
        ("2026-11-13", "image"),
    ]
    assert told[1][1] in ("media", "image")
    assert "\n" in got.values[0]["text"]
    assert "<" not in got.values[2]["text"]
    assert [kind for *_, kind in told] == ["message.received", "message.sent", "message.sent", "message.received"]
    assert (got.rejects, [note.rpartition(": ")[2] for note in got.notes[-2:]]) == ([], ["1", "1"])


@pytest.mark.parametrize(
    "name",
    [
        "WhatsApp Chat mit Ann.txt",
        "Chat de WhatsApp con Ann.txt",
        "Conversa do WhatsApp com Ann.txt",
        "Discussion WhatsApp avec Ann.txt",
        "Chat WhatsApp con Ann.txt",
        "Chat WhatsApp dengan Ann.txt",
        "محادثة WhatsApp مع Ann.txt",
    ],
)
def test_the_name_of_the_file_tells_the_contact_in_any_language(chat, name):
    assert chat(ANDROID, name).values[0]["contact"] == "Ann"


# What goes wrong


def test_lines_that_cannot_be_read_are_set_aside(chat):
    got = chat("junk\n" + ANDROID + "31/11/2026, 9:02 - Ann: hi\n13/11/2026, 24:02 - Ann: hi\n", as_="whatsapp-export")
    assert len(got.values) == 5
    assert got.reasons == [
        (1, "stands before the first message"),
        (11, "31/11/2026 is no date in the order day/month/year, which the other dates have"),
        (12, "24:02:00 is no time of day"),
    ]


def test_an_order_that_nothing_decides_is_said(chat):
    assert "dates are taken as day/month/year" in chat("11/12/2026, 10:05 - Ann: hi\n").notes[1]


def test_messages_alike_are_counted_within_the_days_kept(chat):
    text = "".join(f"{day}/11/2026, 10:05 - Ann: ok\n" * 2 for day in (12, 13, 14, 15, 16))
    assert [value["id"][24:] for value in chat(text + "12/11/2026, 10:05 - Shop: hi\n").values][:10] == ["", "-2"] * 5


def test_times_shown_twice_or_never_are_counted(chat):
    text = "29/03/2026, 02:30 - Ann: hi\n25/10/2026, 02:30 - Ann: hi\n"
    got = chat(text, zone="Europe/Berlin")
    assert [value["occurred_at"] for value in got.values] == ["2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z"]
    assert "the clock left out, moved forward (Europe/Berlin): 1" in " ".join(got.notes)


def test_quoted_lines_of_the_other_system_stay_in_the_message(chat):
    got = chat("12/11/2026, 10:05 - Ann: see\n[12.11.26, 10:05:31] Bob: hi\n")
    assert got.values[0]["text"] == "see\n[12.11.26, 10:05:31] Bob: hi"


def test_another_file_is_refused(chat):
    with pytest.raises(FileError, match="is no WhatsApp export: no line begins as in"):
        chat("contact,kind\n", as_="whatsapp")


@pytest.mark.parametrize("size", [1, 40, 100])
@pytest.mark.parametrize("text", [ANDROID, IPHONE, CHINESE], ids=["android", "iphone", "chinese"])
def test_messages_may_go_over_the_edges_of_what_is_looked_at_in_one_go(chat, monkeypatch, text, size):
    whole = chat(text, us=["Shop", "海港茶行"])
    monkeypatch.setattr(files, "BLOCK", size)
    assert chat(text, us=["Shop", "海港茶行"]) == whole


def test_an_overlong_line_stops_its_message_alone(chat, monkeypatch):
    monkeypatch.setattr(files, "LINE_LIMIT", 100)
    monkeypatch.setattr(files, "BLOCK", 40)
    got = chat(ANDROID.splitlines()[1] + "\n13/11/2026, 9:00 - Ann: " + "x" * 400 + "\n" + ANDROID)
    assert [reason for line, reason in got.reasons if line == 2] == [OVERLONG]
    assert [value["text"] for value in got.values if "text" in value][:2] == ["hello", "hello"]


def test_a_hundred_thousand_lines_are_read(chat):
    lines = (
        f"{n // 4800 + 1}/11/2026, {n // 200 % 24}:{n % 60:02} - {'Ann' if n % 3 else 'Shop'}: {n % 7}"
        for n in range(100_000)
    )
    got = chat("\n".join(lines))
    assert len(got.values) == 100_000
    assert len({value["id"] for value in got.values}) == 100_000
    assert got.rejects == []
