"""Silence by removal: what holds the answer is really taken out, and everything else stays."""

from corpus.article import Article
from eval.cases import Case
from eval.removal import Cut, ask_without, cut_for
from index.store import Store
from tests.figures import assistant
from tests.hashing import HashingEmbedder

LYON = Article(
    id="lyon", title="", text="حضر الوفد المغربي.\n\nعُقد اجتماع ليون يوم 3 شتنبر.\n\nوانتهى.", source="s"
)
FLAG = Article(id="flag", title="", text="تسلم المغرب علم المنظمة يوم 27 نونبر.", source="s")
HALL = Article(id="hall", title="", text="جرى الحفل في قاعة كبيرة.", source="s")
HELD = {article.id: article for article in (LYON, FLAG, HALL)}
QUESTION = Case(id="1", question="عُقد اجتماع ليون", answers=("يوم 3 شتنبر", "3"), article_id="lyon")


def test_the_gold_article_goes_with_every_paragraph_of_its_document():
    documents = {id_: {"lyon", "hall"} for id_ in ("lyon", "hall")}
    assert cut_for(QUESTION, "article", HELD, documents) == Cut(frozenset({"lyon", "hall"}))
    assert cut_for(QUESTION, "paragraph", HELD, documents) == Cut(frozenset({"lyon"}))


def test_an_article_that_stands_there_whole_loses_the_lines_that_hold_an_answer():
    cut = cut_for(QUESTION, "paragraph", HELD, {})
    (left,) = cut.shortened
    assert not cut.gone
    assert [line for line in left.text.splitlines() if line] == ["حضر الوفد المغربي.", "وانتهى."]
    assert cut.applied(HELD.values()) == [left, FLAG, HALL]


def test_an_article_whose_paragraph_cannot_be_told_goes_whole():
    in_other_words = Case(id="1", question="متى؟", answers=("في الخريف",), article_id="lyon")
    one_line = Case(id="2", question="متى؟", answers=("27 نونبر",), article_id="flag")
    assert cut_for(in_other_words, "paragraph", HELD, {}) == Cut(frozenset({"lyon"}))
    assert cut_for(one_line, "paragraph", HELD, {}) == Cut(frozenset({"flag"}))


def test_other_articles_that_hold_the_answer_go_too():
    both = Case(id="1", question="متى؟", answers=("27 نونبر",), article_id="flag", also=("hall",))
    assert cut_for(both, "article", HELD, {}) == Cut(frozenset({"flag", "hall"}))


def ask_all(tmp_path, cases, removal):
    embedder = HashingEmbedder()
    bot = assistant(tmp_path, embedder)
    steps = []
    with Store.open(tmp_path) as store:
        store.build(HELD.values(), embedder=embedder)
        asked = {case.id: bot.ask(case.question) for case in cases if case.answerable}
        said = ask_without(cases, removal, store, embedder, bot, {}, progress=steps.append)
    assert len(steps) == len(said)
    return asked, said


def test_a_question_is_asked_of_a_collection_without_its_answer_and_with_those_of_others(tmp_path):
    flag = Case(id="2", question="تسلم المغرب علم المنظمة", answers=("27 نونبر",), article_id="flag")
    impossible = Case(id="3", question="ما عاصمة اليابان؟", unanswerable=True, article_id="flag")
    asked, said = ask_all(tmp_path, [QUESTION, flag, impossible], "article")
    assert not any(answer.abstained for answer in asked.values())
    assert set(said) == {"1", "2"}
    for id_, removed in said.items():
        assert removed.text is None
        assert removed.confidence < asked[id_].confidence


def test_an_answer_that_stands_elsewhere_too_is_told_from_one_that_does_not(tmp_path):
    twice = Case(id="1", question="يوم", answers=("27",), article_id="lyon")
    _, said = ask_all(tmp_path, [twice], "article")
    assert said["1"].text == "27"
    assert said["1"].said_anyway


def test_a_question_that_is_turned_down_is_silence(tmp_path):
    empty = Case(id="1", question="؟", answers=("3",), article_id="lyon")
    with Store.create(tmp_path) as store:
        store.build(HELD.values(), embedder=HashingEmbedder())
        said = ask_without([empty], "article", store, HashingEmbedder(), assistant(tmp_path), {})
    assert (said["1"].text, said["1"].confidence) == (None, 0.0)
