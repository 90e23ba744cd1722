# The two commands that matter: `make run` and `make test`. Both set up what they need, on a machine
# with nothing but Python 3.11 or newer and make. `make help` lists the rest.

BIN := .venv/bin
UV := $(BIN)/uv
# Developers keep their tools when only the bot's own lock changes: its packages are all in theirs.
WANTED = $(if $(wildcard .venv/.tools),requirements-dev.lock,requirements.lock)
LOCK := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

# One more than there are processors: some tests wait on purpose, for a database that sleeps.
WORKERS = $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))

# Says where a Python really is, so that a venv or a shim is looked through, if it will do.
SUITABLE := import ensurepip, sys, venv; sys.version_info >= (3, 11) or sys.exit(1); print(sys._base_executable)
NO_PYTHON := mentorbot needs Python 3.11 or newer with its venv module (on Debian: apt install python3-venv). \
To choose one: make run PYTHON=/path/to/python3

# pip's own settings hold for uv too, where both can have them.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

# pip knows the machine's certificates, uv brings its own: behind a proxy that reads along only the machine's will do.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS ?= true
endif

# Whoever asks Python to write no bytecode means their own files; in .venv it is what makes a start quick.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test bench picture lock migration clean

run: .venv/.installed  ## Play a program in the browser (http://127.0.0.1:8000), data in var/
	@exec $(BIN)/mentorbot sandbox

test: .venv/.tools  ## Lint, types, import contracts and all tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

bench: .venv/.tools  ## Measure what things cost
	$(BIN)/python -m benchmarks $(ARGS)

picture: .venv/.tools  ## Make the picture in README.md and the story's page anew
	$(BIN)/python -m docs.picture
	$(BIN)/python -m docs.story
	$(BIN)/python -m docs.approval

migration: .venv/.tools  ## Write down a change of the models: make migration m="what it is for"
	$(BIN)/python -m migrations.revision "$(m)"

lock: .venv/.tools  ## Pin all packages anew after a change in pyproject.toml; ARGS=--upgrade for newer ones
	$(LOCK) $(ARGS) --group build --output-file requirements-build.lock
	$(LOCK) $(ARGS) pyproject.toml --output-file requirements.lock
	$(LOCK) $(ARGS) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean:  ## Remove what was installed and cached; var/ stays
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

help:  ## List these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

# Each step leaves a file in .venv, and is taken again only when a lock has changed since.

$(UV): requirements-build.lock
	@for name in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
	    found=$$("$$name" -c '$(SUITABLE)' 2>/dev/null) && break; \
	done; \
	test -n "$$found" || { echo "$(NO_PYTHON)" >&2; exit 1; }; \
	echo "Setting up .venv, once: this takes about ten seconds."; \
	"$$found" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

.venv/.installed: $(UV) requirements.lock pyproject.toml
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-build.lock $(WANTED)
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.tools: $(UV) requirements-dev.lock pyproject.toml
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-build.lock requirements-dev.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.installed
