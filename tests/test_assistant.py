"""The assistant over the bundled articles, with the real encoder and the real store."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from qa import Assistant, QuestionError, StoreError
from qa.networks import Networks

QUESTIONS = [
    "متى عُقد اجتماع ليون؟",
    "when was the Lyon meeting?",
    "شحال من اجتماع عقد الحموشي فمراكش؟",
    "Combien de pays sont membres d'Interpol ?",
    "ما عاصمة اليابان؟",
    "من أعلن عن خط أكادير دكار؟",
]


@pytest.mark.parametrize(
    "question", ["متى عُقد اجتماع ليون؟", "when was the Lyon meeting?", "متى عقد اجتماع ليون"]
)
def test_the_days_of_the_lyon_meeting_are_found_and_proved(bot, question):
    answer = bot.ask(question)
    assert "3" in answer.text and "4 شتنبر" in answer.text
    cited = [citation.article.id for citation in answer.citations]
    assert "lyon-eighth-meeting" in cited
    assert all(article.startswith("lyon-") for article in cited)
    assert answer.text in answer.citations[0].quote


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_a_slice_of_its_article_and_numbers_follow_use(bot, question):
    answer = bot.ask(question)
    for citation in answer.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end]
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.abstained == (not answer.citations) == (answer.text is None)
    assert all(span in " ".join(c.quote for c in answer.citations) for span in answer.spans)
    assert 0 <= answer.confidence <= 1


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("ما عاصمة اليابان؟", "ar", "لا أجد"),
        ("what is the capital of Japan?", "en", "do not hold"),
        ("quelle est la capitale du Japon ?", "fr", "ne contiennent pas"),
    ],
)
def test_it_says_in_the_language_asked_that_the_articles_do_not_hold_the_answer(
    bot, question, language, words
):
    answer = bot.ask(question)
    assert answer.abstained and not answer.spans and not answer.citations
    assert answer.language == language
    assert words in answer.message
    assert 1 <= len(answer.closest) <= 3


def test_a_message_carries_the_number_and_the_title_of_every_source(bot):
    answer = bot.ask("متى عُقد اجتماع ليون؟")
    assert "[1]" in answer.message
    assert answer.citations[0].article.title in answer.message


def test_an_english_question_gets_its_date_in_english(bot):
    assert "3–4 September" in bot.ask("when was the Lyon meeting?").message


@pytest.mark.parametrize("as_strings", [True, False])
def test_a_follow_up_is_understood_with_the_question_before_it(bot, as_strings):
    first = bot.ask("متى عُقد اجتماع ليون؟")
    history = [first.question] if as_strings else [first]
    then = bot.ask("ومن ترأس الوفد المغربي؟", history=history)
    assert "الحموشي" in then.text
    assert then.citations[0].article.id.startswith("lyon")


def test_silence_does_not_depend_on_the_turn_before(bot):
    first = bot.ask("متى عُقد اجتماع ليون؟")
    silent = bot.ask("ما عاصمة اليابان؟", history=[first])
    assert silent.abstained
    assert bot.ask("متى عُقد اجتماع ليون؟", history=[first, silent]).text == first.text


def test_threads_get_the_answers_that_one_thread_gets(bot):
    alone = [bot.ask(question) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(bot.ask, QUESTIONS * 4))
    assert together == alone * 4


def test_a_store_opened_again_gives_the_same_answers(bot, bundled_store):
    again = Assistant.load(store=bundled_store)
    assert [again.ask(question) for question in QUESTIONS] == [bot.ask(question) for question in QUESTIONS]


def test_reading_a_given_passage_never_abstains(bot):
    hit = bot.retrieve("متى عُقد اجتماع ليون؟", 1)[0]
    assert not bot.read("ما عاصمة اليابان؟", [hit.passage]).abstained


def test_times_are_told_for_every_stage(bot):
    times = bot.ask("متى عُقد اجتماع ليون؟").milliseconds
    assert set(times) == {"encode", "retrieve", "read", "total"}
    assert times["total"] >= times["encode"] > 0


@pytest.mark.parametrize("question", ["", "   ", "😀", "12345", "a" * 1_000_000, "متى \ud800", "\0"])
def test_a_question_that_cannot_be_used_raises_the_one_tree(bot, question):
    with pytest.raises(QuestionError):
        bot.ask(question)


def test_a_store_that_does_not_exist_says_how_to_make_it(tmp_path: Path):
    with pytest.raises(StoreError, match="python -m index build"):
        Assistant.load(store=tmp_path / "nowhere")


def test_articles_are_listed_before_anything_that_answers_is_open(bundled_store, environment):
    program = (
        "import sys, qa\n"
        f"bot = qa.Assistant.load(store={str(bundled_store)!r}, wait=False)\n"
        "assert bot.collection.overview().articles == len(bot.collection.articles()) > 15\n"
        "assert not {'chromadb', 'numba'} & set(sys.modules)\n"
        "assert bot.ask('متى عُقد اجتماع ليون؟').text\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_networks_are_opened_once_whoever_asks_first():
    opened = []

    def slowly(name):
        sleep(0.05)
        opened.append(name)
        return name

    networks = Networks(lambda: slowly("encoder"), lambda: slowly("reader"), "known")
    assert networks.fingerprint == "known" and not opened
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: networks.encoder(), range(4))) == {"encoder"}
    assert networks.reader() == networks.reader() == "reader"
    assert opened == ["encoder", "reader"]


def test_importing_qa_loads_nothing_heavy_and_answering_neither_torch_nor_llama_index(
    bundled_store, environment
):
    program = (
        "import sys, qa\n"
        "heavy = {'torch', 'llama_index', 'transformers', 'sentence_transformers', 'gradio'}\n"
        "assert not {'openvino', 'chromadb', 'numba', *heavy} & set(sys.modules), 'import qa'\n"
        f"answer = qa.Assistant.load(store={str(bundled_store)!r}).ask('متى عُقد اجتماع ليون؟')\n"
        "assert answer.text\n"
        "assert not heavy & set(sys.modules), sorted(heavy & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    refused = Path(environment["JAWAB_REFUSED"])
    assert not refused.exists(), refused.read_text()
