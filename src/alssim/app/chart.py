"""Show a chart at the width of its place, in the size of text of the visit."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from alssim.app.text_size import larger
from alssim.present.vega_parts import enlarged


def show_chart(spec: Mapping[str, Any], *, key: str, alt: str) -> None:
    """Show a Vega-Lite specification; ``alt`` says what it shows to people who do not see it."""
    sized = enlarged(spec) if larger() else dict(spec)
    st.vega_lite_chart(spec=sized, width="stretch", key=key, alt=alt)
