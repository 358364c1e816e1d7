"""What the reader is trained on: this product's own questions, and the windows made of them."""

import json
import random

import pytest
from tokenizers import Tokenizer

from corpus.article import Article
from index.e5 import prepare
from index.passage import Passage
from index.settings import Settings
from training.examples import Example
from training.selection import Selection
from training.windows import Window, cropped, is_held_out, varied
from training.written import FOLDER, LANGUAGES, read_questions

TEXT = "افتُتح المعرض يوم 3 ماي في أكادير. وزاره 3 وزراء، ثم عاد الوزراء إلى الرباط."


def article(text=TEXT, name="a"):
    return Article(name, "", text, "test")


def write(folder, *facts):
    lines = (json.dumps(fact, ensure_ascii=False) for fact in facts)
    (folder / "facts.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def test_a_fact_is_one_question_for_each_language_with_the_same_answer(tmp_path):
    fact = {"article": "a", "kind": "place", "answer": "أكادير", "ar": "أين؟", "fr": "Où ?", "ary": "فين؟"}
    write(tmp_path, fact)
    examples = list(read_questions({"a": article()}, tmp_path))
    assert [example.language for example in examples] == ["ar", "ary", "fr"]
    assert {TEXT[slice(*example.answers[0])] for example in examples} == {"أكادير"}


def test_an_answer_that_stands_twice_is_the_one_in_its_context(tmp_path):
    write(
        tmp_path,
        {"article": "a", "kind": "number", "answer": "3", "context": "وزاره 3 وزراء", "ar": "كم وزيرا؟"},
    )
    (example,) = read_questions({"a": article()}, tmp_path)
    assert example.answers == ((TEXT.index("3 وزراء"), TEXT.index("3 وزراء") + 1),)


def test_a_near_miss_has_no_answer_and_an_absent_article_no_question(tmp_path):
    write(
        tmp_path,
        {"article": "a", "kind": "none", "answer": None, "ar": "كم بلغ عدد الزوار؟"},
        {"article": "b", "kind": "place", "answer": "أكادير", "ar": "أين؟"},
    )
    (example,) = read_questions({"a": article()}, tmp_path)
    assert example.answers == ()


def test_every_fact_that_ships_is_whole():
    facts = [
        json.loads(line) for path in FOLDER.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
    ]
    assert len(facts) > 5000
    for fact in facts:
        assert set(fact) <= {"article", "kind", "answer", "context", *LANGUAGES}
        assert any(language in fact for language in LANGUAGES)
        assert (fact["answer"] is None) == (fact["kind"] == "none")
        if "context" in fact:
            assert fact["context"].count(fact["answer"]) == 1


def test_held_out_articles_are_about_a_tenth_and_keep_all_their_questions():
    names = [f"article-{number}" for number in range(2000)]
    held = [name for name in names if is_held_out(Example("؟", article(name=name), ()))]
    assert 140 < len(held) < 260
    assert is_held_out(Example("another", article(name=held[0]), ((0, 1),)))


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.from_file(str(prepare(Settings().models) / "tokenizer.json"))


def test_a_question_is_learned_with_its_passage_and_with_wrong_ones(tokenizer):
    own, other = article(), article("نظمت مدينة فاس مهرجانا للموسيقى.", "b")
    wrong = {("a", "أين افتتح المعرض؟"): [Passage(other, 0, len(other.text))]}
    selection = Selection(wrong, lambda one: [Passage(one, 0, len(one.text))], tokenizer)
    start = TEXT.index("أكادير")
    asked = Example("أين افتتح المعرض؟", own, ((start, start + 6),))
    right, negative = selection.windows([(asked, 1.0)], seed=1)
    assert tokenizer.decode(right.ids[right.answer[0] : right.answer[1] + 1]) == "أكادير"
    assert negative.answer is None
    assert right.group == negative.group


def test_a_question_comes_with_as_many_wrong_passages_as_asked_for(tokenizer):
    own, others = article(), [article(f"نظمت مدينة فاس مهرجانا {n} للموسيقى.", f"b{n}") for n in range(9)]
    wrong = {("a", "أين افتتح المعرض؟"): [Passage(one, 0, len(one.text)) for one in others]}
    selection = Selection(wrong, lambda one: [Passage(one, 0, len(one.text))], tokenizer)
    start = TEXT.index("أكادير")
    asked = Example("أين افتتح المعرض؟", own, ((start, start + 6),))
    counts = [
        len(selection.windows([(asked, negatives)], seed=seed)) - 1
        for negatives in (0.0, 2.0, 2.5)
        for seed in range(40)
    ]
    assert set(counts[:40]) == {0} and set(counts[40:80]) == {2} and set(counts[80:]) == {2, 3}


def test_an_unanswerable_question_is_learned_with_the_passage_that_is_found_first(tokenizer):
    own = article(TEXT * 8)
    passages = [Passage(own, start, start + 40) for start in range(0, 400, 40)]
    question = "كم كلف المعرض؟"
    selection = Selection({("a", question): [passages[6], passages[2]]}, lambda one: passages, tokenizer)
    for seed in range(5):
        (window,) = selection.windows([(Example(question, own, ()), 0.0)], seed=seed)
        assert window.answer is None
        told = tokenizer.decode(window.ids[window.first : window.last])
        assert told.split() == tokenizer.decode(tokenizer.encode(passages[6].text).ids).split()


def test_a_long_passage_is_cropped_around_its_answer():
    ids = [0, 7, 2, 2, *range(100, 400), 2]
    whole = Window(ids, 4, 304, (150, 152), 5)
    for seed in range(20):
        short = cropped(whole, 60, random.Random(seed))
        assert short.ids[:4] == ids[:4] and short.ids[-1] == 2 and len(short.ids) == 65
        assert short.ids[slice(*short.answer)] == ids[150:152] and short.group == 5
        assert 4 <= short.first <= short.answer[0] <= short.answer[1] < short.last == 64
    nowhere = cropped(Window(ids, 4, 304, None, 5), 60, random.Random(1))
    assert nowhere.answer is None and len(nowhere.ids) == 65
    assert cropped(whole, 300, random.Random(1)) == whole


def test_french_questions_lose_accents_at_times_and_never_get_dialect_words():
    rng = random.Random(3)
    forms = {varied("Où s'est tenue la réunion ?", rng, "fr") for _ in range(60)}
    assert any("reunion" in form for form in forms)
    assert not any("فين" in form for form in forms)
