all: app

.PHONY: all app test clean

PYTHON ?= python3

# Set everything up and open the app.
app:
	$(PYTHON) run.py

# Set everything up and run all tests and checks.
test:
	$(PYTHON) run.py test

# Remove what the commands above made.
clean:
	$(PYTHON) run.py clean
