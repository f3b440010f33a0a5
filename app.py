"""Entry script of the app: ``alssim app`` or ``streamlit run app.py``."""

from alssim.app.main import run

run()
