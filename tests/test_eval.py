"""Question sets, runs and reports: every number is derived from what happened to each question."""

import json
from dataclasses import replace

import pytest

from corpus.article import Article
from corpus.errors import PathMissing, QuestionWithoutWords, UsageError
from eval.cases import Case, context_id, load
from eval.report import Report, numbers
from eval.run import run
from eval.score import Removed
from eval.table import render
from index.passage import Hit, Passage
from qa.assistant import Considered
from qa.reader import Reading
from qa.records import Answer, Citation

LYON = Article(
    id="lyon", title="", text="عُقد الاجتماع بليون يومي 3 و4 شتنبر. حضره رؤساء المكاتب.", source="s"
)
FLAG = Article(id="flag", title="", text="تسلم المغرب علم المنظمة في مراكش.", source="s")
PASSAGES = {
    LYON.id: [Passage(LYON, 0, 37), Passage(LYON, 38, len(LYON.text))],
    FLAG.id: [Passage(FLAG, 0, len(FLAG.text))],
}


class FakeAssistant:
    """Answers from a table of question → (text, cited articles, confidence); everything else abstains.

    `withheld` are (article, words) that it read for every question, best first.
    """

    def __init__(self, answers=None, ranking=(LYON, FLAG), read="3 و4 شتنبر", withheld=()):
        self.answers, self.ranking, self.reads, self.withheld = answers or {}, ranking, read, withheld
        self.asked, self.read_passages, self.searched = [], [], []
        self.retriever = self

    def consider(self, question, history=()):
        self.asked.append((question, tuple(history)))
        if question == "؟":
            raise QuestionWithoutWords()
        text, cited, confidence = self.answers.get(question, (None, (), 0.1))
        readings = [reading(article, words, confidence) for article, words in self.withheld]
        return Considered(answer(question, text, cited, confidence), (), readings)

    def retrieve(self, question, k, history=()):
        passages = [passage for article in self.ranking for passage in PASSAGES[article.id]]
        return [Hit(passage, 1.0 / rank) for rank, passage in enumerate(passages, start=1)][:k]

    def search(self, question, k, *, legs="both"):
        self.searched.append(legs)
        hits = self.retrieve(question, k)
        return hits if legs == "dense" else [Hit(hit.passage, -hit.score) for hit in hits]

    def read(self, question, passages):
        self.read_passages.append(list(passages))
        return answer(question, self.reads, (LYON,), 0.9)


def answer(question, text, cited, confidence):
    citations = tuple(Citation(n, article, 0, 4) for n, article in enumerate(cited, start=1))
    spans = (text,) if text else ()
    times = {"encode": 1.0, "retrieve": 2.0, "read": 3.0, "total": 6.0}
    return Answer(question, text, spans, citations, confidence, "ar", text or "لا", milliseconds=times)


def reading(article, words, confidence):
    start = article.text.index(words)
    passage = next(one for one in PASSAGES[article.id] if one.start <= start < one.end)
    return Reading(passage, start, start + len(words), (passage.start, passage.end), confidence)


def case(question="متى؟", answers=("3 و4 شتنبر",), article_id="lyon", **fields):
    return Case(id=question, question=question, answers=answers, article_id=article_id, **fields)


def score(one_case, assistant, **options):
    return run([one_case], assistant, PASSAGES, **options)[0]


def squad(tmp_path, document, name="set.json"):
    path = tmp_path / name
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def one_paragraph(*qas, context=LYON.text, **entry):
    return {"data": [{"title": "عنوان", **entry, "paragraphs": [{"context": context, "qas": list(qas)}]}]}


def test_a_squad_file_becomes_cases_and_its_contexts_articles_without_titles(tmp_path):
    path = squad(
        tmp_path,
        one_paragraph(
            {"id": "1", "question": "متى؟", "answers": [{"text": "3 و4 شتنبر", "answer_start": 20}]}
        ),
    )
    questions = load(str(path))
    (only,) = questions.cases
    (article,) = questions.articles
    assert only.answers == ("3 و4 شتنبر",)
    assert only.gold == {article.id} == {context_id(LYON.text)}
    assert questions.documents == ()
    assert (article.title, article.text) == ("", LYON.text)


def test_the_same_context_twice_is_one_article(tmp_path):
    document = one_paragraph({"id": "1", "question": "متى؟", "answers": []})
    document["data"] *= 2
    questions = load(str(squad(tmp_path, document)))
    assert len(questions.articles) == 1
    assert len(questions.cases) == 2
    assert len({one.id for one in questions.cases}) == 2


def test_the_contexts_of_one_entry_are_the_paragraphs_of_a_document(tmp_path):
    document = one_paragraph({"question": "متى؟"})
    document["data"][0]["paragraphs"] += one_paragraph(context=FLAG.text)["data"][0]["paragraphs"]
    questions = load(str(squad(tmp_path, document)))
    assert questions.documents == (frozenset(article.id for article in questions.articles),)
    assert len(questions.articles) == 2


def test_two_files_with_the_same_contexts_have_the_same_collection(tmp_path):
    one = load(str(squad(tmp_path, one_paragraph({"question": "متى؟"}), "ar.json")))
    other = load(str(squad(tmp_path, one_paragraph({"question": "when?"}), "en.json")))
    assert one.articles == other.articles


def test_a_question_without_answers_is_for_retrieval_only(tmp_path):
    (only,) = load(str(squad(tmp_path, one_paragraph({"id": "1", "question": "متى؟"})))).cases
    assert not only.answerable
    assert not only.unanswerable
    assert only.gold


def test_an_impossible_question_of_squad_2_is_unanswerable(tmp_path):
    document = one_paragraph({"id": "1", "question": "كم؟", "answers": [], "is_impossible": True})
    (only,) = load(str(squad(tmp_path, document))).cases
    assert only.unanswerable
    assert only.gold == frozenset()


def test_the_extra_fields_of_a_question_are_kept(tmp_path):
    question = {
        "id": "1",
        "question": "وفين؟",
        "answers": [{"text": "ليون", "answer_start": 0}],
        "lang": "ary",
        "kind": "place",
        "slice": ["follow-up"],
        "history": ["متى عقد الاجتماع؟"],
        "also": ["flag"],
    }
    (only,) = load(str(squad(tmp_path, one_paragraph(question, article_id="lyon")))).cases
    assert only.gold == {"lyon", "flag"}
    assert only.slices == ("lang:ary", "kind:place", "follow-up")
    assert only.history == ("متى عقد الاجتماع؟",)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "{}"),
        ({}, "data"),
        ({"data": [3]}, "data[0]"),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "data[0].paragraphs[0].context"),
        (one_paragraph({"id": "1"}), "data[0].paragraphs[0].qas[0].question"),
        (one_paragraph({"question": "متى؟", "answers": ["ليون"]}), "data[0].paragraphs[0].qas[0].answers[0]"),
        (one_paragraph({"question": "متى؟", "history": [1]}), "data[0].paragraphs[0].qas[0].history"),
        (one_paragraph({"question": "متى؟", "answers": [{"text": "أ"}]}, context=" "), "qas[0]"),
        (one_paragraph(), "no question"),
    ],
)
def test_a_malformed_file_is_refused_naming_the_place(tmp_path, document, place):
    with pytest.raises(UsageError) as refused:
        load(str(squad(tmp_path, document)))
    assert place in refused.value.sentence("en")
    for language in ("ar", "fr"):
        assert "set.json" in refused.value.sentence(language)


def test_one_article_id_with_two_texts_is_refused(tmp_path):
    document = one_paragraph({"question": "متى؟"}, article_id="lyon")
    document["data"] += one_paragraph({"question": "أين؟"}, article_id="lyon", context="نص آخر")["data"]
    with pytest.raises(UsageError, match="lyon"):
        load(str(squad(tmp_path, document)))


def test_a_file_that_is_absent_not_text_or_not_json_is_refused(tmp_path):
    with pytest.raises(PathMissing):
        load(str(tmp_path / "none.json"))
    (tmp_path / "latin.json").write_bytes(b'{"data": "\xe9"}')
    with pytest.raises(UsageError, match="not JSON"):
        load(str(tmp_path / "latin.json"))
    with pytest.raises(UsageError, match="not JSON"):
        load(str(tmp_path))
    (tmp_path / "half.json").write_text('{"data": [', encoding="utf-8")
    with pytest.raises(UsageError, match="not JSON"):
        load(str(tmp_path / "half.json"))


def test_a_sample_is_spread_over_the_whole_set(tmp_path):
    qas = [{"id": str(n), "question": f"سؤال {n}"} for n in range(10)]
    questions = load(str(squad(tmp_path, one_paragraph(*qas))))
    assert [one.id for one in questions.sample(3).cases] == ["0", "3", "6"]
    assert questions.sample(99) is questions


def test_a_right_answer_with_the_right_citation_is_right():
    measured = score(case(), FakeAssistant({"متى؟": ("3 و4 شتنبر", (LYON,), 0.9)})).measured
    assert set(measured.values()) == {1.0}


def test_the_right_words_with_one_wrong_citation_are_not_right():
    measured = score(case(), FakeAssistant({"متى؟": ("3 و4 شتنبر", (LYON, FLAG), 0.9)})).measured
    assert measured["answer.exact_match"] == 1.0
    assert measured["citations.right"] == 0.0
    assert measured["answer.right"] == 0.0


def test_an_article_that_also_holds_the_answer_is_a_right_citation():
    assistant = FakeAssistant({"متى؟": ("3 و4 شتنبر", (FLAG,), 0.9)})
    assert score(case(also=("flag",)), assistant).measured["answer.right"] == 1.0


def test_an_answer_without_a_citation_is_not_right():
    measured = score(case(), FakeAssistant({"متى؟": ("3 و4 شتنبر", (), 0.9)})).measured
    assert measured["citations.right"] == 0.0
    assert measured["answer.right"] == 0.0


def test_silence_on_an_answerable_question_scores_zero_and_has_no_citation_to_judge():
    measured = score(case(), FakeAssistant()).measured
    assert measured["answer.f1"] == measured["answer.right"] == measured["abstention.answered"] == 0.0
    assert "citations.right" not in measured
    assert measured["answer.gold_passage_f1"] == 1.0


def test_the_gold_passage_numbers_read_the_gold_context_alone():
    assistant = FakeAssistant()
    score(case(), assistant)
    assert assistant.read_passages == [PASSAGES["lyon"]]


def test_an_unanswerable_question_is_judged_by_its_silence_alone():
    question = case(answers=(), unanswerable=True)
    assert score(question, FakeAssistant()).measured == {"abstention.false_answers": 0.0}
    told = FakeAssistant({"متى؟": ("أمس", (FLAG,), 0.8)})
    assert score(question, told).measured == {"abstention.false_answers": 1.0}


def test_a_question_for_retrieval_only_is_not_asked():
    assistant = FakeAssistant()
    measured = score(case(answers=()), assistant).measured
    assert set(measured) == {f"retrieval.{name}" for name in ("recall@1", "recall@5", "mrr@10", "ndcg@10")}
    assert assistant.asked == []


def test_a_follow_up_is_asked_with_its_history():
    assistant = FakeAssistant()
    score(case("وفين؟", history=("متى عقد؟",)), assistant)
    assert assistant.asked == [("وفين؟", ("متى عقد؟",))]


def test_a_question_that_is_turned_down_counts_as_not_answered():
    result = score(case("؟"), FakeAssistant())
    assert result.measured["abstention.answered"] == 0.0
    assert "no word to look for" in result.refused


def test_each_leg_is_measured_on_its_own_ranking():
    assistant = FakeAssistant()
    result = score(case(), assistant, legs=("dense", "words"))
    assert assistant.searched == ["dense", "words"]
    assert result.legs["dense"]["recall@1"] == 1.0
    assert result.legs["words"]["recall@1"] == 0.0


def test_dense_only_ranks_by_the_encoder_and_asks_nothing():
    assistant = FakeAssistant()
    question = case("؟", unanswerable=False)
    results = run([question, case(answers=(), unanswerable=True)], assistant, PASSAGES, dense_only=True)
    assert assistant.searched == ["dense"]
    assert assistant.asked == []
    assert [set(result.measured) for result in results] == [
        {f"retrieval.{name}" for name in ("recall@1", "recall@5", "mrr@10", "ndcg@10")},
        set(),
    ]


def test_articles_are_ranked_again_by_what_was_read_in_them_and_the_others_follow_as_they_were():
    read_last = FakeAssistant(ranking=(FLAG, LYON), withheld=[(LYON, "3 و4 شتنبر")])
    result = score(case(), read_last)
    assert (result.ranking, result.reranking) == (("flag", "lyon"), ("lyon", "flag"))
    assert result.measured["retrieval.recall@1"] == 0.0
    assert result.measured["reranked.recall@1"] == 1.0
    unread = score(case(), FakeAssistant(ranking=(FLAG, LYON)))
    assert unread.reranking == unread.ranking


@pytest.mark.parametrize(
    ("withheld", "right"),
    [((LYON, "3 و4 شتنبر"), True), ((LYON, "المكاتب"), False), ((FLAG, "المغرب"), False)],
)
def test_what_was_withheld_is_judged_as_if_it_had_been_said(withheld, right):
    result = score(case(answers=("3 و4 شتنبر", "المغرب")), FakeAssistant(withheld=[withheld]))
    assert result.text is None
    assert (result.best, result.best_right) == (withheld[1], right)


def test_what_was_said_is_judged_with_its_citations_and_nothing_read_is_not_judged():
    said = score(case(), FakeAssistant({"متى؟": ("3 و4 شتنبر", (LYON, FLAG), 0.9)}))
    assert (said.best, said.best_right) == ("3 و4 شتنبر", False)
    false = score(case(answers=(), unanswerable=True), FakeAssistant({"متى؟": ("أمس", (FLAG,), 0.8)}))
    assert false.best_right is False
    assert score(case(), FakeAssistant()).best_right is None
    assert score(case("؟"), FakeAssistant()).best_right is None


def test_the_progress_of_a_run_is_told_question_by_question():
    steps = []
    run([case("أ"), case("ب")], FakeAssistant(), PASSAGES, progress=steps.append)
    assert steps == [1, 1]


@pytest.fixture
def report():
    cases = [
        case("س1", lang="ar", kind="date"),
        case("س2", lang="ary", kind="date", tags=("spelling",)),
        case("س3", lang="ary", article_id="flag"),
        case("س4", answers=(), unanswerable=True, lang="ar", tags=("near-miss",)),
        case("س5", answers=(), unanswerable=True, lang="ar"),
    ]
    assistant = FakeAssistant(
        {
            "س1": ("3 و4 شتنبر", (LYON,), 0.9),
            "س2": ("4 شتنبر", (FLAG,), 0.6),
            "س4": ("مراكش", (FLAG,), 0.7),
        }
    )
    return Report("test", run(cases, assistant, PASSAGES), {"articles": 2, "passages": 3})


def test_the_report_has_the_shape_programs_read(report):
    document = json.loads(json.dumps(report.as_json(), ensure_ascii=False))
    assert set(document) == {
        "retrieval", "reranked", "answer", "citations", "abstention", "calibration", "milliseconds",
        "intervals", "counts", "slices", "cases",
    }  # fmt: skip
    for ranked in ("retrieval", "reranked"):
        assert set(document[ranked]) == {"recall@1", "recall@5", "mrr@10", "ndcg@10"}
    assert set(document["answer"]) == {
        "exact_match", "f1", "gold_passage_exact_match", "gold_passage_f1", "right",
    }  # fmt: skip
    assert set(document["citations"]) == {"right"}
    assert set(document["abstention"]) == {"answered", "false_answers", "auroc"}
    assert set(document["milliseconds"]) == {"encode", "retrieve", "read", "total"}
    assert document["milliseconds"]["total"] == {"p50": 6.0, "p95": 6.0}


def test_the_totals_are_the_means_of_the_questions(report):
    total = report.as_json()
    assert total["answer"]["right"] == pytest.approx(1 / 3)
    assert total["answer"]["f1"] == pytest.approx((1 + 0.4 + 0) / 3)
    assert total["citations"]["right"] == 0.5
    assert total["abstention"]["answered"] == pytest.approx(2 / 3)
    assert total["abstention"]["false_answers"] == 0.5
    # answerable 0.9 0.6 0.1 against unanswerable 0.7 0.1
    assert total["abstention"]["auroc"] == pytest.approx((2 + 1 + 0.5) / 6)
    assert total["counts"] == {
        "questions": 5, "answerable": 3, "unanswerable": 2, "retrieval_only": 0, "articles": 2, "passages": 3,
    }  # fmt: skip
    low, high = total["intervals"]["abstention"]["false_answers"]
    assert low == pytest.approx(1 - high)
    assert "f1" not in total["intervals"]["answer"]


def test_a_slice_has_the_same_numbers_as_the_total(report):
    slices = report.as_json()["slices"]
    assert list(slices) == ["lang:ar", "lang:ary", "kind:date", "near-miss", "spelling"]
    assert slices["lang:ary"]["n"] == 2
    assert slices["lang:ary"]["answer"]["f1"] == pytest.approx(0.2)
    assert slices["near-miss"]["abstention"]["false_answers"] == 1.0
    assert slices["near-miss"]["answer"]["f1"] is None


def test_a_set_without_unanswerable_questions_has_no_auroc():
    scores = run([case()], FakeAssistant(), PASSAGES)
    assert numbers(scores)["abstention"]["auroc"] is None


def test_silence_without_the_answer_is_held_against_the_same_questions_with_it(report):
    assert "removed" not in report.as_json()
    without = {
        "س1": Removed("مراكش", 0.7, said_anyway=False),
        "س2": Removed(None, 0.2, said_anyway=False),
        "س3": Removed("3 و4 شتنبر", 0.05, said_anyway=True),
    }
    scores = [
        replace(one, removed={"paragraph": without[one.case.id]} if one.case.id in without else {})
        for one in report.scores
    ]
    document = json.loads(json.dumps(Report("test", scores).as_json()))
    silence = document["removed"]["paragraph"]
    # 0.9 0.6 0.1 against 0.7 0.2 0.05
    assert silence["auroc"] == pytest.approx((3 + 2 + 1) / 9)
    assert silence["false_answers"] == pytest.approx(2 / 3)
    assert silence["said_anyway"] == pytest.approx(1 / 3)
    assert (silence["n"], len(silence["interval"])) == (3, 2)
    assert document["cases"][0]["removed"]["paragraph"]["text"] == "مراكش"
    assert document["slices"]["lang:ary"]["removed"]["paragraph"]["n"] == 2
    assert "without the gold paragraph, 3 questions: false answers 0.667" in render(Report("test", scores))


def test_the_table_shows_the_total_and_every_slice(report):
    table = render(report)
    assert "5 questions" in table
    assert "right                     0.333" in table
    assert any(line.startswith("near-miss") and "1.000" in line for line in table.splitlines())
    assert "total 6.0 · 6.0" in table


def test_the_table_of_a_retrieval_only_file_shows_no_answers():
    scores = run([case(answers=())], FakeAssistant(), PASSAGES, legs=("dense",))
    table = render(Report("test", scores))
    assert "ndcg@10" in table
    assert "gold_passage" not in table
    assert "dense  1.000" in table
