"""Greetings, thanks and questions about the assistant itself: told apart from questions to the articles."""

from __future__ import annotations

import re
from typing import Literal

from corpus.arabic import fold, without_marks
from corpus.typography import set_french
from qa.question import Language, language_of

Topic = Literal["greeting", "thanks", "farewell", "identity", "help"]

# Folded phrases; a message is small talk only when nothing else stands in it.
_PHRASES: dict[Topic, str] = {
    "greeting": (
        r"(?:و)?(?:ال)?سلام(?: عليكم)?(?: ورحمه الله(?: (?:تعالي )?وبركاته)?)?|و?عليكم السلام"
        r"|مرحبا(?: بك)?|اهلا(?: وسهلا| بك)?"
        r"|تحيه(?: طيبه)?|صباح (?:الخير|النور)|مساء (?:الخير|النور)|صباح الفل|كيف (?:حالك"
        r"|الحال)|كيفك|كي داير|لاباس(?: عليك)?"
        r"|ازيك|شلونك|شخبارك|هاي|هلا"
        r"|hello|hi|hey|good (?:morning|evening|afternoon)|how are you|bonjour|bonsoir|salut"
        r"|salam|ca va|comment (?:ca va|allez vous)"
    ),
    "thanks": (
        r"شكرا(?: (?:جزيلا|كثيرا|بزاف|لك|لكم))*|بارك الله فيك(?:م)?|الله يعطيك الصحه"
        r"|جزاك الله خيرا|مشكور|متشكر|تسلم|يعطيك العافيه|ممتاز|احسنت"
        r"|thanks?(?: you)?(?: (?:a lot|very much|so much))?|thx|merci(?: (?:beaucoup|bien))?"
        r"|great|perfect|parfait|super"
    ),
    "farewell": (
        r"مع السلامه|الي اللقاء|وداعا|بسلامه|باي|تصبح علي خير|bye|good ?bye|au revoir|a bientot"
        r"|bonne (?:journee|soiree|nuit)"
    ),
    "identity": (
        r"(?:من|شكون|مين|منو) (?:انت|نتا|انتا|حضرتك|نت)|شكون نتا|ما (?:هو )?اسمك"
        r"|شنو (?:هي )?سميتك|اسمك ايه|ما انت|انت مين|هل انت (?:روبوت|انسان|بشر)"
        r"|who are you|what are you|what(?: i)?s your name|what is your name"
        r"|are you (?:a )?(?:robot|human|bot)"
        r"|qui (?:es tu|etes vous)|tu es qui|comment (?:tu t appelles|t appelles tu|vous appelez vous)"
    ),
    "help": (
        r"(?:ماذا|شنو|عماذا|عن ماذا|ايه اللي|شو) (?:يمكنني|يمكن|استطيع|نقدر|اقدر|ممكن|فيني"
        r"|بقدر)(?: لي)?(?: ان)? (?:اسال|نسولك?|اسالك|نسول|اسال عنه|اسالك عنه)(?: عنه| عليه)?"
        r"|(?:ماذا|شنو|ايه|شو) (?:تستطيع|يمكنك|تقدر|كتعرف|بتعرف)(?: ان)?(?: (?:تفعل|تدير|دير"
        r"|تعمل))?|كيف (?:اسال|اسالك|استعملك|تعمل)|كيفاش كتخدم|ساعدني|مساعده|عاونني"
        r"|what can (?:i ask|you do|you answer)(?: you)?(?: about)?|how do(?:es)? (?:you"
        r"|this) work|help(?: me)?"
        r"|que (?:puis je|peut on) (?:te |vous )?demander|que (?:sais tu|savez vous|peux tu"
        r"|pouvez vous) faire|aide(?: moi)?|comment ca marche"
    ),
}
_POLITE = r"(?:يا (?:صديقي|اخي|خويا|صاحبي)|من فضلك|عافاك|please|s il (?:te|vous) plait|mon ami|جواب|jawab)"
_PATTERNS = tuple(
    (topic, re.compile(rf"(?:{phrases})(?: {_POLITE})?")) for topic, phrases in _PHRASES.items()
)
_ARTICLES = {
    "ar": "أجيب من المقالات المفهرسة وحدها، وأعرض مع كل جواب العبارة التي تثبته ومصدرها وتاريخها.",
    "fr": "Je réponds à partir des seuls articles indexés, et je montre, pour chaque réponse, le passage"
    " qui la prouve, sa source et sa date.",
    "en": "I answer from the indexed articles alone, and show with each answer the passage that proves it,"
    " its source and its date.",
}
_ASK = {
    "ar": "اسألني عن شخص أو تاريخ أو عدد أو مكان أو سبب ورد في المقالات، بالعربية أو الدارجة أو الفرنسية أو"
    " الإنجليزية. وإن لم تذكره المقالات قلت لك ذلك.",
    "fr": "Demandez-moi qui, quand, combien, où ou pourquoi, en arabe, en darija, en français ou en anglais."
    " Si les articles ne le disent pas, je le dis.",
    "en": "Ask me who, when, how many, where or why, in Arabic, Darija, French or English. If the articles do"
    " not say, I tell you so.",
}
_REPLIES: dict[Topic, dict[Language, str]] = {
    "greeting": {
        "ar": "أهلا بك. ما سؤالك عن المقالات؟",
        "fr": set_french("Bonjour. Quelle est votre question sur les articles ?"),
        "en": "Hello. What would you like to know from the articles?",
    },
    "thanks": {"ar": "على الرحب والسعة.", "fr": "Je vous en prie.", "en": "You are welcome."},
    "farewell": {"ar": "إلى اللقاء.", "fr": "Au revoir.", "en": "Goodbye."},
    "identity": {
        "ar": f"أنا «جواب»، برنامج يعمل على جهازك. {_ARTICLES['ar']}",
        "fr": f"Je suis Jawab, un programme qui tourne sur votre machine. {_ARTICLES['fr']}",
        "en": f"I am Jawab, a program that runs on your machine. {_ARTICLES['en']}",
    },
    "help": {
        "ar": f"{_ASK['ar']} {_ARTICLES['ar']}",
        "fr": f"{_ASK['fr']} {_ARTICLES['fr']}",
        "en": f"{_ASK['en']} {_ARTICLES['en']}",
    },
}


def topic_of(text: str) -> Topic | None:
    """Return what a message is about when it is small talk and nothing else.

    >>> topic_of("السلام عليكم، كيف حالك؟"), topic_of("من أنت؟"), topic_of("من أنت يا حموشي؟")
    ('greeting', 'identity', None)
    """
    rest = re.sub(r"[\W_]+", " ", fold(without_marks(text))).strip()
    topics: list[Topic] = []
    while rest:
        matched = [(found.end(), topic) for topic, pattern in _PATTERNS if (found := _whole(pattern, rest))]
        if not matched:
            return None
        end, topic = max(matched)
        topics.append(topic)
        rest = rest[end:].lstrip()
    # "Hello, who are you?" asks who.
    return next((topic for topic in reversed(_PHRASES) if topic in topics), None)


def reply(text: str) -> tuple[str, Language] | None:
    """Return a short answer to small talk and its language, or None for a question to the articles."""
    topic = topic_of(text)
    if topic is None:
        return None
    language = language_of(text)
    return _REPLIES[topic][language], language


def _whole(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Match whole words at the start of the text."""
    found = pattern.match(text)
    return found if found and (found.end() == len(text) or text[found.end()] == " ") else None
