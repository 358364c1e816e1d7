"""What the chat page says, in Arabic, French and English; the names of the texts are the keys."""

from __future__ import annotations

from corpus.typography import set_french

LANGUAGES = {"ar": "العربية", "fr": "Français", "en": "English"}

_TEXTS: dict[str, tuple[str, str, str]] = {
    # The frame of the page
    "purpose": (
        "اسأل، فتجيبك المقالات بكلماتها وتريك أين قالتها.",
        "Posez une question : les articles répondent avec leurs mots, et montrent où.",
        "Ask a question: the articles answer in their own words, and show you where.",
    ),
    "privacy": (
        "لا شيء يغادر جهازك: الأسئلة والمقالات والأجوبة تبقى عليه.",
        "Rien ne quitte votre machine : questions, articles et réponses y restent.",
        "Nothing leaves your machine: questions, articles and answers stay on it.",
    ),
    "count": ("عدد المقالات: {}", "Articles : {}", "Articles: {}"),
    "dated": ("المؤرخة منها: {} ({})", "dont datés : {} ({})", "dated: {} ({})"),
    "period": ("من {} إلى {}", "du {} au {}", "from {} to {}"),
    "try": ("جرّب أن تسأل", "Essayez", "Try asking"),
    "languages": ("لغة الصفحة", "Langue de la page", "Language of the page"),
    "views": ("أقسام الصفحة", "Parties de la page", "Parts of the page"),
    "view_ask": ("اسأل", "Questions", "Ask"),
    "view_articles": ("المقالات", "Articles", "Articles"),
    "theme": ("فاتح أو داكن", "Clair ou sombre", "Light or dark"),
    "new_chat": ("محادثة جديدة", "Nouvelle discussion", "New chat"),
    "chats": ("المحادثات السابقة", "Discussions précédentes", "Earlier chats"),
    "no_chats": ("لا محادثات سابقة بعد.", "Pas encore de discussion.", "No earlier chats yet."),
    "export": ("نزّل المحادثة", "Télécharger la discussion", "Download the chat"),
    "ask": ("اكتب سؤالك هنا", "Écrivez votre question", "Type your question"),
    "conversation": ("المحادثة", "Discussion", "Conversation"),
    # A question and its answer
    "waiting": ("في الانتظار…", "En attente…", "Waiting…"),
    "queue": ("أسئلة في الانتظار: {}", "Questions en attente : {}", "Questions waiting: {}"),
    "busy": (
        "انتظر هذا الجواب، أو أوقف البحث عنه.",
        "Attendez cette réponse, ou arrêtez la recherche.",
        "Wait for this answer, or stop the search for it.",
    ),
    "searching": ("أبحث في المقالات…", "Je cherche dans les articles…", "Looking in the articles…"),
    "stop": ("أوقف", "Arrêter", "Stop"),
    "stopped": ("أُوقف البحث بطلب منك.", "Vous avez arrêté la recherche.", "You stopped this question."),
    "failed": (
        "لم يصل جواب. تحقق من أن البرنامج ما زال يعمل، ثم اسأل مرة أخرى.",
        "Aucune réponse n'est arrivée. Vérifiez que le programme tourne encore, puis reposez la question.",
        "No answer arrived. Check that the program is still running, then ask again.",
    ),
    "again": ("اسأل مرة أخرى", "Reposer la question", "Ask again"),
    "edit": ("عدّل السؤال", "Modifier la question", "Edit the question"),
    "disagree": ("تختلف المقالات:", "Les articles se contredisent :", "The articles disagree:"),
    "open": (
        "افتح المصدر {} في مقاله",
        "Ouvrir la source {} dans son article",
        "Open source {} in its article",
    ),
    "sources": ("المصادر", "Sources", "Sources"),
    "original": ("الأصل", "L'original", "Original"),
    "closest": (
        "أقرب ما وُجد في المقالات، وليس جوابا",
        "Le plus proche dans les articles, sans être une réponse",
        "The closest passages found, which are not an answer",
    ),
    "rephrase": (
        "جرّب كلمات أخرى، أو أضف مقالا يتحدث عن الموضوع.",
        "Essayez d'autres mots, ou ajoutez un article qui en parle.",
        "Try other words, or add an article about it.",
    ),
    "next": ("قد تسأل بعده", "À demander ensuite", "You may ask next"),
    "copy_answer": ("انسخ الجواب", "Copier la réponse", "Copy the answer"),
    "copy_citation": ("انسخ الإحالة", "Copier la référence", "Copy the citation"),
    "share": ("انسخ رابط السؤال", "Copier le lien de la question", "Copy a link to the question"),
    "copied": ("نُسخ", "Copié", "Copied"),
    "close": ("أغلق", "Fermer", "Close"),
    "reader": ("المقال المستشهد به", "L'article cité", "The cited article"),
    # What a person thinks of an answer
    "good": ("جواب صحيح", "Bonne réponse", "Good answer"),
    "bad": ("جواب خاطئ", "Mauvaise réponse", "Wrong answer"),
    "reason": ("ما الذي كان صحيحا أو خاطئا؟ (اختياري)", "Pourquoi ? (facultatif)", "Why? (optional)"),
    "send": ("أرسل", "Envoyer", "Send"),
    "thanks": (
        "شكرا. حُفظ رأيك على هذا الجهاز.",
        "Merci. Votre avis est conservé sur cette machine.",
        "Thank you. Your view is kept on this machine.",
    ),
    "not_kept": (
        "لم يُحفظ رأيك. تحقق من أن البرنامج ما زال يعمل، ثم أعد المحاولة.",
        "Votre avis n’a pas été conservé. Vérifiez que le programme tourne encore, puis réessayez.",
        "Your view was not kept. Check that the program is still running, then try again.",
    ),
    "forgotten": (
        "مضى وقت طويل على هذا الجواب. اسأل السؤال مرة أخرى ثم قل رأيك.",
        "Cette réponse est trop ancienne. Reposez la question, puis donnez votre avis.",
        "This answer is too old. Ask the question again, then say what you think.",
    ),
    # Where a question looks
    "scope": ("حدد أين أبحث", "Limiter la recherche", "Limit the search"),
    "publishers": ("الناشرون", "Éditeurs", "Publishers"),
    "since": ("من يوم", "Depuis le", "From"),
    "until": ("إلى يوم", "Jusqu'au", "Until"),
    "undated": (
        "المقالات التي لا تاريخ لها لا تدخل في البحث بالأيام.",
        "Les articles sans date sont écartés dès qu’un jour est choisi.",
        "Articles without a date are left out as soon as a day is chosen.",
    ),
    "limited": ("اقتصر البحث على: {}", "Recherche limitée à : {}", "Search limited to: {}"),
    "everywhere": ("ابحث في كل المقالات", "Chercher partout", "Search everywhere"),
    # The articles
    "add_title": ("أضف مقالات", "Ajouter des articles", "Add articles"),
    "drop": (
        "أفلت ملفات ‎.md أو ‎.txt أو ‎.jsonl هنا",
        "Déposez ici des fichiers .md, .txt ou .jsonl",
        "Drop .md, .txt or .jsonl files here",
    ),
    "choose": ("اختر ملفات", "Choisir des fichiers", "Choose files"),
    "paste": ("أو الصق نص مقال", "Ou collez le texte d'un article", "Or paste the text of an article"),
    "title": ("العنوان (اختياري)", "Titre (facultatif)", "Title (optional)"),
    "add": ("أضف النص", "Ajouter le texte", "Add the text"),
    "read": ("أقرأ الملفات…", "Lecture des fichiers…", "Reading the files…"),
    "split": ("أقسم المقالات إلى مقاطع…", "Découpage des articles…", "Splitting the articles…"),
    "encode": ("أقرأ المقاطع…", "Lecture des passages…", "Reading the passages…"),
    "index": ("أفهرس المقاطع…", "Indexation des passages…", "Indexing the passages…"),
    "progress": ("{done} من {total}", "{done} sur {total}", "{done} of {total}"),
    "added": ("أضيفت: {}", "Ajoutés : {}", "Added: {}"),
    "duplicate": ("مكررة، لم تُضف: {}", "En double, non ajoutés : {}", "Duplicates, not added: {}"),
    "duplicate_of": ("«{}» موجود من قبل: «{}»", "« {} » est déjà là : « {} »", "“{}” is already there: “{}”"),
    "refused": ("مرفوضة: {}", "Refusés : {}", "Refused: {}"),
    "too_much": (
        "يؤخذ في المرة الواحدة {files} ملف على الأكثر، وحجمها معا {megabytes} ميغابايت. أضفها على دفعات.",
        "Au plus {files} fichiers à la fois, {megabytes} Mo au total. Ajoutez-les en plusieurs fois.",
        "At most {files} files at once, {megabytes} MB together. Add them in several goes.",
    ),
    "list_title": ("مقالات المجموعة", "Les articles", "The articles"),
    "search": ("ابحث في المقالات", "Chercher un article", "Search the articles"),
    "none_yet": ("لا مقالات بعد.", "Aucun article pour l’instant.", "No articles yet."),
    "none_found": ("لا مقال بهذه الكلمات.", "Aucun article avec ces mots.", "No article with these words."),
    "more": (
        "يظهر {shown} من {total}. ابحث لترى غيرها.",
        "{shown} affichés sur {total}. Faites une recherche pour trouver les autres.",
        "{shown} of {total} are shown. Search for the others.",
    ),
    "passages": ("المقاطع: {}", "Passages : {}", "Passages: {}"),
    "delete": ("احذف", "Supprimer", "Delete"),
    "delete_sure": ("أتحذف «{}»؟", "Supprimer « {} » ?", "Delete “{}”?"),
    "unexpected": (
        "تعذر ذلك بسبب خطأ في البرنامج. أعد المحاولة؛ وإن تكرر فأعد تشغيل البرنامج.",
        "Échec dû à une erreur du programme. Réessayez ; si l'erreur persiste, relancez le programme.",
        "That failed because of an error in the program. Try again; if it persists, restart the program.",
    ),
}  # fmt: skip


def say(name: str, language: str, *values: object, **named: object) -> str:
    """Return the text called `name` in "ar", "fr" or "en", with values put in.

    >>> say("count", "ar", 30)
    'عدد المقالات: 30'
    """
    text = _TEXTS[name][list(LANGUAGES).index(language)]
    return (set_french(text) if language == "fr" else text).format(*values, **named)
