# Common Thread. `make run` starts a demo forum (elsewhere: PORT=8001), `make test` checks everything.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check -qq
# On all cores, and without the packages' own tests: installing takes a third less time.
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x '/tests?/' forum .venv/lib
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-header \
	--no-annotate --no-emit-index-url

# Memory in pages of 2 MB, kept rather than given back: the same tests take a quarter less processor
# time on Linux. Other C libraries and systems do not know GLIBC_TUNABLES and pass over it.
LARGE_PAGES := PYTHONMALLOC=malloc GLIBC_TUNABLES=$(subst $() ,:,$(addprefix glibc.malloc., \
	hugetlb=1 arena_max=1 tcache_count=2000 top_pad=16777216 trim_threshold=268435456 \
	mmap_threshold=67108864))

# Tests wait for servers and browsers nearly half of the time, so it takes four processes to keep two
# cores busy. Compiled code is kept, also where that is switched off: some hundred processes load it.
PYTEST := $(LARGE_PAGES) PYTHONDONTWRITEBYTECODE= $(BIN)/pytest
PARALLEL := -n 4 --dist worksteal

.PHONY: install install-dev ready run dev test suite coverage lint types style docs site format browser bench journeys soak lock \
	messages clean

install: .venv/installed

run: install
	@$(BIN)/forum serve --demo --port $(PORT)

# The demo forum, which starts again when a file is saved; with all that the next steps need.
dev: install-dev
	@$(BIN)/forum serve --demo --reload --port $(PORT)

# The types are checked beside the tests, which take longer.
test: ready
	@$(MAKE) --no-print-directory --jobs 2 --output-sync style site
	@$(MAKE) --no-print-directory --jobs 2 types suite

# Which branches of forum/ are taken is noted beside the tests, at next to no cost.
NOTED := BRANCHES=$(CURDIR)/build/branches PYTHONDONTWRITEBYTECODE=
BRANCHES := tests.support.suite.branches
suite:
	@rm -rf build/branches/hits
	@$(NOTED) $(BIN)/python -m $(BRANCHES).compilation
	$(NOTED) PYTHONPATH=$(CURDIR)/$(subst .,/,$(BRANCHES)) $(PYTEST) $(PARALLEL)
	-@$(NOTED) $(BIN)/python -m $(BRANCHES).report

# The same tests, and each branch of forum/ that they do not take.
coverage: ready
	@$(MAKE) --no-print-directory suite; result=$$?; cat build/branches/not-taken.txt; exit $$result

# Packages and the browser come from different places, so both are fetched at once.
ready:
	@$(MAKE) --no-print-directory --jobs 2 install-dev browser

lint: install-dev
	@$(MAKE) --no-print-directory --jobs 2 --output-sync types style site

types:
	$(BIN)/mypy

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

# The documentation as a site in build/site; a dead link or anchor is an error.
docs: install-dev
	@$(MAKE) --no-print-directory site
	@echo "The documentation is in build/site/index.html."

SITE := build/docs
site:
	@rm -rf $(SITE) && mkdir -p $(SITE) && cp -R docs/. $(SITE)
	@for page in *.md LICENSE; do \
		sed 's#](docs/#](#g; s#](LICENSE)#](LICENSE.md)#' $$page >$(SITE)/$${page%.md}.md; done
	@mv $(SITE)/README.md $(SITE)/index.md
	@$(BIN)/zensical build --strict --clean >build/site.log 2>&1 || { sed '/^Traceback/,$$d' build/site.log; exit 1; }

format: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-dev
	$(BIN)/python -m benchmarks

# Ten ways through the forum in real browsers: taps and seconds, beside what they were.
journeys: ready
	$(BIN)/python -m benchmarks.journeys $(JOURNEYS)

soak: ready
	EVERY_CASE=1 $(PYTEST) $(PARALLEL)
	$(BIN)/pytest -m soak --timeout 3600 -s

# Bring forum/translations/ up to date with the texts; `make messages LANGUAGE=fr` begins a language.
messages: install-dev
	@$(BIN)/python -m tests.support.languages.update $(LANGUAGE)

install-dev: .venv/installed-dev

# The stamps' times say what is installed; a second run does nothing.
.venv/installed: requirements/main.txt requirements/build.txt pyproject.toml
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@echo "Installing; the first time this takes a little while."
	@$(PIP) install --no-compile --require-hashes -r requirements/main.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(COMPILE)
	@touch $@

.venv/installed-dev: .venv/installed requirements/dev.txt
	@$(PIP) install --no-compile --require-hashes -r requirements/dev.txt
	@$(COMPILE)
	@touch $@

# Browser tests need Chromium: Debian's without windows, which is the fastest, or any that is there.
SHELL_DEB := chromium-headless-shell
browser:
	@command -v $(SHELL_DEB) >/dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get -qq update \
		&& apt-get -qq install --yes --no-install-recommends $(SHELL_DEB); \
	} || command -v chromium >/dev/null || { \
		echo "Chromium is missing. On Debian: sudo apt-get install $(SHELL_DEB)" >&2; exit 1; }

# Pin the newest versions that fit, with their hashes: `make lock UPGRADE=--upgrade`.
lock: install-dev
	$(LOCK) $(UPGRADE) --extra research -o requirements/main.txt pyproject.toml
	$(LOCK) $(UPGRADE) -c requirements/main.txt -o requirements/build.txt requirements/build.in
	$(LOCK) $(UPGRADE) --extra research -c requirements/main.txt -c requirements/build.txt \
		-o requirements/dev.txt pyproject.toml requirements/build.in requirements/dev.in

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache dist build
