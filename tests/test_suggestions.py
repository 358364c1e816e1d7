"""Suggested questions: what an article says, turned around, and only what the assistant answers from it."""

from dataclasses import replace
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from corpus.article import Article
from index.revisions import Listed
from qa.drafts import drafts
from qa.question import language_of
from qa.suggestions import EXAMPLES, SUGGESTED, Suggestions
from tests.chat_page import answer, silence

MOSQUE = "افتتح مسجد الحسن الثاني بالدار البيضاء يوم 30 غشت 1993، بعد أشغال طويلة."
PORT = "وفي يونيو 2019 بدأ العمل في ميناء طنجة المتوسط 2، لترتفع الطاقة الإجمالية."
TRAIN = (
    "دشن الملك محمد السادس، رفقة الرئيس الفرنسي، يوم 15 نونبر 2018 القطار فائق السرعة «البراق»، وهو الأول."
)
SESSION = (
    "انطلقت في مراكش، يوم الاثنين 24 نونبر 2025، أشغال الدورة الثالثة والتسعين للجمعية العامة للأنتربول."
)
MEASURED = "ويبلغ طول الخط البحري بين أكادير ودكار حوالي 900 كيلومتر."
SAID = "وأعلنت شركة أطلس مارين أن الخط البحري الجديد يربط أكادير بدكار."


def article(text, id_="one"):
    return Article(id_, "عنوان", text, "test")


def asked(text, language="ar"):
    return [draft.asked(language) for draft in drafts(article(text))]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (MOSQUE, "متى افتتح مسجد الحسن الثاني بالدار البيضاء؟"),
        (PORT, "متى بدأ العمل في ميناء طنجة المتوسط 2؟"),
        (TRAIN, "متى دشن الملك محمد السادس القطار فائق السرعة «البراق»؟"),
        (SESSION, "متى انطلقت في مراكش أشغال الدورة الثالثة والتسعين للجمعية العامة للأنتربول؟"),
        (MEASURED, "كم يبلغ طول الخط البحري بين أكادير ودكار؟"),
        (SAID, "من أعلن أن الخط البحري الجديد يربط أكادير بدكار؟"),
    ],
)
def test_a_sentence_becomes_a_question_that_asks_for_what_went(sentence, question):
    assert asked(sentence) == [question]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        (
            "وصنفت اليونسكو مجالها الطبيعي سنة 1998 محمية للمحيط الحيوي.",
            "a pronoun points to an earlier sentence",
        ),
        ("وعادت المدينة إلى الواجهة يوم 27 يونيو 2013 بعد غياب.", "which city is not said"),
        (
            "انتقل علم المنظمة الدولية إلى عهدة المغرب، الذي سيستقبل الدورة المقبلة سنة 2025.",
            "the date is of another clause",
        ),
        ("استقبل رئيس الحكومة المغربية اليوم وفدا كبيرا يوم 3 مارس 2020.", "today is another day now"),
        ("افتتح مسجد الحسن الثاني الكبير بالدار البيضاء.", "there is no date"),
        ("وأكد الوزير المغربي أن الاجتماع، حسب المنظمين، ناجح.", "where the saying ends cannot be told"),
        ("فتح الباب سنة 2010.", "hardly a word is left"),
    ],
)
def test_what_cannot_be_understood_alone_is_not_asked(sentence, why):
    assert asked(sentence) == [], why


@pytest.mark.parametrize("language", ["fr", "en"])
def test_in_french_and_english_the_event_is_quoted_and_the_question_is_of_that_language(language):
    (question,) = asked(MOSQUE, language)
    assert "افتتح مسجد الحسن الثاني بالدار البيضاء" in question
    assert language_of(question) == language
    assert asked(MEASURED, language) == [None]


class Knowing:
    """An assistant that gives the spans it was told to, from the articles it was told."""

    revision = 1

    def __init__(self, replies, *articles):
        self.replies, self.held, self.questions = replies, articles, []
        self.collection = self

    def articles(self):
        return [
            Listed(n, one.id, one.title, one.source, None, None, None, 1) for n, one in enumerate(self.held)
        ]

    def article(self, article_id):
        return next(one for one in self.held if one.id == article_id)

    def consider(self, question):
        self.questions.append(question)
        one, span = self.replies.get(question, (None, None))
        return SimpleNamespace(answer=answer(one, one.text, span) if one else silence())


ALL = article(f"{MOSQUE} {PORT} {TRAIN} {SESSION} {MEASURED}", "all")
RIGHT = {
    "متى افتتح مسجد الحسن الثاني بالدار البيضاء؟": (ALL, "30 غشت 1993"),
    "متى بدأ العمل في ميناء طنجة المتوسط 2؟": (ALL, "يونيو 2019"),
    "متى دشن الملك محمد السادس القطار فائق السرعة «البراق»؟": (ALL, "15 نونبر 2018"),
    "متى انطلقت في مراكش أشغال الدورة الثالثة والتسعين للجمعية العامة للأنتربول؟": (ALL, "24 نونبر 2025"),
    "كم يبلغ طول الخط البحري بين أكادير ودكار؟": (ALL, "حوالي 900 كيلومتر"),
}


def after(replies, said=None):
    bot = Knowing(replies, ALL)
    return bot, Suggestions(bot).after(said or answer(ALL, MEASURED, "900"))


def test_as_many_as_are_shown_are_suggested_and_none_whose_answer_was_just_given():
    _, suggested = after(RIGHT, answer(ALL, PORT, "يونيو 2019"))
    assert len(suggested) == SUGGESTED
    assert set(suggested) < set(RIGHT) and "متى بدأ العمل في ميناء طنجة المتوسط 2؟" not in suggested


@pytest.mark.parametrize("wrong", [(ALL, "31 غشت 1993"), (ALL, "بعد أشغال طويلة"), (None, None)])
def test_a_question_that_is_answered_otherwise_than_the_article_does_is_not_suggested(wrong):
    question = "متى افتتح مسجد الحسن الثاني بالدار البيضاء؟"
    assert question in after(RIGHT)[1]
    assert question not in after({**RIGHT, question: wrong})[1]


def test_a_question_that_another_article_answers_is_not_suggested():
    question = "متى افتتح مسجد الحسن الثاني بالدار البيضاء؟"
    other = article(MOSQUE, "other")
    assert question not in after({**RIGHT, question: (other, "30 غشت 1993")})[1]


def test_an_article_costs_a_bounded_number_of_answers_once_for_each_revision():
    bot = Knowing(
        {}, replace(ALL, text=" ".join(MOSQUE.replace("الثاني", f"الثاني{n}") for n in "ابتثجحخدذر"))
    )
    suggestions = Suggestions(bot)
    said = answer(bot.held[0], bot.held[0].text, "1993")
    assert suggestions.after(said) == suggestions.after(said) == ()
    assert len(bot.questions) == 6
    bot.revision = 2
    suggestions.after(said)
    assert len(bot.questions) == 12


def test_after_silence_the_closest_article_is_asked_about():
    bot = Knowing(RIGHT, ALL)
    assert Suggestions(bot).after(silence()) == ()  # the closest article answers nothing
    near = silence().closest[0]
    hit = replace(near, passage=replace(near.passage, article=ALL))
    assert len(Suggestions(bot).after(replace(silence(), closest=(hit,)))) == SUGGESTED


def test_nobody_waits_while_questions_are_made_for_somebody_else():
    bot, going, go_on = Knowing(RIGHT, ALL), Event(), Event()
    consider = bot.consider

    def slowly(question):
        going.set()
        assert go_on.wait(20)
        return consider(question)

    bot.consider = slowly
    suggestions, made = Suggestions(bot), []
    said = answer(ALL, MEASURED, "900")
    thread = Thread(target=lambda: made.append(suggestions.after(said)))
    thread.start()
    assert going.wait(20)
    assert suggestions.after(said) == ()
    go_on.set()
    thread.join()
    assert len(made[0]) == SUGGESTED == len(suggestions.after(said))


def test_examples_are_of_different_articles_and_made_once_for_each_revision():
    sentences = (MOSQUE, PORT, TRAIN, SESSION, MEASURED)
    held = [article(sentence, str(n)) for n, sentence in enumerate(sentences)]
    replies = {q: (one, span) for (q, (_, span)), one in zip(RIGHT.items(), held, strict=True)}
    bot = Knowing(replies, *held)
    suggestions = Suggestions(bot)
    examples = suggestions.examples()
    assert len(set(examples)) == EXAMPLES and set(examples) < set(RIGHT)
    tried = len(bot.questions)
    assert suggestions.examples() == examples and len(bot.questions) == tried
    bot.revision, bot.held = 2, ()
    assert suggestions.examples() == ()


def test_the_real_assistant_answers_each_example_of_the_bundled_articles(bot):
    suggestions = Suggestions(bot)
    examples = suggestions.examples()
    assert examples
    for question in examples:
        said = bot.ask(question)
        assert not said.abstained
        assert question not in suggestions.after(said)
