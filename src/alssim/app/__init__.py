"""The Streamlit app: pages, the player of one person's course, and the way to start it."""
