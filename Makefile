# `make example` builds the example site, `make test` runs the tests. Nothing else is needed than python3 and make.
# the first that really runs and is new enough: a name on the PATH may be a launcher without a version behind it
PYTHON3 ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV := .venv
PYTHON := $(VENV)/bin/python
SPHINX := $(PYTHON) -m sphinx -q -nW
INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check

.PHONY: example test coverage covered mutation lint docs docs-english docs-chinese docs-catalogs links pictures browser package sbom release bench fuzz locale check clean

example: $(VENV)/installed-example
	$(PYTHON) -m sphinx -q -nW -b html example_site example_site/_build/html
	@echo "Open example_site/_build/html/index.html"

test: $(VENV)/installed-test
	$(PYTHON) -m pytest -n auto --dist loadgroup -q

coverage: $(VENV)/installed-test
	$(PYTHON) -m pytest -n auto -q tests/core tests/ext tests/exporters tests/importers --cov --cov-context=test --cov-report= --junitxml=build/tests.xml
	$(MAKE) covered

# fails if the tests that ran with --cov have run less than this percentage of a package's lines and branches
COVERED := core:96 importers:90 exporters:90 ext:90
covered:
	@for package in $(COVERED); do \
	  $(PYTHON) -m coverage report --include="sphinx_govreport/$${package%:*}/*" --fail-under="$${package#*:}" || exit 1; done

# mutation tests of the core: MUTANTS mutants, with the random seed DRAW; takes 3 seconds for each
MUTANTS ?= 320
DRAW ?= 2026
mutation: $(VENV)/installed-mutation build/coverage.db
	$(PYTHON) -m tests.mutation --count $(MUTANTS) --seed $(DRAW)

build/coverage.db:
	$(MAKE) coverage

lint: $(VENV)/installed-lint
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports

# in English and in Chinese, at the same time; a page that has a catalog must be translated whole
docs: $(VENV)/installed-docs
	$(PYTHON) -m codespell_lib README.md CHANGELOG.md docs
	$(MAKE) --jobs=2 --output-sync docs-english docs-chinese
	@echo "Open docs/_build/html/index.html"

docs-english: $(VENV)/installed-docs
	$(SPHINX) -E -b html -d docs/_build/trees/en docs docs/_build/html
	DOCS_OFFLINE=1 $(SPHINX) -b linkcheck -d docs/_build/trees/en docs docs/_build/linkcheck

docs-chinese: $(VENV)/installed-docs
	rm -rf docs/_build/gettext
	$(SPHINX) -E -b gettext docs docs/_build/gettext
	$(PYTHON) docs/_ext/catalogs.py check
	DOCS_LANGUAGE=zh_CN $(SPHINX) -E -b html -d docs/_build/trees/zh_CN docs docs/_build/html/zh_CN

# the catalogs of the documentation, to be filled in: docs/locale
docs-catalogs: $(VENV)/installed-docs
	rm -rf docs/_build/gettext
	$(SPHINX) -E -b gettext docs docs/_build/gettext
	$(PYTHON) docs/_ext/catalogs.py update

# also what other hosts have
links: $(VENV)/installed-docs
	$(SPHINX) -b linkcheck docs docs/_build/linkcheck

pictures: $(VENV)/installed-browser
	$(PYTHON) docs/_ext/pictures.py

# needs chromium, Firefox, Xvfb, AT-SPI, Java and the npm packages that .ci/run puts into build/tools
browser: $(VENV)/installed-browser
	$(PYTHON) -m pytest -n auto --dist loadgroup -q -m browser tests/browser

# the wheel alone, in an environment of its own, must build sites; the sdist must be the checkout, and run tests without it
package: $(VENV)/installed-package
	rm -rf build/package
	$(PYTHON) -m build --quiet --outdir build/package .
	$(PYTHON) -m twine check --strict build/package/*
	$(PYTHON) -m venv build/package/venv
	build/package/venv/bin/python -m pip install --quiet --disable-pip-version-check build/package/*.whl
	build/package/venv/bin/python -m pip check
	cd build/package && venv/bin/python -c "import sphinx_govreport as package; assert 'build/package/venv' in package.__file__"
	cd build/package && GOVREPORT_THEME=alabaster venv/bin/python -m sphinx -q -nW -b html ../../example_site site
	build/package/venv/bin/sphinx-govreport check example_site/data
	build/package/venv/bin/sphinx-govreport new-site build/package/new --agency 某局
	cd build/package/new && ../venv/bin/python -m sphinx -q -n -b html . ../new-html
	test -f build/package/new/.gitlab-ci.yml -a -f build/package/new/.github/workflows/site.yml
	build/package/venv/bin/sphinx-govreport --language zh_CN explain balance
	mkdir build/package/source
	tar -xzf build/package/*.tar.gz -C build/package/source --strip-components=1
	git -c core.quotePath=false ls-files | sort > build/package/checkout.txt
	cd build/package/source && find . -type f ! -name PKG-INFO -printf '%P\n' | sort > ../sdist.txt
	diff build/package/checkout.txt build/package/sdist.txt
	$(PYTHON) -m venv build/package/source/.venv
	cd build/package/source && .venv/bin/python -m pip install --quiet --disable-pip-version-check ".[test]"
	cd build/package/source && .venv/bin/python -m pytest -n auto -q tests/project tests/exporters/test_published.py

# what the wheel says of its dependencies, to be written again when they change; `make release` does it too
sbom: $(VENV)/installed-package
	$(PYTHON) -m tests.release sbom

# the commit and the tag of VERSION, see docs/project/maintenance.md; CHECK=true if CI has passed for this commit
CHECK ?= $(MAKE) check package
release: $(VENV)/installed-package
	$(PYTHON) -m tests.release prepare "$(VERSION)" --check "$(CHECK)"

# by hand: COUNT inputs of each kind that were never tried before (SEED), or ATHERIS=1 to be led by coverage
COUNT ?= 10000
SEED ?= $(shell date +%s)
FUZZ := year-files forms texts documents formatted
fuzz: $(VENV)/installed-$(if $(ATHERIS),fuzz,test)
	for target in $(FUZZ); do $(PYTHON) -m tests.fuzz $$target --count $(COUNT) --seed $(SEED) \
	  $(if $(ATHERIS),--atheris -- -runs=$(COUNT)) || exit 1; done

# BENCH chooses parts, see `python -m tests.benchmarks.speed --help`
bench: $(VENV)/installed-test
	$(PYTHON) -m tests.benchmarks.speed $(BENCH)
	$(PYTHON) -m tests.benchmarks.checks
	$(PYTHON) -m tests.benchmarks.imports
	$(PYTHON) -m tests.benchmarks.many_files --files 1000 10000
	$(PYTHON) -m tests.benchmarks.many_files --memory

CATALOG := sphinx_govreport/locale/zh_CN/LC_MESSAGES/sphinx_govreport
BABEL := $(PYTHON) -m babel.messages.frontend --quiet

locale: $(VENV)/installed-test
	$(BABEL) extract -k text -k ntext:1,2 --no-default-keywords --no-location --sort-by-file -o $(CATALOG).pot sphinx_govreport
	$(BABEL) update -l zh_CN -i $(CATALOG).pot -o $(CATALOG).po --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BABEL) compile -l zh_CN -i $(CATALOG).po -o $(CATALOG).mo
	rm $(CATALOG).pot

check: lint test docs example

clean:
	rm -rf $(VENV) example_site/_build docs/_build build

$(PYTHON):
	@test -n "$(PYTHON3)" || \
	  { echo "sphinx_govreport needs Python 3.11 or newer: install it, or say which with 'make PYTHON3=/path/to/python'."; exit 1; }
	@$(PYTHON3) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python cannot make a virtual environment: install its venv module (on Debian: python3-venv)."; exit 1; }

$(VENV)/installed: $(PYTHON) pyproject.toml
	$(INSTALL) -e .
	@touch $@

$(VENV)/installed-%: $(PYTHON) pyproject.toml
	$(INSTALL) -e ".[$*]"
	@touch $@ $(VENV)/installed
