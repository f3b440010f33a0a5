"""A class at the app: visits without a browser, a real browser, and the server they share."""
