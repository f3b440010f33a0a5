"""What is computed, and so each run record and file, holds English words in every language."""

import pytest
from tests.app.opening import calm
from tests.app.test_languages import OTHERS, sent, visited

from alssim.app import comparing
from alssim.app.arm_words import in_words
from alssim.app.building import built
from alssim.present.language import speaking


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_computed_holds_english_words_whatever_the_screen_says(language: str) -> None:
    with speaking(language):
        built_there = built("own-2", {"effects.1.size": "0.6"})
        assert in_words(built_there) != built_there
    assert built_there == built("own-2", {"effects.1.size": "0.6"}) == in_words(built_there)
    at = visited("compare", language, ("compare.show",), n="100", arms="own-2,riluzole-like")
    with speaking(language):
        at = calm(at.button("effect_riluzole-like_0_more").click().run())
    scenarios = [one.scenario for one in comparing._followed._kept.values()]
    titles = {arm.title for one in scenarios for arm in one.arms}
    assert {"Built here 2: protects neurons, 30 %", "Riluzole-like drug, changed"} <= titles
    with speaking(language):
        own = {in_words(arm).title for arm in scenarios[-1].arms[1:]}
    assert own & titles == set() and all(title in sent(at) for title in own)
