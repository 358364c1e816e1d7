# Two commands: `make chat` serves the chat page, `make test` runs every check. Both prepare what they need.
# The first one that runs: a name on the PATH may be a stand-in for a version that is not installed.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
# Where pip finds the CPU build of PyTorch, when the default index only has the CUDA one (see README).
TORCH_INDEX ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.PHONY: setup chat test lint types browser bench screenshots clean

chat: setup
	$(BIN)/python app.py

test: setup lint types browser
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

# The page is tested in Debian's Chromium. Root installs it; anybody else is told what is left out.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -qy --no-install-recommends chromium; } || echo "Chromium is not here: the tests of the page in a browser are skipped. To run them: sudo apt-get install chromium" >&2

# The pictures in the README, made anew from the page as it is.
screenshots: setup browser
	$(BIN)/python -m docs.screenshots

bench: setup
	$(BIN)/python -m benchmarks

# Every step leaves a stamp when it is done, so a run that was cut short goes on where it stopped.
setup: .venv/indexed

# A default store that is there already may hold a person's own articles: it is left as it is.
.venv/indexed: .venv/installed
	@$(BIN)/python -m index status >/dev/null 2>&1 || $(BIN)/python -m index build || { echo "The articles could not be indexed; the sentence above says why. Run make again when it is mended." >&2; exit 1; }
	@touch $@

.venv/installed: .venv/created pyproject.toml constraints.txt
	$(PIP) -c constraints.txt -e '.[dev]' || { echo "The packages could not be installed. Check the network and the disk, then run make again: it goes on where it stopped." >&2; exit 1; }
	@touch $@

.venv/created:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Python 3.11, 3.12 or 3.13 is needed; name one with: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv || { echo "Python has no venv module; install it (Debian: apt install python3-venv) and run make again." >&2; exit 1; }
	@touch $@

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
