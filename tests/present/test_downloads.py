"""Files to take away say what they hold and how to make them again."""

import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from alssim.model.record import RunRecord, record_of
from alssim.parameters import load_scenario
from alssim.present import cohort_charts, cohort_figures
from alssim.present.charts import DARK, LIGHT
from alssim.present.data_files import csv_text, parquet_bytes
from alssim.present.figures import rendered
from alssim.present.report import Part, html_report
from alssim.studies.cohort import (
    Cohort,
    follow_part,
    living_shares,
    score_bands,
    stage_shares,
    survival,
)

SCENARIO = replace(load_scenario("reference").record, horizon=36)
NAMES = ("none", "1", "2A", "2B", "3", "4A", "4B", "5")


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return record_of(SCENARIO)


@pytest.fixture(scope="module")
def people() -> Cohort:
    return follow_part(SCENARIO, 0, 40)


def test_a_table_reads_back_from_csv_and_parquet(record: RunRecord) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {"patient": [1, 2], "month": [0.5, None], "event": ["a,b", "é"]}
    assert csv_text(columns) == 'patient,month,event\n1,0.5,"a,b"\n2,,é\n'
    table = parquet.read_table(io.BytesIO(parquet_bytes(columns, record)))
    assert table.to_pydict() == columns
    kept = json.loads(table.schema.metadata[b"alssim"])
    assert (kept["digest"], kept["people"]) == (record.digest, record.people)


def test_a_report_stands_alone_and_escapes_its_words(record: RunRecord) -> None:
    part = Part("<b>", ["a & b", "<script>x</script>"], [("head",), ("<i>",)], b"<svg/>", '"alt"')
    page = html_report("Title <", [part], record)
    assert "<script>" not in page and "<b>" not in page and "<i>" not in page
    assert not re.search(r"(src|href)=.?(http|//)", page)
    assert record.digest[:12] in page and "data:image/svg+xml;base64," in page
    assert "&quot;alt&quot;" in page and "Not a prognosis" in page


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_figures_of_a_cohort_hold_their_record(
    people: Cohort, record: RunRecord, kind: str
) -> None:
    everybody = np.ones(len(people), bool)
    months = np.arange(people.horizon + 1.0)
    shares = living_shares(stage_shares(people, everybody, months))
    bands = [("all", score_bands(people, everybody))]
    curves = [("all", survival(people, everybody))]
    for figure in (
        cohort_figures.stages_figure(months, shares, NAMES[:7], "stages"),
        cohort_figures.scores_figure(people, bands, "scores"),
        cohort_figures.survival_figure(curves, people.horizon),
    ):
        assert record.digest.encode() in rendered(figure, kind, record)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_charts_of_a_cohort_are_plain_data(people: Cohort, palette: object) -> None:
    everybody = np.ones(len(people), bool)
    months = np.arange(people.horizon + 1.0)
    shares = stage_shares(people, everybody, months).share
    stages = cohort_charts.stages_spec(months, shares, NAMES, "stages", palette)
    total = {}
    for row in stages["data"]["values"]:
        total[row["month"]] = total.get(row["month"], 0) + row["people"]
    assert all(abs(people - 100) < 0.1 for people in total.values())
    half = np.arange(len(people)) < 20
    bands = [("a", score_bands(people, half)), ("b", score_bands(people, ~half))]
    names = {"title": "t", "chosen": "7"}
    curves = [("a", survival(people, half)), ("b", survival(people, ~half))]
    for spec in (
        stages,
        cohort_charts.scores_spec(people, bands, 7, names, palette),
        cohort_charts.survival_spec(curves, people.horizon, palette),
    ):
        assert "NaN" not in json.dumps(spec)
        assert spec["width"] == "container"


def test_no_line_goes_on_after_death(people: Cohort) -> None:
    names = {"title": "t", "chosen": "0"}
    spec = cohort_charts.scores_spec(people, [], 0, names, LIGHT)
    death = np.nan_to_num(people.months("death"), nan=np.inf)
    for row in spec["layer"][0]["data"]["values"]:
        assert row["month"] < death[row["patient"]]
