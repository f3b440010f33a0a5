"""The colours of the theme that the visitor sees."""

import streamlit as st

from alssim.present.charts import DARK, LIGHT, Palette


def palette() -> Palette:
    """Return the colours for charts, light or dark."""
    return DARK if st.context.theme.type == "dark" else LIGHT
