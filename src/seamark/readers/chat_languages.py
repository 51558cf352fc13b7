"""What WhatsApp itself writes into a chat export, language by language, as regular expressions.

Taken from exports as people describe and publish them: WhatsApp lists these words nowhere. Letters
may be large or small, and a full stop at the end may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass

_MESSAGE = "(?:消息|訊息|讯息|信息)"
_THIS = "(?:此|该|該|这条|這則|这个)"


@dataclass(frozen=True)
class Phrases:
    """The phrases of one language."""

    titles: tuple[str, ...]
    """The name of an export's file, with the other party's `name`."""
    notices: tuple[str, ...]
    """Of encryption, calls and settings; the whole message."""
    deleted: tuple[str, ...]
    edited: str
    """Between angle brackets, at the end of a message."""
    omitted: str
    """What Android writes in angle brackets, iPhones beside the kind."""
    attached: str
    """What Android writes in brackets behind the name of a file."""
    attachment: str
    """What iPhones write before the name of a file."""
    kinds: dict[str, str]
    """Kind of media → its words, which are no expressions: `|` stands between them."""


ENGLISH = Phrases(
    titles=(r"whatsapp[ -]chat (?:with|-) (?P<name>.+)",),
    notices=(
        r"messages (?:and calls|to this chat)\b.*\bend-to-end encrypted\b.*",
        r"your security code with .+ changed\b.*",
        r"missed (?:group )?(?:voice|video) call\b.{0,40}",
        r"(?:voice|video) call, (?:no answer|\d+ (?:sec|min|hr)).{0,20}",
        r"this chat is with a business account\b.*",
        r"this business (?:uses|is now|works) .*",
        r"you (?:un)?blocked this (?:contact|business)\b.*",
        r".+ (?:turned (?:on|off) disappearing messages|updated the message timer)\b.*",
        r"waiting for this message\b.*",
    ),
    deleted=(r"this message was deleted(?: by admin.*)?", "you deleted this message"),
    edited="this message was edited",
    omitted="omitted",
    attached="file attached",
    attachment="attached",
    kinds={
        "image": "image|photo|view once photo",
        "video": "video|video note|video message|view once video",
        "audio": "audio|voice message|view once voice message",
        "sticker": "sticker",
        "gif": "gif",
        "document": "document",
        "contact": "contact card",
        "media": "media",
    },
)
CHINESE = Phrases(
    titles=(
        r"[与與](?P<name>.+?)的 ?whatsapp ?(?:聊天|對話|对话).*",
        r"whatsapp ?(?:聊天|對話|对话) ?(?:记录|記錄)? ?- ?(?P<name>.+)",
    ),
    notices=(
        rf"{_MESSAGE}[和與与](?:通话|通話).*(?:端到端|端對端)加密.*",
        r"[您你][和與与].+(?:安全代码|安全代碼|安全码|安全碼)已?(?:更改|變更).*",
        r"未接(?:语音|語音|视频|視訊|視像)?(?:来电|來電|通话|通話).{0,20}",
    ),
    deleted=(
        rf"{_THIS}?{_MESSAGE}已被?(?:删除|刪除|撤回)",
        rf"[您你]已?(?:删除|刪除|撤回)了?{_THIS}{_MESSAGE}",
    ),
    edited=rf"{_THIS}?{_MESSAGE}已(?:经过|經過)?(?:编辑|編輯)",
    omitted="已?被?(?:省略|忽略|略去)",
    attached="文件附件|檔案附件",
    attachment="附件|已附加",
    kinds={
        "image": "图片|图像|照片|圖片|圖像|相片",
        "video": "视频|影片|視訊",
        "audio": "音频|语音|音訊|語音",
        "sticker": "贴图|貼圖",
        "gif": "gif 动态图|gif 动图|gif 圖片",
        "document": "文件|文档|檔案",
        "contact": "联系人卡片|聯絡人卡片",
        "media": "影音内容|影音內容|媒体|媒体文件|媒體檔案|多媒体文件|多媒體檔|多媒體檔案",
    },
)
GERMAN = Phrases(
    titles=(r"whatsapp[ -]chat mit (?P<name>.+)",),
    notices=(
        r"nachrichten (?:und anrufe|in diesem chat)\b.*ende-zu-ende-verschlüssel.*",
        r"(?:deine sicherheitsnummer für|die sicherheitsnummer von) .+ hat sich geändert\b.*",
        r"verpasster (?:sprach|video)anruf\b.{0,40}",
        r"dies(?:er chat)? ist .*\b(?:unternehmens|business)-?(?:account|konto)\b.*",
        r"auf diese nachricht warten\b.*",
    ),
    deleted=("diese nachricht wurde gelöscht", "du hast diese nachricht gelöscht"),
    edited="diese nachricht wurde bearbeitet",
    omitted="ausgeschlossen|weggelassen|ausgelassen",
    attached="datei angehängt",
    attachment="anhang",
    kinds={
        "image": "bild|foto",
        "video": "video|videonachricht",
        "audio": "audio|sprachnachricht",
        "document": "dokument",
        "contact": "kontaktkarte",
        "media": "medien",
    },
)
SPANISH = Phrases(
    titles=(r"chat de whatsapp con (?P<name>.+)",),
    notices=(
        r"los mensajes y las llamadas están cifrados de extremo a extremo\b.*",
        r"(?:tu|cambió (?:tu|el)) código de seguridad con .+",
        r"(?:video)?llamada (?:de voz |de video |grupal )?perdida\b.{0,40}",
        r"este chat es con una cuenta de empresa\b.*",
        r"esperando (?:el|este) mensaje\b.*",
    ),
    deleted=("se eliminó este mensaje", "este mensaje fue eliminado", "eliminaste este mensaje"),
    edited="se editó este mensaje",
    omitted="omitid[oa]",
    attached="archivo adjunto",
    attachment="adjunto",
    kinds={
        "image": "imagen|foto",
        "video": "video|vídeo",
        "audio": "audio",
        "sticker": "sticker",
        "gif": "gif",
        "document": "documento",
        "contact": "tarjeta de contacto",
        "media": "multimedia|archivo",
    },
)
PORTUGUESE = Phrases(
    titles=(r"conversa do whatsapp com (?P<name>.+)",),
    notices=(
        r"(?:as )?mensagens e (?:as )?(?:chamadas|ligações)\b.*(?:criptografia|encripta|cifra).*",
        r"(?:o )?seu código de segurança com .+ (?:mudou|foi alterado)\b.*",
        r"(?:chamada|ligação) de (?:voz|vídeo) perdida\b.{0,40}",
        r"esta conversa é com uma conta comercial\b.*",
        r"aguardando mensagem\b.*",
    ),
    deleted=("(?:esta )?mensagem (?:foi )?apagada", "você apagou esta mensagem", "apagou esta mensagem"),
    edited="(?:esta )?mensagem (?:foi )?editada",
    omitted="ocult[oa]|ocultad[oa]|omitid[oa]|não revelado",
    attached="arquivo anexado|ficheiro anexado",
    attachment="anexado",
    kinds={
        "image": "imagem|foto",
        "video": "vídeo",
        "audio": "áudio",
        "sticker": "figurinha",
        "document": "documento",
        "contact": "cartão do contato",
        "media": "mídia|arquivo de mídia|ficheiro",
    },
)
FRENCH = Phrases(
    titles=(r"discussion whatsapp avec (?P<name>.+)",),
    notices=(
        r"les messages et les appels sont chiffrés de bout en bout\b.*",
        r"votre code de sécurité avec .+ a changé\b.*",
        r"appel (?:vocal|vidéo) manqué\b.{0,40}",
        r"en attente de ce message\b.*",
    ),
    deleted=("ce message a été supprimé", "vous avez supprimé ce message"),
    edited="ce message a été modifié",
    omitted="omise?s?|absente?",
    attached="fichier joint",
    attachment="pièce jointe",
    kinds={
        "image": "image|photo",
        "video": "vidéo",
        "audio": "audio",
        "contact": "fiche contact",
        "media": "médias",
    },
)
ITALIAN = Phrases(
    titles=(r"chat whatsapp con (?P<name>.+)",),
    notices=(
        r"i messaggi e le chiamate sono crittografati end-to-end\b.*",
        r"il tuo codice di sicurezza con .+ è cambiato\b.*",
        r"(?:video)?chiamata (?:vocale )?persa\b.{0,40}",
        r"in attesa del messaggio\b.*",
    ),
    deleted=("questo messaggio è stato eliminato", "hai eliminato questo messaggio"),
    edited="questo messaggio è stato modificato",
    omitted="omess[oaie]",
    attached="file allegato",
    attachment="allegato",
    kinds={"image": "immagine", "contact": "scheda contatto", "media": "media"},
)
INDONESIAN = Phrases(
    titles=(r"chat whatsapp dengan (?P<name>.+)",),
    notices=(
        r"pesan dan panggilan (?:di)?enkripsi secara end-to-end\b.*|pesan dan panggilan terenkripsi\b.*",
        r"kode keamanan anda dengan .+ berubah\b.*",
        r"panggilan (?:suara|video) tak terjawab\b.{0,40}",
        r"menunggu pesan ini\b.*",
    ),
    deleted=("pesan ini (?:telah )?dihapus", "anda (?:telah )?menghapus pesan ini"),
    edited="pesan ini (?:telah )?diedit",
    omitted="tidak disertakan",
    attached="file terlampir",
    attachment="terlampir",
    kinds={"image": "gambar|foto", "sticker": "stiker", "document": "dokumen", "contact": "kartu kontak"},
)
ARABIC = Phrases(
    titles=(r"(?:محادثة|دردشة) whatsapp مع (?P<name>.+)",),
    notices=(
        r"الرسائل والمكالمات مشف.*",
        r"(?:لقد )?تغيّ?ر رمز (?:الأمان|أمانك).*",
        r"مكالمة (?:صوتية|فيديو) فائتة.{0,40}",
    ),
    deleted=("تم حذف هذه الرسالة", "(?:لقد )?حذفتَ? (?:أنت )?هذه الرسالة"),
    edited="تم تعديل هذه الرسالة",
    omitted="تم استبعاد",
    attached="الملف مرفق",
    attachment="مرفق",
    kinds={
        "image": "الصورة",
        "video": "الفيديو|مقطع الفيديو",
        "audio": "الصوت",
        "sticker": "الملصق",
        "contact": "جهة الاتصال",
        "media": "الوسائط",
    },
)

ALL = (ENGLISH, CHINESE, GERMAN, SPANISH, PORTUGUESE, FRENCH, ITALIAN, INDONESIAN, ARABIC)
