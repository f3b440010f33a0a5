"""A second language says everything that the first one says to students, and nothing in English.

What a language is for is listed here: the texts of student pages are complete, those of other
pages are English. The walk looks at everything that a page sends to the browser: words, labels,
tables, charts and their alternatives.
"""

import re
import string
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import SECONDS, calm, query

from alssim.app.classroom import LINK
from alssim.app.registry import PAGES
from alssim.app.text import page_text, say, words_of
from alssim.parameters import load_scenario, load_trial
from alssim.parameters.loading import load_care, load_treatment
from alssim.parameters.locate import CARE, SCENARIOS, TREATMENTS, TRIALS, names
from alssim.parameters.treatment import EVIDENCE
from alssim.present.claims import load_claims
from alssim.present.language import (
    ENGLISH,
    LANGUAGES,
    grouped,
    in_this_language,
    speak,
    speaking,
    spoken,
    text_file,
    translation,
)
from alssim.present.lessons import Lesson, load_lessons
from alssim.present.naming import SAID, treatment_in_words, trial_in_words

OTHERS = sorted(set(LANGUAGES) - {ENGLISH})
BOTH = (ENGLISH, *OTHERS)
UNTRANSLATED = ("present", "scenarios", "parameters", "validation", "model")
"""Pages in English, which are also the names of their texts."""
PROPER = ("names",)
"""Texts of the app that no language translates."""
FILES = ("en", "comparison", "ladder", "lesson_figures", "anecdotes", "trial")
"""Texts of the package that student pages show."""
PRONOUNS = {"She", "she", "Her", "her", "her_object", "woman"}
"""Grammar of the English story; a language uses those that it needs."""


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the dotted key and the words of every text."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}")
    elif isinstance(tree, list | tuple):
        for place, value in enumerate(tree):
            yield from leaves(value, f"{path}.{place}")
    else:
        yield path, str(tree)


def braces(text: str) -> set[str]:
    """Return the names that the program fills in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} - PRONOUNS


def own_file(name: str, language: str) -> dict[str, Any]:
    """Return what a language itself has for a file of the package."""
    return words_in(language, "../" + language if name == "en" else name)


def words_in(language: str, name: str) -> dict[str, Any]:
    with speaking(language):
        return translation(name)


def student_words(language: str) -> dict[str, str]:
    """Return the app's texts for students, by dotted key."""
    tables = words_of(language)
    return dict(leaves({k: v for k, v in tables.items() if k not in (*UNTRANSLATED, *PROPER)}))


def package_words(name: str) -> dict[str, str]:
    """Return an English file of the package, by dotted key, without its English grammar."""
    found = dict(leaves(text_file(name)))
    return {key: text for key, text in found.items() if not key.startswith(".pronouns.")}


def same(one: Mapping[str, str], other: Mapping[str, str]) -> None:
    """Fail on a key that is missing or too many, and on braces that differ."""
    assert sorted(one.keys() - other.keys()) == [], "missing"
    assert sorted(other.keys() - one.keys()) == [], "too many"
    differ = {key for key in one if braces(one[key]) != braces(other[key])}
    assert differ == set(), "other words in braces"


# ------------------------------------------------------------------------------------------ keys


@pytest.mark.parametrize("language", OTHERS)
def test_the_app_says_the_same_to_students(language: str) -> None:
    same(student_words(ENGLISH), student_words(language))
    with speaking(language):
        about = page_text("about")
    assert about != page_text("about") and about.count("](https://") >= 4


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", OTHERS)
def test_the_package_says_the_same_to_students(language: str, name: str) -> None:
    found = dict(leaves(own_file(name, language)))
    own = {key: text for key, text in found.items() if not key.startswith(".pronouns.")}
    same(package_words(name), own)


@pytest.mark.parametrize("language", OTHERS)
def test_pages_are_translated_or_say_that_they_are_not(language: str) -> None:
    english = tuple(one.name for one in PAGES if not one.translated)
    assert set(english) == set(UNTRANSLATED)
    assert words_of(language).keys() & set(UNTRANSLATED) == set()


def said_by(lesson: Lesson) -> list[str]:
    """Return every text of a lesson, in order."""
    said = [lesson.title, lesson.summary, *(step.text for step in lesson.steps)]
    for asked in lesson.questions:
        said += [asked.text, asked.shown, asked.right, asked.wrong]
        said += [choice.text for choice in asked.choices]
    return said


@pytest.mark.parametrize("language", OTHERS)
def test_every_lesson_says_the_same(language: str) -> None:
    for lesson in load_lessons():
        own = words_in(language, f"lessons/{lesson.id}")
        with speaking(language):
            (told,) = [one for one in load_lessons() if one.id == lesson.id]
        assert own.keys() == {"title", "summary", "steps"}
        assert [q.id for q in told.questions] == [q.id for q in lesson.questions]
        for question, said in zip(lesson.questions, told.questions, strict=True):
            assert said.run == question.run and braces(said.shown) == {"value"}
            rows = zip(question.choices, said.choices, strict=True)
            for choice, other in rows:
                assert (choice.low, choice.high, choice.arm) == (other.low, other.high, other.arm)
        wanted = {"text", "shown", "right", "wrong"}
        for row in own["steps"]:
            asked = row.get("question", dict.fromkeys(wanted, ""))
            assert asked.keys() - {"choices", "unit"} == wanted
        pairs = zip(said_by(lesson), said_by(told), strict=True)
        assert [one for one, other in pairs if one == other and one.count(" ") > 1] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_claim_says_the_same(language: str) -> None:
    own = words_in(language, "claims")
    known = load_claims()
    assert own["claims"].keys() == {claim.id for claim in known.claims}
    assert own["verdicts"].keys() == known.verdicts.keys()
    assert len(own["ask"]["questions"]) == len(known.asking.questions)
    with speaking(language):
        told = load_claims()
    for claim, said in zip(known.claims, told.claims, strict=True):
        assert (said.id, said.verdict, said.citations) == (claim.id, claim.verdict, claim.citations)
        assert [test.name for test in said.tests] == [test.name for test in claim.tests]
        assert said.claim != claim.claim and said.evidence != claim.evidence
        assert all(a.shows != b.shows for a, b in zip(said.tests, claim.tests, strict=True))


@pytest.mark.parametrize("language", OTHERS)
def test_every_shipped_treatment_is_told(language: str) -> None:
    own = words_in(language, "treatments")
    assert own.keys() == set(names(TREATMENTS))
    for name in names(TREATMENTS):
        shipped = load_treatment(name).record
        assert own[name].keys() == {key for key in SAID if getattr(shipped, key)}
        changed = load_treatment(name, {"title": "Mine"}).record
        with speaking(language):
            assert treatment_in_words(shipped).claim == own[name]["claim"]
            assert treatment_in_words(changed).title == "Mine"


@pytest.mark.parametrize("language", OTHERS)
def test_names_in_parameter_files_are_told(language: str) -> None:
    own = words_in(language, "parameters")
    world = load_scenario("reference").record
    assert own["care"].keys() == set(names(CARE))
    assert own["scenarios"].keys() == set(names(SCENARIOS))
    assert own["symptoms"].keys() == {one.name for one in world.world.symptoms}
    assert own["evidence"].keys() == set(EVIDENCE)
    titles = {load_care(name).record.title for name in names(CARE)}
    assert titles & set(own["care"].values()) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_shipped_trial_is_told(language: str) -> None:
    own = words_in(language, "trials")
    assert own["trials"].keys() == set(names(TRIALS))
    endpoints = set()
    for name in names(TRIALS):
        shipped = load_trial(name).record
        endpoints |= {row.name for row in shipped.endpoints}
        with speaking(language):
            told = trial_in_words(shipped)
        for key in ("title", "summary", "question", "assumed"):
            assert getattr(told, key) != getattr(shipped, key), (name, key)
        assert all(a.text != b.text for a, b in zip(told.published, shipped.published, strict=True))
        if shipped.treatment.hypothetical:
            assert told.treatment.hypothetical != shipped.treatment.hypothetical, name
        assert trial_in_words(shipped) == shipped
    assert own["endpoints"].keys() == endpoints


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, without what parts thousands, and none of its braces."""
    plain = re.sub(r"\{[^}]*\}", "", text)
    whole = re.sub(r"(?<=\d)[, \u202f](?=\d{3}(?!\d))", "", plain)
    return set(re.findall(r"\d+(?:\.\d+)?", whole))


def told_by_files() -> list[str]:
    """Return what students read of lessons, claims, treatments and trials, in order."""
    told = [text for lesson in load_lessons() for text in said_by(lesson)]
    told += [text for claim in load_claims().claims for text in (claim.claim, claim.evidence)]
    for name in names(TREATMENTS):
        treatment = treatment_in_words(load_treatment(name).record)
        told += [getattr(treatment, key) for key in SAID]
    for name in names(TRIALS):
        trial = trial_in_words(load_trial(name).record)
        told += [trial.title, trial.summary, trial.question, trial.assumed]
        told += [trial.treatment.hypothetical, *(row.text for row in trial.published)]
    return told


@pytest.mark.parametrize("language", OTHERS)
def test_every_number_is_the_same(language: str) -> None:
    english, other = student_words(ENGLISH), student_words(language)
    pairs = [(english[key], text) for key, text in other.items()]
    for name in FILES:
        own = dict(leaves(own_file(name, language)))
        pairs += [(text, own[key]) for key, text in package_words(name).items()]
    with speaking(language):
        told = told_by_files()
    pairs += zip(told_by_files(), told, strict=True)
    assert len(pairs) > 1000
    assert [text for one, text in pairs if numbers(one) != numbers(text)] == []


# -------------------------------------------------------------------------------------- the visit


def visited(
    name: str,
    language: str,
    click: tuple[str, ...] = (),
    state: Mapping[str, Any] | None = None,
    **link: str,
) -> AppTest:
    """Open a page with what stands around it, in a language, and click buttons by their texts."""

    def draw_page(name: str) -> None:
        from alssim.app.language import take_language
        from alssim.app.main import draw
        from alssim.app.registry import page

        take_language()
        draw(name, page(name).show)

    at = AppTest.from_function(draw_page, default_timeout=SECONDS, kwargs={"name": name})
    for key, value in {"notice_read": True, **(state or {})}.items():
        at.session_state[key] = value
    for key, value in {"v": "1", "lang": language, **link}.items():
        if value:
            at.query_params[key] = value
    at = calm(at.run())
    with speaking(
        language if language in LANGUAGES else ENGLISH
    ):  # AppTest itself asks for the words of options
        for key in click:
            (found,) = [one for one in at.button if one.label == say(key)]
            at = calm(found.click().run())
    return at


def sent(at: AppTest) -> str:
    """Return all that a page sends to the browser."""
    return "\n".join(str(getattr(node, "proto", "")) for node in nodes(at._tree))


def nodes(block: Any) -> Iterator[Any]:
    """Yield every block and element of a page."""
    yield block
    for child in getattr(block, "children", {}).values():
        yield from nodes(child)


def all_words(place: str) -> str:
    """Return every text that a language has for students in the app, or in a package's file."""
    language, _, name = place.partition("/")
    texts = dict(leaves(own_file(name, language))) if name else student_words(language)
    return " ".join(texts.values())


@cache
def english_fragments() -> frozenset[str]:
    """Return what English texts say between words in braces, where it is more than a word.

    What a translation says in the same words, such as a proper name, is left out.
    """
    english: list[Mapping[Any, str]] = [
        student_words(ENGLISH),
        *(package_words(name) for name in FILES),
    ]
    english += [dict(enumerate(said_by(lesson))) for lesson in load_lessons()]
    told = [*OTHERS, *(f"{language}/{name}" for language in OTHERS for name in FILES)]
    other = " ".join(map(all_words, told))
    found = set()
    for table in english:
        for text in table.values():
            parts = [part for part, *_ in string.Formatter().parse(text.replace("\n", " "))]
            found |= {part.strip(" .,;:()*") for part in parts}
    long = {part for part in found if len(part) > 9 and " " in part}
    return frozenset(part for part in long if part not in other)


WALK: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
    ("start", ("start.tour_start",), {}),
    ("walk", (), {}),
    ("cohort", ("cohort.show",), {"n": "30", "by": "onset"}),
    ("compare", ("compare.show", "compare.able_show", "compare.quality_show"), {"n": "100"}),
    ("compare", ("compare.show",), {"n": "100", "arms": "riluzole-like,own-2,msc-found"}),
    ("ladder", ("ladder.climb",), {"n": "100", "sizes": "thirds", "starts": "onset.diagnosis"}),
    ("trial", ("trial.run", "trial.survival_show"), {"trial": "niv"}),
    ("lessons", (), {}),
    ("lessons", (), {"lesson": "no-two-alike", "step": "2"}),
    ("lessons", (), {"lesson": "how-long", "step": "5"}),
    ("claims", ("claims.machine.run",), {"n": "100"}),
    ("glossary", (), {}),
    ("about", (), {}),
)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(("name", "click", "link"), WALK)
def test_no_english_sentence_is_on_a_student_page(
    language: str, name: str, click: tuple[str, ...], link: dict[str, str]
) -> None:
    at = visited(name, language, click, **link)
    shown = sent(at)
    assert len(shown) > 2000
    assert [part for part in english_fragments() if part in shown] == []
    with speaking(language):
        unreviewed = say("language.unreviewed")
    assert unreviewed in " ".join(one.value for one in at.markdown)
    assert query(at, "lang") == language


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "test", [("eight-stages", 0), ("independence", 0), ("multidisciplinary-care", 1)]
)
def test_no_english_sentence_is_in_the_test_of_a_claim(
    language: str, test: tuple[str, int]
) -> None:
    at = visited("claims", language, state={"claims_open": test}, n="100", topic="all")
    shown = sent(at)
    with speaking(language):
        assert say("claims.close") in [one.label for one in at.button]
    assert [part for part in english_fragments() if part in shown] == []


def test_the_walk_sees_english_where_it_is() -> None:
    shown = sent(visited("walk", ENGLISH))
    assert len([part for part in english_fragments() if part in shown]) > 40


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_without_a_translation_says_so_in_the_language(language: str) -> None:
    at = visited("scenarios", language)
    with speaking(language):
        told = say("language.untranslated")
    assert told in at.markdown[0].value
    assert at.title[0].value == say("scenarios.title")
    assert query(at, "lang") == language


def test_an_unknown_language_is_said_and_left_out() -> None:
    at = visited("about", "xx")
    assert "“xx”" in at.text[0].value and "es (Español)" in at.text[0].value
    assert at.title[0].value == say("pages.about.title")
    assert "lang" not in at.query_params


def test_a_link_without_a_language_is_english() -> None:
    at = visited("about", "")
    assert at.title[0].value == say("pages.about.title")
    assert "lang" not in at.query_params


@pytest.mark.parametrize("language", OTHERS)
def test_a_button_changes_the_language_and_keeps_the_screen(language: str) -> None:
    at = visited("cohort", "", n="30", by="sex")
    (button,) = [one for one in at.button if one.label == LANGUAGES[language]]
    at = calm(button.click().run())
    with speaking(language):
        assert at.title[0].value == say("cohort.title")
    assert [query(at, key) for key in ("lang", "n", "by")] == [language, "30", "sex"]
    back = [one for one in at.button if one.label == LANGUAGES[ENGLISH]]
    at = calm(back[0].click().run())
    assert at.title[0].value == say("cohort.title")
    assert "lang" not in at.query_params and query(at, "by") == "sex"


# ------------------------------------------------------------------------------------ the language


def test_what_is_done_later_speaks_the_language_of_now() -> None:
    with speaking("es"):
        later = in_this_language(spoken)
    assert (spoken(), later(), spoken()) == (ENGLISH, "es", ENGLISH)


def test_thousands_are_not_parted_by_a_mark_that_reads_as_a_decimal() -> None:
    assert [grouped(n) for n in (999, 1000, 12345)] == ["999", "1,000", "12,345"]
    with speaking("es"):
        assert [grouped(n) for n in (999, 1000, 12345)] == ["999", "1000", "12\u202f345"]


def test_a_language_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="xx"):
        speak("xx")


@pytest.mark.parametrize("language", OTHERS)
def test_the_link_of_a_class_is_in_the_language_it_is_shown_in(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LINK, "http://192.0.2.7:8501/lessons?code=BIO7")
    shown = [" ".join(one.value for one in visited("start", code).markdown) for code in BOTH]
    assert ["BIO7&lang=" in one for one in shown] == [code != ENGLISH for code in BOTH]
    assert f"BIO7&lang={language})" in shown[-1]
