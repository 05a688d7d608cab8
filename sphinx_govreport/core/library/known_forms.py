"""The forms of reports: the statutory ones and those of a site."""

from __future__ import annotations

import pickle
from functools import cache
from typing import NamedTuple

from sphinx_govreport.core.checks.registry import names_for_forms
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, explained_rule, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.reader import FormFiles, read_form, statutory_files, statutory_forms
from sphinx_govreport.core.yaml.source import digest_of, read_source

from .cache import Cache

DUPLICATE_FORM = explained_rule(
    "duplicate-form",
    "表样重名",
    text("Two files contain local forms with the same name."),
    text("Only the first is used, and it is not clear which of them a report specifies."),
    text("Give one of the two forms another name, or delete its file."),
    example=Example(
        (
            ("forms/a.yaml", 'form: city\nextends: "2021"\nenglish: City\nsource: {notice: 某办发〔2022〕3号}\n'),
            ("forms/b.yaml", 'form: city\nextends: "2021"\nenglish: City\nsource: {notice: 某办发〔2023〕5号}\n'),
        ),
        run="sphinx-govreport check --form forms data",
    ),
)

REPLACED_FORM = explained_rule(
    "replaced-form",
    "取代法定表样",
    text("A local form has the name of a statutory form, and replaces it."),
    text("Reports that use the statutory form are read, checked and printed with the local one."),
    text("If this is not intended, give the local form another name."),
    example=Example(
        (("local.yaml", 'form: "2021"\nextends: "2021"\nenglish: City\nsource: {notice: 某办发〔2022〕3号}\n'),),
        run="sphinx-govreport check --form local.yaml data",
    ),
    severity=Severity.HINT,
)


class KnownForms(NamedTuple):
    """The statutory and local forms."""

    forms: dict[str, Form]
    digest: str  #: their fingerprint
    diagnostics: tuple[Diagnostic, ...]
    files: dict[str, str] = {}  #: by name: the file of a local form  # noqa: RUF012  (a NamedTuple's default is never changed)


@cache
def known_forms(local: FormFiles) -> KnownForms:
    """Return the statutory and local forms; a local form may replace a statutory one."""
    statutory = statutory_forms()
    forms, files = dict(statutory), dict[str, str]()
    diagnostics: list[Diagnostic] = []
    left = list(local)
    while left:
        problems: list[Diagnostic] = []
        for path, data in left:  # from the first again: a form may extend one whose file comes after it
            form, found = read_form(read_source(path, data), forms, names_for_forms())
            if form:
                break
            problems += found
        else:
            diagnostics += problems
            break
        left.remove((path, data))
        if form.name in files:
            message = text("There is another form “{form}”: {path}.", form=form.name, path=files[form.name])
            hint = text("Give one of the two another name.")
            diagnostics.append(Diagnostic(DUPLICATE_FORM, Pos(path), message, hint))
            continue
        if form.name in statutory:
            message = text("This form replaces the statutory form {form}.", form=form.name)
            hint = text("If this is not intended, give it another name.")
            diagnostics.append(Diagnostic(REPLACED_FORM, Pos(path), message, hint))
        forms[form.name], files[form.name] = form, path
    return KnownForms(forms, digest_of("".join(form.digest for form in forms.values()).encode()), tuple(diagnostics), files)


def cached_forms(local: FormFiles, kept: Cache[bytes] | None) -> KnownForms:
    """Return the statutory and local forms. If they are kept, only the first build reads their files."""
    if kept is None:
        return known_forms(local)
    key = digest_of(repr((statutory_files(), local, names_for_forms())).encode())
    packed = kept.get(key, lambda: pickle.dumps(known_forms(local), protocol=5))
    kept.save()
    return _unpacked_forms(packed)


@cache
def _unpacked_forms(packed: bytes) -> KnownForms:
    """Unpack the forms once for all builds of a process: the layouts of a form are cached by its identity."""
    known: KnownForms = pickle.loads(packed)  # our own bytes  # noqa: S301
    return known
