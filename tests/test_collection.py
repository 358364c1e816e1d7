"""The collection as a person keeps it: articles added, found, deleted and asked, by several at once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

import qa.assistant
from corpus.errors import BadArticle, NotText, PathMissing, QuestionTimedOut, StoreBusy, UsageError
from index.lock import writing
from index.store import Store
from qa import incoming
from qa.scope import Scope
from tests.figures import assistant
from tests.hashing import HashingEmbedder

LYON = """---
title: اجتماع ليون
publisher: وكالة الأنباء
published: 2025-09-04
---
عُقد الاجتماع الثامن في مدينة ليون يوم 4 شتنبر.
"""
PORT = """---
title: خط بحري جديد
publisher: جريدة الموانئ
published: 2024-03-01
---
أعلنت الشركة عن خط بحري طوله 900 كيلومتر بين أكادير ودكار.
"""
CUP = "فاز المنتخب المغربي بكأس العرب بعد 7 مباريات في قطر، وحضر النهائي جمهور كبير من مدن كثيرة."
LENGTH_OF_THE_LINE = "خط بحري طوله كم كيلومتر بين أكادير ودكار؟"


@pytest.fixture
def files(tmp_path):
    """Write files into a folder such as uploads are put in, and return their paths."""

    def write(**contents):
        folder = tmp_path / "uploads" / str(len(list(tmp_path.rglob("*"))))
        folder.mkdir(parents=True)
        paths = []
        for name, content in contents.items():
            stem, _, suffix = name.rpartition("_")
            paths.append(folder / f"{stem}.{suffix}")
            paths[-1].write_bytes(content if isinstance(content, bytes) else content.encode())
        return paths

    return write


@pytest.fixture
def asked(tmp_path):
    return assistant(tmp_path / "store")


@pytest.fixture
def collection(asked):
    return asked.collection


def titles(articles):
    return [article.title for article in articles]


# --- adding ------------------------------------------------------------------------------------------


def test_files_of_every_kind_are_added_and_can_be_asked_about_at_once(asked, files):
    line = json.dumps(
        {"text": "بلغ عدد السكان 37 مليونا في المغرب.", "title": "سكان المغرب"}, ensure_ascii=False
    )
    done = asked.collection.add(files(port_md=PORT, cup_txt=CUP, people_jsonl=line))
    assert len(done.added) == 3 and not (done.changed or done.duplicates or done.refused)
    assert all(article.passages == 1 for article in done.added)
    answer = asked.ask(LENGTH_OF_THE_LINE)
    assert answer.text == "900"
    assert answer.citations[0].article.source == "port.md"


def test_the_same_text_is_a_duplicate_and_names_the_article_there_is(collection, files):
    (first,) = collection.add(files(lyon_md=LYON)).added
    again = collection.add(files(lyon_md=LYON))
    other_name = collection.add(files(other_md=LYON.replace("اجتماع ليون", "عنوان آخر")))
    for done, title in ((again, "اجتماع ليون"), (other_name, "عنوان آخر")):
        (duplicate,) = done.duplicates
        assert (duplicate.title, duplicate.of) == (title, first)
        assert not done.added and not done.changed
    assert collection.overview().articles == 1


def test_two_files_of_one_text_added_together_are_one_article(collection, files):
    done = collection.add([*files(lyon_md=LYON), *files(lyon_md=LYON.replace("اجتماع ليون", "عنوان آخر"))])
    assert titles(done.added) == ["اجتماع ليون"]
    assert [(d.title, d.of) for d in done.duplicates] == [("عنوان آخر", done.added[0])]


@pytest.mark.parametrize("together", [True, False])
def test_two_articles_in_files_of_one_name_are_both_kept(collection, files, together):
    one, two = files(news_md=LYON), files(news_md=PORT)
    if together:
        collection.add([*one, *two])
    else:
        collection.add(one)
        collection.add(two)
    assert titles(collection.articles()) == ["اجتماع ليون", "خط بحري جديد"]
    assert len(collection.add(two).duplicates) == 1


@pytest.mark.parametrize("identity", ["", "id: line\n"])
def test_a_newer_version_takes_the_place_of_the_article(asked, files, identity):
    first = PORT.replace("---\n", f"---\n{identity}", 1)
    asked.collection.add(files(port_md=first))
    newer = first.replace("900", "950")
    done = asked.collection.add(files(other_md=newer) if identity else files(port_md=newer))
    assert titles(done.changed) == ["خط بحري جديد"] and not done.added
    assert asked.ask(LENGTH_OF_THE_LINE).text == "950"


def test_an_article_that_names_its_id_is_replaced_whatever_its_title(collection, files):
    first = PORT.replace("---\n", "---\nid: port\n", 1)
    collection.add(files(port_md=first))
    done = collection.add(files(port_md=first.replace("خط بحري جديد", "عنوان آخر").replace("900", "950")))
    assert titles(done.changed) == ["عنوان آخر"] == titles(collection.articles())


def test_half_a_character_in_a_title_refuses_nothing(collection, files):
    line = '{"title": "عنوان \\ud83d", "text": "يربط خط بحري جديد أكادير بدكار."}'
    done = collection.add(files(cut_jsonl=line, port_md=PORT))
    assert titles(done.added) == ["عنوان", "خط بحري جديد"] and not done.refused


def test_what_is_wrong_with_one_file_is_said_and_the_others_are_added(collection, files):
    bad = files(
        broken_md="---\ntitle: بلا نهاية\n", picture_png=b"\x89PNG", binary_txt=b"\xff\xfe\x00", port_md=PORT
    )
    done = collection.add([*bad, bad[0].with_name("absent.md")])
    assert titles(done.added) == ["خط بحري جديد"]
    kinds = {refusal.source: type(refusal.error) for refusal in done.refused}
    assert kinds == {
        "broken.md": BadArticle,
        "picture.png": NotText,
        "binary.txt": NotText,
        "absent.md": PathMissing,
    }
    for refusal in done.refused:
        for language in ("ar", "fr", "en"):
            sentence = refusal.error.sentence(language)
            assert refusal.source in sentence and "uploads" not in sentence


def test_a_folder_is_its_files_and_an_empty_one_is_refused(collection, files, tmp_path):
    folder = files(lyon_md=LYON, port_md=PORT)[0].parent
    assert [article.source for article in collection.add([folder]).added] == [
        f"{folder.name}/lyon.md",
        f"{folder.name}/port.md",
    ]
    (tmp_path / "empty").mkdir()
    (refusal,) = collection.add([tmp_path / "empty"]).refused
    assert "empty" in refusal.error.sentence("ar")


def test_a_pasted_text_is_titled_by_its_first_words_and_twice_the_same_is_a_duplicate(asked):
    (added,) = asked.collection.add_text(CUP, publisher="جواب", published=date(2025, 12, 18)).added
    assert added.title.startswith("فاز المنتخب المغربي")
    assert (added.publisher, added.published) == ("جواب", date(2025, 12, 18))
    (again,) = asked.collection.add_text(f"  {CUP}\n\n").duplicates
    assert again.of == added
    (retitled,) = asked.collection.add_text(CUP, title="كأس العرب").changed
    assert (retitled.id, retitled.title) == (added.id, "كأس العرب")
    assert asked.collection.article(added.id).text == CUP
    assert asked.ask("فاز المنتخب المغربي بكأس العرب بعد كم مباريات؟").text == "7"


@pytest.mark.parametrize("text", ["", " \n\u200b", "كلمة " * 100_001])
def test_a_text_that_is_empty_or_too_long_is_refused_in_three_languages(collection, text):
    (refusal,) = collection.add_text(text).refused
    assert isinstance(refusal.error, UsageError)
    assert len({refusal.error.sentence(language) for language in ("ar", "fr", "en")}) == 3
    assert collection.overview().articles == 0


def test_an_article_that_is_too_long_is_refused_and_the_others_of_its_file_are_added(collection, files):
    lines = [{"title": "طويل", "text": "كلمة " * 100_001}, {"title": "قصير", "text": CUP}]
    done = collection.add(files(both_jsonl="\n".join(json.dumps(line) for line in lines)))
    assert titles(done.added) == ["قصير"]
    assert [refusal.source for refusal in done.refused] == ["طويل"]


@pytest.mark.parametrize(("limit", "value"), [("MAX_FILES", 1), ("MAX_BYTES", 100)])
def test_more_than_is_taken_at_once_is_refused_before_anything_is_read(
    collection, files, monkeypatch, limit, value
):
    monkeypatch.setattr(incoming, limit, value)
    with pytest.raises(UsageError) as refused:
        collection.add(files(lyon_md=LYON, port_md=PORT))
    assert len({refused.value.sentence(language) for language in ("ar", "fr", "en")}) == 3
    assert collection.overview().articles == 0


def test_progress_counts_every_stage_to_its_end(collection, files):
    seen = {}
    collection.add(
        files(lyon_md=LYON, port_md=PORT), progress=lambda *stage: seen.update({stage[0]: stage[1:]})
    )
    assert seen == {"read": (2, 2), "split": (2, 2), "encode": (2, 2), "index": (2, 2)}


def test_adding_that_is_stopped_adds_nothing_and_can_be_done_again(collection, files):
    class StoppedError(Exception):
        pass

    def stop(stage, done, total):
        if stage == "index":
            raise StoppedError

    with pytest.raises(StoppedError):
        collection.add(files(lyon_md=LYON), progress=stop)
    assert collection.overview().articles == 0
    assert len(collection.add(files(lyon_md=LYON)).added) == 1


def test_a_writer_in_another_process_is_named(collection, files, tmp_path):
    with writing(tmp_path / "store"), pytest.raises(StoreBusy, match=r"\d+ @ "):
        collection.add(files(lyon_md=LYON))
    with writing(tmp_path / "store"), pytest.raises(StoreBusy):
        collection.delete(["lyon"])


# --- what there is -----------------------------------------------------------------------------------


@pytest.fixture
def three(collection, files):
    collection.add(files(lyon_md=LYON, port_md=PORT, cup_txt=CUP))
    return collection


def test_the_overview_says_how_many_whose_and_from_when_to_when(three):
    seen = three.overview()
    assert (seen.articles, seen.publishers) == (3, ("جريدة الموانئ", "وكالة الأنباء"))
    assert (seen.first, seen.last) == (date(2024, 3, 1), date(2025, 9, 4))


def test_an_empty_collection_has_neither_publishers_nor_days(collection):
    seen = collection.overview()
    assert (seen.articles, seen.publishers, seen.first, seen.last) == (0, (), None, None)
    assert collection.articles() == collection.articles("ليون") == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("اجتماع", ["اجتماع ليون"]),
        ("إجتِماع لِيُون", ["اجتماع ليون"]),
        ("الانباء", ["اجتماع ليون"]),
        ("موانىء", ["خط بحري جديد"]),
        ("الموانئ بحري", ["خط بحري جديد"]),
        ("٢٠٢٤", ["خط بحري جديد"]),
        ("PORT.md", ["خط بحري جديد"]),
        ("ليون بحري", []),
    ],
)
def test_articles_are_found_however_their_arabic_is_spelled(three, search, found):
    assert titles(three.articles(search)) == found


def test_an_article_deleted_is_neither_listed_nor_answered_from(asked, three):
    port = three.articles("بحري")[0]
    assert asked.ask(LENGTH_OF_THE_LINE).text == "900"
    assert three.delete([port.id, "nobody"]) == 1
    assert three.article(port.id) is None
    assert port.id not in {article.id for article in three.articles()}
    after = asked.ask(LENGTH_OF_THE_LINE)
    assert port.id not in {hit.passage.article_id for hit in after.closest} and after.text != "900"


def test_when_all_is_deleted_every_question_gets_silence(asked, three):
    three.delete(article.id for article in three.articles())
    answer = asked.ask(LENGTH_OF_THE_LINE)
    assert answer.abstained and not answer.closest


# --- a question within a scope ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (Scope(), {"lyon", "port", "cup"}),
        (Scope(publishers=frozenset({"وكالة الانباء"})), {"lyon"}),
        (Scope(publishers=frozenset({"وكالة الأنباء", "جريدة الموانئ"})), {"lyon", "port"}),
        (Scope(since=date(2025, 9, 4)), {"lyon"}),
        (Scope(until=date(2025, 9, 3)), {"port"}),
        (Scope(since=date(2024, 3, 1), until=date(2024, 3, 1)), {"port"}),
        (Scope(publishers=frozenset({"وكالة الأنباء"}), until=date(2025, 1, 1)), set()),
    ],
)
@pytest.mark.parametrize("legs", ["both", "dense", "words"])
def test_only_passages_inside_the_scope_are_found(asked, three, scope, found, legs):
    hits = asked.retriever.find("الاجتماع خط بحري كأس ليون أكادير العرب", 8, legs, within=scope).hits
    assert {hit.passage.article_id for hit in hits} == found


def test_an_answer_outside_the_scope_is_withheld_in_the_usual_words(asked, three):
    everywhere = asked.ask("ما طول الخط بين الرباط وطوكيو في اليابان؟")
    outside = asked.ask(LENGTH_OF_THE_LINE, within=Scope(since=date(2025, 1, 1)))
    assert outside.abstained and outside.message == everywhere.message
    assert {hit.passage.article_id for hit in outside.closest} == {"lyon"}
    assert asked.ask(LENGTH_OF_THE_LINE, within=Scope(until=date(2025, 1, 1))).text == "900"
    assert asked.ask(LENGTH_OF_THE_LINE, within=Scope()) == asked.ask(LENGTH_OF_THE_LINE)


def test_a_scope_that_holds_few_passages_of_many_still_gives_as_many_as_asked(tmp_path):
    bot = assistant(tmp_path / "store")
    lines = [
        {"id": str(n), "text": f"قصة رقم {n} عن مدينة ليون.", "published": f"{2000 + n % 25}-01-01"}
        for n in range(600)
    ]
    (tmp_path / "many.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    bot.collection.add([tmp_path / "many.jsonl"])
    scope = Scope(since=date(2024, 1, 1))
    for legs in ("both", "dense", "words"):
        hits = bot.retriever.find("مدينة ليون", 20, legs, within=scope).hits
        assert len(hits) == 20
        assert all(hit.passage.article.published == date(2024, 1, 1) for hit in hits)


# --- several at once ----------------------------------------------------------------------------------


def test_questions_asked_while_articles_are_added_are_answered_from_one_committed_revision(tmp_path, files):
    bot = assistant(tmp_path / "store", HashingEmbedder(pause=0.002))
    bot.collection.add(files(port_md=PORT))
    number = 900
    said, over = [], threading.Event()

    def ask():
        while not over.is_set():
            answer = bot.ask(LENGTH_OF_THE_LINE)
            said.append((answer.text, answer.citations[0].article.text))

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        try:
            for number in range(901, 906):
                newer = PORT.replace("900", str(number))
                others = "\n".join(json.dumps({"text": f"خبر {n} من {number}"}) for n in range(50))
                bot.collection.add(files(port_md=newer, others_jsonl=others))
                assert bot.ask(LENGTH_OF_THE_LINE).text == str(number)
        finally:
            over.set()
        for one in asking:
            one.result()
    answers = [int(text) for text, _ in said]
    assert set(answers) <= set(range(900, 906)) and len(set(answers)) > 2
    assert all(f"طوله {text} كيلومتر" in article for text, article in said)


def test_a_question_does_not_wait_while_another_thread_opens_the_new_revision(asked, files, monkeypatch):
    asked.collection.add(files(port_md=PORT))
    assert asked.ask(LENGTH_OF_THE_LINE).text == "900"
    opening, go_on = threading.Event(), threading.Event()
    opened = Store._open_projection

    def slowly(store):
        opening.set()
        assert go_on.wait(20)
        return opened(store)

    monkeypatch.setattr(Store, "_open_projection", slowly)
    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(
            asked.collection.add_text, "بلغ طول الخط البحري الآخر بين طنجة وسبتة 60 كيلومترا."
        )
        assert opening.wait(20)
        before = asked.ask(LENGTH_OF_THE_LINE)
        assert before.text == "900" and asked.article_count == 1
        go_on.set()
        adding.result()
    assert asked.article_count == 2


def test_two_threads_that_add_wait_for_each_other(collection):
    texts = [f"خبر رقم {n} عن مدينة من مدن المغرب." for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(collection.add_text, texts))
    assert [len(one.added) for one in done] == [1] * 6
    assert collection.overview().articles == 6


def test_eight_threads_get_right_answers(asked, collection):
    cities = "مراكش طنجة أكادير فاس مكناس وجدة تطوان العيون".split()
    for n, city in enumerate(cities):
        collection.add_text(f"بلغ عدد زوار معرض {city} في الدورة الأخيرة {1000 + n} زائر.")
    questions = [f"كم بلغ عدد زوار معرض {city}؟" for city in cities] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(asked.ask, questions))
    assert [answer.text for answer in answers] == [str(1000 + n) for n in range(8)] * 4


def test_a_question_that_takes_too_long_is_given_up_with_a_sentence(asked, three, monkeypatch):
    monkeypatch.setattr(qa.assistant, "TIME_LIMIT", 0)
    with pytest.raises(QuestionTimedOut) as slow:
        asked.ask(LENGTH_OF_THE_LINE)
    assert len({slow.value.sentence(language) for language in ("ar", "fr", "en")}) == 3
