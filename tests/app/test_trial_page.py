"""Virtual trial: every design and every control; nothing is carried out unasked. About 90 s."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.opening import calm, click, opened, query, told

from alssim.app.text import say
from alssim.app.trial_files import trial_commands
from alssim.app.trying import (
    PARTS,
    Try,
    design,
    designs,
    many_trials,
    one_trial,
    own_effect,
    shipped,
)
from alssim.cli import main
from alssim.parameters import dump, load_trial
from alssim.present.trial_words import operating_sentences

QUICK = "niv"  # the smallest of the designs: 41 people, one endpoint
RUN_MANY = say("trial.many_run", count=200)
HOSTILE = ["-5", "nan", "<script>", "9" * 500, "[1, 2]", "1e999"]


def run(name: str, **link: str) -> AppTest:
    return click(opened("trial", v="1", trial=name, **link), say("trial.run"))


def charts(at: AppTest) -> int:
    return len(at.get("vega_lite_chart"))


def labels(at: AppTest) -> list[str]:
    return [one.label for one in at.button]


def downloads(at: AppTest) -> set[str]:
    return {one.label for one in at.get("download_button")}


def quiet(part: str, done: int, whole: int) -> None:
    assert part in PARTS and 0 <= done <= whole


def test_nothing_is_carried_out_unasked() -> None:
    at = opened("trial", v="1", trial=QUICK)
    assert not charts(at) and say("trial.before_text") in told(at)
    at = click(at, say("trial.run"))
    assert charts(at) == 1 and say("working.stop") not in labels(at)
    at = click(at, say("trial.hide"))
    assert not charts(at)


@pytest.mark.parametrize("name", designs())
def test_every_design_has_its_question_its_published_result_and_a_report(name: str) -> None:
    at, trial = run(name, n="20"), shipped(name)
    assert trial.question in told(at) and query(at, "trial") == name
    assert trial.title in [one.value for one in at.header]
    for row in trial.published:
        assert row.text in told(at) and row.source in told(at)
    assert trial.assumed in told(at)
    assert told(at).count(f"**{say('trial.simulated')}**") == len(trial.endpoints)
    assert charts(at) == 1 and not at.error


def test_the_gallery_opens_a_design() -> None:
    at = opened("trial", v="1")
    for name in designs():
        assert shipped(name).question in told(at) and shipped(name).title in labels(at)
    at = calm(at.button("trial_open_phoenix").click().run())
    assert query(at, "trial") == "phoenix" and query(at, "n") == str(shipped("phoenix").per_arm)


def test_survival_is_shown_only_to_those_who_ask() -> None:
    at = run(QUICK)
    picture = f"{say('trial.files.one')} (PNG)"
    assert charts(at) == 1 and picture not in downloads(at)
    at = click(at, say("trial.survival_show"))
    assert charts(at) == 2 and picture in downloads(at)
    assert not [name for name in at.query_params if "open" in name or "show" in name]
    at = click(at, say("trial.survival_hide"))
    assert charts(at) == 1


def test_many_trials_tell_power_false_positives_and_exaggeration() -> None:
    at = click(run(QUICK), RUN_MANY)
    assert charts(at) == 2
    for name in ("power", "false", "exaggeration"):
        assert f"**{say(f'trial.{name}')}**" in told(at)
    assert "with a treatment that does nothing" in told(at)
    assert f"{say('trial.files.trials')} (CSV)" in downloads(at)
    at = click(at, say("trial.many_hide", count=200))
    assert charts(at) == 1 and RUN_MANY in labels(at)


def test_the_real_result_lies_among_the_simulated_ones() -> None:
    at = click(run("tofersen"), RUN_MANY)
    assert f"**{say('trial.place')}**" in told(at) and "Of 100 simulated trials" in told(at)
    at = calm(at.pills("trial_endpoint").set_value(1).run())
    assert query(at, "endpoint") == "2"
    assert "a ratio of about 0.40" in told(at)
    again = opened("trial", v="1", trial="tofersen", endpoint="2")
    assert query(again, "endpoint") == "2"


def test_a_result_belongs_to_what_was_asked() -> None:
    at = click(run("centaur"), RUN_MANY)
    assert charts(at) == 2
    at = calm(at.button("trial_effect_centaur_less").click().run())
    assert not charts(at)
    at = click(at, say("trial.run"))
    assert charts(at) == 1 and RUN_MANY in labels(at)
    at = calm(at.button("trial_size_centaur_more").click().run())
    assert not charts(at)


def test_steps_seed_and_the_way_back() -> None:
    at = opened("trial", v="1", trial="two-arms")
    at = calm(at.button("trial_size_two-arms_more").click().run())
    at = calm(at.button("trial_effect_two-arms_more").click().run())
    at = calm(at.number_input("trial_seed").set_value(9).run())
    assert [query(at, name) for name in ("n", "seed")] == ["200", "9"]
    assert query(at, "set") == "arms.quarter-slower.effects.1.size=0.3"
    at = click(at, say("trial.back"))
    assert [query(at, name) for name in ("n", "seed")] == ["100", "1"]
    assert "set" not in at.query_params
    at = calm(at.button("trial_size_two-arms_less").click().run())
    assert query(at, "n") == "50"


def test_a_link_brings_back_the_trial_and_its_numbers() -> None:
    link = {"trial": "two-arms", "n": "50", "seed": "3", "number": "4"}
    change = "arms.quarter-slower.effects.1.size=0.4"
    at = click(opened("trial", v="1", **link, set=change), say("trial.run"))
    assert {name: query(at, name) for name in link} == link and query(at, "set") == change
    found = one_trial(Try("two-arms", 50, 0.4, 3), 4, quiet)
    shown = f"{found.outcomes[0].value:.3g}"
    assert shown in told(at)
    at = click(at, say("trial.again"))
    assert query(at, "number") == "5" and shown not in told(at)


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_links_ask_for_what_exists(bad: str) -> None:
    names = ("trial", "n", "seed", "number", "endpoint")
    change = f"arms.quarter-slower.effects.1.size={bad}"
    at = opened("trial", v="1", **dict.fromkeys(names, bad), set=change)
    assert query(at, "trial") == "two-arms" and "set" not in at.query_params
    assert int(query(at, "seed")) >= 0 and 20 <= int(query(at, "n")) <= 500
    assert at.error or at.warning
    assert len(bad) < 4 or bad not in " ".join(one.value for one in at.markdown)


def test_a_design_without_a_size_says_so() -> None:
    assert own_effect(QUICK) is None
    at = opened("trial", v="1", trial=QUICK)
    assert say("trial.no_effect") in told(at) and not at.slider


def test_every_chart_has_a_text_alternative_with_numbers() -> None:
    at = click(click(run("centaur"), RUN_MANY), say("trial.survival_show"))
    found = at.get("vega_lite_chart")
    assert len(found) == 3
    for chart in found:
        assert len(chart.proto.alt) > 60 and any(mark.isdigit() for mark in chart.proto.alt)


def test_changes_made_elsewhere_are_said_to_be_left_out() -> None:
    at = opened("trial", v="1", set="pace.sd=0.5")
    assert say("trial.world") in told(at)


def asked_json(capsys: pytest.CaptureFixture[str], line: str) -> dict[str, object]:
    words = shlex.split(line)
    assert words[:2] == ["alssim", "trial"] and main([*words[1:], "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_command_repeats_one_trial(capsys: pytest.CaptureFixture[str]) -> None:
    asked = Try("two-arms", 50, 0.4, 3)
    one = one_trial(asked, 2, quiet)
    report: Any = asked_json(capsys, trial_commands(asked, 2)[0])["report"]
    assert report["outcomes"][0]["value"] == pytest.approx(one.outcomes[0].value)


def test_the_commands_repeat_many_trials(capsys: pytest.CaptureFixture[str]) -> None:
    asked = Try(QUICK, 20, None, 3)
    many = many_trials(asked, quiet)
    lines = trial_commands(asked, 0)[1:]
    for line, found in zip(lines, (many.found, many.null), strict=True):
        rows: Any = asked_json(capsys, line)["operating"]
        truth = [row["truth"] for row in rows["endpoints"]]
        assert truth == pytest.approx([one.truth for one in found.endpoints])


def test_the_design_file_is_the_design(tmp_path: Path) -> None:
    wanted = design(Try("two-arms", 50, 0.4, 3))
    (tmp_path / "two-arms.toml").write_text(dump(wanted), "utf-8")
    assert load_trial(str(tmp_path / "two-arms.toml")).record == wanted


def test_people_asked_for_are_the_same_for_every_size() -> None:
    seen: list[str] = []
    small = one_trial(Try(QUICK, 20, None, 1), 0, lambda part, done, whole: seen.append(part))
    seen.clear()
    large = one_trial(Try(QUICK, 50, None, 1), 0, lambda part, done, whole: seen.append(part))
    assert seen == [] and large.flow.arms[0].allotted > small.flow.arms[0].allotted


def test_sentences_of_many_trials_keep_their_order() -> None:
    found = many_trials(Try("centaur", 48, 0.25, 1), quiet).found.endpoints[0]
    said = operating_sentences(found, 0.05)
    assert "such trials are positive" in said[0] and said[1].startswith("On average")
    assert "the effect that is there" in said[2] and "wrong way" in said[3]
