"""Every error a person can cause, each with a sentence in Arabic, French and English that says what to do.

JawabError
├── ArticleError            articles that cannot be read
│   ├── PathMissing
│   ├── NothingToRead
│   ├── NotText
│   └── BadArticle
├── QuestionError           a question that cannot be used
│   ├── QuestionEmpty
│   ├── QuestionTooLong
│   ├── QuestionNotText
│   ├── QuestionTimedOut
│   └── QuestionWithoutWords
├── StoreError              a store that cannot be used
│   ├── StoreMissing
│   ├── StoreBusy
│   ├── StoreForeign
│   ├── StoreDamaged
│   └── StoreReadOnly
├── ModelError              an encoder that cannot be used
│   ├── ModelMissing
│   ├── ModelDamaged
│   ├── ModelsReadOnly
│   └── ModelFailed
└── UsageError              a wrong file or option
    └── AddressUnusable
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from corpus.typography import set_french


class JawabError(Exception):
    """The root: catch this one to catch them all. `str(error)` is the English sentence."""

    templates: ClassVar[dict[str, str]] = {}

    def __init__(self, **details: object) -> None:
        """Keep what the sentence names; a detail that is itself words is a dict by language."""
        self.details = details
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """Say what happened and what to do next, in "ar", "fr" or "en"."""
        template = self.templates.get(language) or self.templates["en"]
        if language == "fr":
            template = set_french(template)
        details = {
            name: value.get(language, "") if isinstance(value, dict) else value
            for name, value in self.details.items()
        }
        return template.format(**details)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.details)


def in_each_language(sentences: Mapping[str, str], **details: object) -> dict[str, str]:
    """Return the sentences, by language, with the details put in: a `reason` or `remedy` of an error."""
    set_out = {**sentences, "fr": set_french(sentences["fr"])}
    return {language: sentence.format(**details) for language, sentence in set_out.items()}


def _rebuild(kind: type[JawabError], details: dict[str, object]) -> JawabError:
    return kind(**details)


class ArticleError(JawabError):
    """Articles cannot be read."""


class PathMissing(ArticleError):
    """`path` does not exist."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "لا يوجد ملف ولا مجلد بهذا المسار: \u200e{path}. تحقق من المسار ثم أعد المحاولة.",
        "fr": "Aucun fichier ni dossier à ce chemin : {path}. Vérifiez le chemin et recommencez.",
        "en": "There is no file or folder at {path}. Check the path and try again.",
    }


class NothingToRead(ArticleError):
    """`path` holds no article."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "لا يوجد أي مقال في \u200e{path}. تحقق من محتواه ثم أعد المحاولة: "
        "تُقرأ ملفات ‎.md و‎.txt و‎.jsonl.",
        "fr": "Aucun article dans {path}. Vérifiez son contenu et recommencez : "
        "les fichiers .md, .txt et .jsonl sont lus.",
        "en": "There is no article in {path}. Check what it holds (.md, .txt, .jsonl) and try again.",
    }


class NotText(ArticleError):
    """`path` is not a UTF-8 text file of a kind that is read."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "الملف \u200e{path} لا يُقرأ: تُقبل ملفات ‎.md و‎.txt و‎.jsonl النصية بترميز UTF-8. "
        "احفظه في إحدى هذه الصيغ ثم أعد المحاولة.",
        "fr": "Le fichier {path} n'est pas lisible : seuls les fichiers .md, .txt et .jsonl "
        "en UTF-8 le sont. Enregistrez-le ainsi et recommencez.",
        "en": "The file {path} cannot be read: it has to be a .md, .txt or .jsonl file in UTF-8. "
        "Save it as one and try again.",
    }


class BadArticle(ArticleError):
    """`path` holds an article that cannot be understood, for `reason`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "تعذرت قراءة المقال \u200e{path}: {reason}. صحح الملف ثم أعد المحاولة.",
        "fr": "L'article {path} est illisible : {reason}. Corrigez le fichier et recommencez.",
        "en": "The article {path} cannot be read: {reason}. Correct the file and try again.",
    }


class QuestionError(JawabError):
    """A question cannot be used."""


class QuestionEmpty(QuestionError):
    """The question is empty."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "السؤال فارغ. اكتب سؤالا، مثل: متى عُقد الاجتماع؟",
        "fr": "La question est vide. Écrivez une question, par exemple : quand la réunion a-t-elle eu lieu ?",
        "en": "The question is empty. Write a question, such as: when was the meeting held?",
    }


class QuestionTooLong(QuestionError):
    """The question has `length` characters, more than `limit`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "السؤال طويل جدا (عدد حروفه {length}، والحد الأقصى {limit}). اختصره.",
        "fr": "La question est trop longue ({length} caractères). Raccourcissez-la à {limit} au plus.",
        "en": "The question is too long ({length} characters). Shorten it to at most {limit}.",
    }


class QuestionNotText(QuestionError):
    """The question holds characters that are not text (NUL, half a surrogate pair)."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "في السؤال رموز ليست نصا. امسحها أو أعد كتابة السؤال.",
        "fr": "La question contient des caractères qui ne sont pas du texte. Effacez-les ou réécrivez-la.",
        "en": "The question holds characters that are not text. Delete them or type the question again.",
    }


class QuestionTimedOut(QuestionError):
    """The question took longer than `limit` seconds."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "استغرق السؤال أكثر من {limit} ثانية لأن الجهاز مشغول. أعد السؤال بعد قليل.",
        "fr": "La question a pris plus de {limit} s : la machine est occupée. Reposez-la dans un instant.",
        "en": "The question took more than {limit} s: the machine is busy. Ask it again in a moment.",
    }


class QuestionWithoutWords(QuestionError):
    """The question has no word to look for: digits, emoji, stop words or another script alone."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "ليس في السؤال كلمة يمكن البحث عنها. اكتب سؤالا كاملا بالعربية أو الفرنسية أو الإنجليزية.",
        "fr": "La question ne contient aucun mot à chercher. Écrivez une phrase entière en arabe, "
        "en français ou en anglais.",
        "en": "The question has no word to look for. Write a full question in Arabic, French or English.",
    }


class StoreError(JawabError):
    """A store cannot be used."""


class StoreMissing(StoreError):
    """There is no store at `path`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "لا يوجد فهرس في \u200e{path}. أنشئه بالأمر: python -m index build --store {path}",
        "fr": "Aucun index dans {path}. Créez-le avec : python -m index build --store {path}",
        "en": "There is no index at {path}. Create it with: python -m index build --store {path}",
    }


class StoreBusy(StoreError):
    """Another process (`owner`) is writing to the store at `path`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "الفهرس \u200e{path} يكتب فيه برنامج آخر (\u200e{owner}). انتظر حتى ينتهي ثم أعد المحاولة.",
        "fr": "L'index {path} est en cours d'écriture ({owner}). Attendez la fin et recommencez.",
        "en": "The index at {path} is being written by another program ({owner}). Wait for it and try again.",
    }


class StoreForeign(StoreError):
    """The store at `path` was made by another version or encoder (`made_by`), not `expected`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "الفهرس \u200e{path} من صنع \u200e{made_by} لا \u200e{expected}. أعد بناءه بالأمر: "
        "python -m index build --store {path} --again",
        "fr": "L'index {path} vient de {made_by}, pas de {expected}. Reconstruisez-le avec : "
        "python -m index build --store {path} --again",
        "en": "The index at {path} was made by {made_by}, not {expected}. Build it again with: "
        "python -m index build --store {path} --again",
    }


class StoreDamaged(StoreError):
    """The database of the store at `path` cannot be read, for `reason`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "الفهرس \u200e{path} تالف ({reason}). انقل المجلد جانبا ثم أعد البناء: "
        "python -m index build --store {path}",
        "fr": "L'index {path} est endommagé ({reason}). Mettez le dossier de côté et reconstruisez : "
        "python -m index build --store {path}",
        "en": "The index at {path} is damaged ({reason}). Move the folder aside and build again: "
        "python -m index build --store {path}",
    }


class StoreReadOnly(StoreError):
    """The folder `path` cannot be written, for `reason`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "تتعذر الكتابة في المجلد \u200e{path} ({reason}). اختر مجلدا آخر بالخيار ‎--store.",
        "fr": "Impossible d'écrire dans le dossier {path} ({reason}). Choisissez-en un autre avec --store.",
        "en": "The folder {path} cannot be written ({reason}). Choose another one with --store.",
    }


class ModelError(JawabError):
    """An encoder cannot be used."""


class ModelMissing(ModelError):
    """The encoder `name` is not on this machine, for `reason`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "النموذج \u200e{name} غير موجود على هذا الجهاز ({reason}). أعد التثبيت بالأمر make setup، "
        "أو اضبط JAWAB_ENCODER على مجلد نموذج.",
        "fr": "Le modèle {name} n'est pas sur cette machine ({reason}). Réinstallez avec make setup, "
        "ou donnez à JAWAB_ENCODER le dossier d'un modèle.",
        "en": "The model {name} is not on this machine ({reason}). Install again with make setup, "
        "or set JAWAB_ENCODER to a model's folder.",
    }


class ModelDamaged(ModelError):
    """The file `path` of the encoder is not what it should be."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "ملف النموذج \u200e{path} تالف. احذفه ثم أعد التثبيت بالأمر: make setup",
        "fr": "Le fichier de modèle {path} est endommagé. Supprimez-le et réinstallez avec : make setup",
        "en": "The model file {path} is damaged. Delete it and install again with: make setup",
    }


class ModelsReadOnly(ModelError):
    """The folder `path` of prepared models cannot be written, for `reason`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "تتعذر الكتابة في مجلد النماذج \u200e{path} ({reason}). "
        "وفّر فيه مساحة، أو اضبط JAWAB_MODELS على مجلد آخر.",
        "fr": "Impossible d'écrire dans le dossier des modèles {path} ({reason}). "
        "Libérez de la place, ou donnez à JAWAB_MODELS un autre dossier.",
        "en": "The folder of models {path} cannot be written ({reason}). "
        "Make room there, or set JAWAB_MODELS to another folder.",
    }


class ModelFailed(ModelError):
    """The encoder `name`, which is not ours, failed on a text, for `reason`."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "تعذر على النموذج \u200e{name} قراءة النص ({reason}). أصلح سبب الخطأ، "
        "أو احذف JAWAB_ENCODER ليعمل النموذج الافتراضي.",
        "fr": "Le modèle {name} n'a pas pu lire le texte ({reason}). Corrigez la cause, "
        "ou retirez JAWAB_ENCODER pour revenir au modèle par défaut.",
        "en": "The model {name} could not read the text ({reason}). Correct the cause, "
        "or unset JAWAB_ENCODER to use the default model.",
    }


class UsageError(JawabError):
    """A wrong file or option, for `reason`; `remedy` says what to do."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "{reason}. {remedy}.",
        "fr": "{reason}. {remedy}.",
        "en": "{reason}. {remedy}.",
    }


class AddressUnusable(UsageError):
    """The page cannot be served at `address`, for `reason`: most often another program is."""

    templates: ClassVar[dict[str, str]] = {
        "ar": "تعذر فتح العنوان \u200e{address} ({reason}). أوقف البرنامج الذي يستعمله أو اختر منفذا آخر، "
        "مثل ‎--port 7861.",
        "fr": "Impossible d'ouvrir l'adresse {address} ({reason}). Arrêtez le programme qui l'utilise "
        "ou choisissez un autre port : --port 7861.",
        "en": "The address {address} cannot be opened ({reason}). Stop the program that uses it, "
        "or choose another port: --port 7861.",
    }
