"""The trained reader: what it is given, where its answers begin and end, and what it refuses."""

import json
import random
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from tokenizers import Tokenizer

from corpus.article import Article
from corpus.errors import ModelDamaged
from index.e5 import prepare
from index.passage import Hit, Passage
from index.settings import Settings
from qa.candidates import LONGEST, candidates
from qa.edges import at_word_borders, trimmed, whole_enumeration, whole_words, with_hedge
from qa.pairs import LONGEST as LONGEST_PAIR
from qa.pairs import Pair, pair_up
from qa.question import understand
from qa.span_model import FOLDER, Seen, SpanModel
from qa.trained_reader import READINGS, Calibration, TrainedReader
from training.examples import Example
from training.windows import Window, batches, tidy_question, varied, windows_of

TEXT = "عقد قادة الشرطة اجتماعهم في مدينة ليون يومي 3 و4 شتنبر. وشارك فيه عشرون وفدا من أوروبا وإفريقيا."


@pytest.fixture(scope="module")
def folder():
    return prepare(Settings().models)


@pytest.fixture(scope="module")
def tokenizer(folder):
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@pytest.fixture(scope="module")
def read(folder):
    reader = TrainedReader(SpanModel.load(folder), Calibration.load(), lambda word: 5.0)

    def ask(question, *passages):
        hits = [Hit(one, 1.0 - place / 10) for place, one in enumerate(passages)]
        return reader.read(understand(question), hits)

    return ask


def passage(text=TEXT, title="", name="a"):
    return Passage(Article(name, title, text, "test"), 0, len(text))


def test_tokens_of_a_pair_stand_where_they_say_in_the_text_and_never_in_the_title(tokenizer):
    (pair,) = pair_up(tokenizer, "أين عقد الاجتماع؟", [passage(title="قمة الشرطة")])
    assert pair.offsets[0][0] == 0
    assert pair.offsets[-1][1] == len(TEXT)
    assert len(pair.ids) == pair.first + len(pair.offsets) + 1


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("حضره حوالي 300 شخص", "300 شخص", "حوالي 300 شخص"),
        ("بلغ أزيد من 40 ألفا", "40 ألفا", "أزيد من 40 ألفا"),
        ("حضره 300 شخص", "300 شخص", "300 شخص"),
        ("حضره حوالي ثلاثين شخصا", "ثلاثين شخصا", "حوالي ثلاثين شخصا"),
        ("توجه نحو الرباط", "الرباط", "الرباط"),
    ],
)
def test_a_hedge_belongs_to_its_number(text, span, whole):
    start = text.index(span)
    first, last = with_hedge(text, start, start + len(span))
    assert text[first:last] == whole


def test_a_pair_too_long_loses_its_end_and_keeps_its_closing_token(tokenizer):
    (pair,) = pair_up(tokenizer, "سؤال؟", [passage(TEXT * 30)])
    assert len(pair.ids) == LONGEST_PAIR
    assert pair.ids[-1] == tokenizer.token_to_id("</s>")


@pytest.mark.parametrize(
    ("text", "inside", "expected"),
    [
        ("يومي «3 شتنبر»، ثم", "«3 شتنبر»،", "3 شتنبر"),
        ("معبر سبتة (المغرب).", "سبتة (المغرب).", "سبتة (المغرب)"),
        ("بلغ 3.5 مليون،", "3.5 مليون،", "3.5 مليون"),
        ("بلغت -5 درجات.", "-5 درجات.", "-5 درجات"),
        ("نتيجة - 5 أهداف", "- 5 أهداف", "5 أهداف"),
    ],
)
def test_an_answer_loses_the_punctuation_around_it(text, inside, expected):
    start = text.index(inside)
    first, last = trimmed(text, start, start + len(inside))
    assert text[first:last] == expected


def test_an_answer_cut_inside_a_word_becomes_whole():
    start = TEXT.index("دينة")
    first, last = whole_words(TEXT, start, start + 2)
    assert TEXT[first:last] == "مدينة"
    assert not at_word_borders(TEXT, start, start + 2)


def test_part_of_a_list_becomes_the_whole_list():
    text = "حضرت إسبانيا، فرنسا، والبرتغال وإيطاليا."
    start = text.index("فرنسا")
    first, last = whole_enumeration(text, start, start + 5)
    assert text[first:last].endswith("فرنسا، والبرتغال وإيطاليا")


def test_the_answer_is_in_the_passage_that_answers(read):
    other = passage("تراجعت أسعار الزيتون هذا الموسم بسبب الجفاف في الجنوب.", name="b")
    best, *_ = read("في أي مدينة عقد قادة الشرطة اجتماعهم؟", other, passage())
    assert "ليون" in best.text
    assert best.passage.article_id == "a"
    assert best.passage.article.text[slice(*best.sentence)].startswith("عقد قادة")


def test_confidence_falls_where_nothing_answers(read):
    other = passage("تراجعت أسعار الزيتون هذا الموسم بسبب الجفاف في الجنوب.", name="b")
    question = "في أي مدينة عقد قادة الشرطة اجتماعهم؟"
    assert read(question, other)[0].confidence < read(question, passage())[0].confidence


def test_a_number_keeps_the_word_that_makes_it_a_rough_one(read):
    best, *_ = read("كم شخصا حضر حفل الافتتاح؟", passage("حضر حفل الافتتاح في أكادير حوالي 300 شخص."))
    assert best.text.startswith("حوالي 300")


def test_a_yes_or_no_question_is_answered_by_the_sentence(read):
    best, *_ = read("هل عقد قادة الشرطة اجتماعا في ليون؟", passage())
    assert (best.start, best.end) == best.sentence


def test_no_passage_gives_no_reading(read):
    assert read("متى؟") == []


def test_a_span_ends_after_it_begins_and_is_not_too_long(folder):
    model = SpanModel.load(folder)
    long = passage(" ثم ".join([TEXT.replace(".", "")] * 5) + ". " + TEXT)
    hits = [Hit(long, 1.0)]
    (seen,) = model.see("ماذا حدث في ليون؟", [long])
    # Every token is as likely an end as any other: nothing but the limit keeps a span short.
    even = replace(seen, start=np.zeros_like(seen.start), end=np.zeros_like(seen.end))
    spans = [*candidates(hits, [seen], "other"), *candidates(hits, [even], "other")]
    assert max(one.sentence[1] - one.sentence[0] for one in spans) > 400
    for found in spans:
        start, end = found.span
        assert found.sentence[0] <= start < end <= found.sentence[1]
        assert sum(start <= s and e <= end for s, e in seen.pair.offsets) <= LONGEST


def test_damaged_weights_are_refused(folder, tmp_path):
    copy = shutil.copytree(FOLDER, tmp_path / "model")
    weights = bytearray((copy / "model.safetensors").read_bytes())
    weights[-5] ^= 255
    (copy / "model.safetensors").write_bytes(weights)
    with pytest.raises(ModelDamaged):
        SpanModel.load(folder, copy)


def test_weights_trained_upon_another_encoder_are_refused(folder, tmp_path):
    copy = shutil.copytree(FOLDER, tmp_path / "model")
    record = json.loads((copy / "reader.json").read_text("utf-8"))
    (copy / "reader.json").write_text(json.dumps(record | {"encoder": "another@0"}), "utf-8")
    with pytest.raises(ModelDamaged):
        SpanModel.load(folder, copy)


def test_a_training_window_marks_the_answer_and_skips_passages_that_say_it_elsewhere(tokenizer):
    article = Article("a", "قمة", TEXT, "test")
    start = TEXT.index("مدينة ليون")
    example = Example("أين؟", article, ((start, start + 10),))
    says_it_too = passage("ذهب الوفد إلى مدينة ليون.", name="b")
    silent = passage("ذهب الوفد إلى الرباط.", name="c")
    passages = [Passage(article, 0, len(TEXT)), says_it_too, silent]
    positive, negative = windows_of(example, passages, tokenizer, question="أين؟", group=1)
    first, last = positive.answer
    assert tokenizer.decode(positive.ids[first : last + 1]) == "مدينة ليون"
    assert negative.answer is None


def test_windows_of_a_question_share_a_batch():
    rng = random.Random(1)
    windows = [Window([0] * rng.randint(20, 200), 5, 10, None, group // 2) for group in range(100)]
    found = batches(windows, 1024, seed=1)
    homes = [{place for place, batch in enumerate(found) for w in batch if w.group == g} for g in range(50)]
    assert all(len(home) == 1 for home in homes)
    assert sum(map(len, found)) == 100


def test_varied_questions_keep_their_words():
    rng = random.Random(2)
    forms = {varied("متى افتُتح المعرض في أكادير؟", rng) for _ in range(200)}
    assert len(forms) > 5
    assert all("المعرض" in form for form in forms)
    assert any(form.startswith("فوقاش") for form in forms)
    assert tidy_question("- متى ولد؟ ال") == "متى ولد؟"


class Recording:
    """A network that keeps what it was asked to read, and finds that only some sentences answer alone."""

    def __init__(self, answering=""):
        self.read, self.answering = [], answering

    def see(self, question, passages):
        self.read.append((question, [one.text for one in passages]))
        return [self._seen(one.text) for one in passages]

    def _seen(self, text):
        words = [(match.start(), match.end()) for match in re.finditer(r"\S+", text)]
        flat = np.zeros(len(words), np.float32)
        alone = self.answering in text and text.count(".") == 1
        return Seen(Pair([0] * (len(words) + 1), 1, words), flat, flat, 9.0 if alone else 0.0)


def test_the_likeliest_sentences_are_read_once_more_by_themselves_and_the_one_that_answers_leads():
    sentences = [f"جاء الوفد رقم {place} من بلد بعيد." for place in range(9)]
    network = Recording(answering="رقم 3")
    reader = TrainedReader(network, Calibration(), lambda word: 1.0)
    first, *_ = readings = reader.read(
        understand("من أين جاء الوفد؟"), [Hit(passage(" ".join(sentences)), 1.0)]
    )
    (_, whole), (_, alone) = network.read
    assert whole == [" ".join(sentences)]
    assert alone == sentences[:READINGS] and len(readings) == READINGS
    assert first.passage.article.text[slice(*first.sentence)] == sentences[3]


def test_the_network_reads_a_foreign_question_in_the_words_of_the_passages():
    network = Recording()
    reader = TrainedReader(network, Calibration(), lambda word: 1.0)
    reader.read(understand("When did the police meet in Lyon?"), [Hit(passage(), 1.0)])
    assert [question for question, _ in network.read] == ["When did the الشرطة meet in ليون?"] * 2


def test_confidence_is_surer_where_the_sentence_answers_by_itself(read):
    clear = "عقد الاجتماع في مدينة ليون يوم 3 شتنبر."
    (near, *_), (sure, *_) = (
        read("متى عقد الاجتماع في ليون؟", passage(text))
        for text in ("قال المتحدث إنه كان في ليون. وذلك يوم 3 شتنبر. وقد عقد الاجتماع.", clear)
    )
    assert sure.confidence > near.confidence
