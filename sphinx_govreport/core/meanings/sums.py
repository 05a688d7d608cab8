"""What adding up the reports of many agencies may find."""

from __future__ import annotations

from sphinx_govreport.core.diagnostics import text

from .meaning import Meaning

MEANINGS = (
    Meaning(
        "unknown-part",
        text("A figure of a part is not filled in or wrong, so that its sum is unknown."),
        text("A sum that silently leaves one out is wrong."),
        text("Have the figure filled in: 0, or “/” for not applicable."),
    ),
    Meaning(
        "other-form",
        text("A part was reported by another form, which does not count the same."),
        text("Figures that count different things have no sum."),
        text("Have the report written by the form that most use, or add it up by hand and say so in a note."),
    ),
    Meaning(
        "not-counted",
        text("Figures of a part do not apply and add nothing to the sum."),
        text("Whoever reads the sum should know that it is not of all."),
        text("Nothing, if the agency has no such power; otherwise have it write 0."),
    ),
    Meaning(
        "not-added",
        text("A report is the sum of others that are added up, and was left out."),
        text("Added to its parts, it would count them twice."),
        text("Nothing, if the message is right; otherwise correct the names after --parts or --agency."),
    ),
    Meaning(
        "counted-twice",
        text("Reports are to be added up one of which already counts others."),
        text("Their figures would be in the sum twice."),
        text("Leave out the sum or its parts. An agency that only looks like a sum is named in the list of --expect."),
    ),
    Meaning(
        "absent-agency",
        text("An agency of the list has no report."),
        text("The sum is without it."),
        text("Ask for its report, or correct its name in the list or in its file."),
    ),
    Meaning(
        "unexpected-agency",
        text("A report was added up whose agency is not on the list."),
        text("It may be counted twice: under its old and its new name."),
        text("Correct the name, or add it to the list."),
    ),
)
