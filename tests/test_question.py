"""Questions as people write them: their language, the kind of answer, and those that cannot be used."""

import pytest

from corpus.errors import (
    QuestionEmpty,
    QuestionError,
    QuestionNotText,
    QuestionTooLong,
    QuestionWithoutWords,
)
from qa.conversation import complete
from qa.question import check_question, understand
from qa.small_talk import reply, topic_of


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("متى افتُتح المعرض؟", "ar", "date"),
        ("فوقاش تحل المعرض؟", "ar", "date"),
        ("في أي سنة بُني المسجد؟", "ar", "date"),
        ("when did the fair open?", "en", "date"),
        ("En quelle année la mosquée a-t-elle été construite ?", "fr", "date"),
        ("شحال من واحد حضر؟", "ar", "number"),
        ("ما عدد الزوار؟", "ar", "number"),
        ("how many visitors came?", "en", "number"),
        ("فين كاين المقر؟", "ar", "place"),
        ("في أي مدينة يقع الميناء؟", "ar", "place"),
        ("Où se trouve le port ?", "fr", "place"),
        ("شكون ترأس الوفد؟", "ar", "person"),
        ("ومن ترأس الوفد؟", "ar", "person"),
        ("qui a présidé la séance ?", "fr", "person"),
        ("أي دول شاركت في اللقاء؟", "ar", "list"),
        ("which countries took part?", "en", "list"),
        ("علاش تأجل اللقاء؟", "ar", "reason"),
        ("pourquoi la séance a-t-elle été reportée ?", "fr", "reason"),
        ("كيفاش داز اللقاء؟", "ar", "manner"),
        ("واش حضر الوزير؟", "ar", "yesno"),
        ("ما هو البروتوكول؟", "ar", "other"),
        ("fo9ach tla9aw l wozara f Rabat?", "ar", "date"),
        ("Chkoun tra2es l wafd dyal lmaghrib?", "ar", "person"),
        ("ch7al d nass 7edro?", "ar", "number"),
        ("Quelle est la fin du film ?", "fr", "other"),
    ],
)
def test_a_question_tells_its_language_and_the_kind_of_answer(question, language, kind):
    understood = understand(question)
    assert (understood.language, understood.kind) == (language, kind)


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("", QuestionEmpty),
        (" \n\t ", QuestionEmpty),
        ("سؤال " * 200_000, QuestionTooLong),
        ("متى \ud800 عقد الاجتماع؟", QuestionNotText),
        ("متى \0 عقد الاجتماع؟", QuestionNotText),
        ("2025", QuestionWithoutWords),
        ("😀😀", QuestionWithoutWords),
        ("؟؟؟", QuestionWithoutWords),
        ("会议什么时候举行？", QuestionWithoutWords),
        ("من في على", QuestionWithoutWords),
        ("where is the", QuestionWithoutWords),
    ],
)
def test_a_question_that_cannot_be_used_is_told_what_to_do_in_three_languages(question, error):
    with pytest.raises(error) as raised:
        check_question(question)
    assert isinstance(raised.value, QuestionError)
    sentences = {raised.value.sentence(language) for language in ("ar", "fr", "en")}
    assert len(sentences) == 3
    assert all(len(sentence) < 200 for sentence in sentences)


def test_a_follow_up_takes_its_subject_from_the_conversation():
    assert (
        complete("ومن ترأس الوفد المغربي؟", ["متى عُقد اجتماع ليون؟"])
        == "عقد اجتماع ليون ومن ترأس الوفد المغربي؟"
    )
    assert "ليون" in complete("علاش؟", ["متى عُقد اجتماع ليون؟", "ومن حضره؟"])


@pytest.mark.parametrize("question", ["كم عدد مآذن مسجد الحسن الثاني؟", "how long is the Al Boraq line?"])
def test_a_question_with_a_subject_of_its_own_leaves_the_conversation_alone(question):
    assert complete(question, ["متى عُقد اجتماع ليون؟"]) is None


def test_a_question_without_history_stands_alone():
    assert complete("ومن ترأس الوفد؟", []) is None


def test_a_bare_why_is_a_question_after_another_one():
    with pytest.raises(QuestionWithoutWords):
        check_question("علاش؟")
    assert check_question("علاش؟", complete("علاش؟", ["متى عُقد اجتماع ليون؟"])) == "علاش؟"


@pytest.mark.parametrize(
    ("text", "topic", "language"),
    [
        ("السلام عليكم ورحمة الله وبركاته", "greeting", "ar"),
        ("صباح الخير!", "greeting", "ar"),
        ("hello, who are you?", "identity", "en"),
        ("شكون نتا؟", "identity", "ar"),
        ("Merci beaucoup !", "thanks", "fr"),
        ("ماذا يمكنني أن أسأل؟", "help", "ar"),
        ("what can I ask?", "help", "en"),
        ("au revoir", "farewell", "fr"),
    ],
)
def test_small_talk_gets_a_reply_in_its_language(text, topic, language):
    _, spoken = reply(text)
    assert topic_of(text) == topic
    assert spoken == language


@pytest.mark.parametrize(
    "text",
    [
        "مرحبا، متى عُقد اجتماع ليون؟",
        "من أنت يا حموشي؟",
        "who are you, Hammouchi?",
        "سلام المغرب",
        "؟",
        "help Morocco",
    ],
)
def test_a_greeting_before_a_question_is_a_question(text):
    assert reply(text) is None


def test_thanks_are_no_subject_of_a_conversation():
    assert complete("ومن ترأسه؟", ["متى عُقد اجتماع ليون؟", "شكرا جزيلا"]) == "عقد اجتماع ليون ومن ترأسه؟"
