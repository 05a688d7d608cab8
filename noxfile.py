"""The version matrix: every supported Sphinx on a Python that it runs on."""

import os

import nox

nox.options.error_on_missing_interpreters = True

MATRIX = [("3.11", "8.2.3"), ("3.11", "9.0.4"), ("3.12", "9.1.1"), ("3.13", "9.2.0")]
#: Python and Sphinx of an environment in which all tests have passed already, such as “3.11 9.0.4”
TESTED = tuple(os.environ.get("TESTED", "").split())


@nox.session
@nox.parametrize(("python", "sphinx"), [one for one in MATRIX if one != TESTED])
def tests(session: nox.Session, sphinx: str) -> None:
    """Run the tests with one Sphinx."""
    session.install(".[test]", f"sphinx=={sphinx}", "--quiet")
    session.run("pytest", "-n", "auto", "-q", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation with warnings as errors."""
    session.install(".[docs]", "--quiet")
    session.run("sphinx-build", "-q", "-nW", "docs", f"{session.create_tmp()}/html")
