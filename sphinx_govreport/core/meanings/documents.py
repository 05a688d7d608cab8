"""What importing published documents may find."""

from __future__ import annotations

from sphinx_govreport.core.diagnostics import text

from .meaning import Meaning

MEANINGS = (
    Meaning(
        "removed-character",
        text("The document has characters that readers do not see, as editors and web pages put them in."),
        text("In a year file they would make two names of one; so they are left out, and the text may have changed."),
        text("Look whether names and notes say what the document shows."),
    ),
    Meaning(
        "refused-document",
        text("The document is of a kind that cannot be read, damaged, locked or far too large."),
        text("Nothing is taken from a document that cannot be read whole."),
        text("Save it again as DOCX, XLSX, HTML, PDF with text, CSV or plain text."),
    ),
    Meaning(
        "bad-record",
        text("A line of a CSV with one figure in each line cannot be taken for a figure."),
        text("The figure would be missing in the year file."),
        text("Correct the line; “sphinx-govreport export --to csv” shows how one looks."),
    ),
    Meaning(
        "unknown-agency",
        text("The title of the document does not say whose report it is."),
        text("A year file belongs to one agency."),
        text("Say it with --agency."),
        wrong="sphinx-govreport import report.docx",
        right="sphinx-govreport import report.docx --agency 某市某局",
    ),
    Meaning(
        "unknown-year",
        text("The title of the document does not say for which year it is."),
        text("The year decides which form is meant."),
        text("Say it with --year."),
        wrong="sphinx-govreport import report.docx",
        right="sphinx-govreport import report.docx --year 2024",
    ),
    Meaning(
        "no-form",
        text("No form is known for the year of the report."),
        text("By the form of another year its figures would mean something else, and tables would seem to be missing."),
        text("Write a form for that year and name its file with --form FILE, or name a known form with --form."),
        wrong="sphinx-govreport import 2018.html",
        right="sphinx-govreport import 2018.html --form 2018.form.yaml",
    ),
    Meaning(
        "missing-table",
        text("One of the three tables was not found in the document."),
        text("It may be a picture, which nobody can read without guessing."),
        text("Type its figures into the year file."),
    ),
    Meaning(
        "missing-row",
        text("A row of the form is not in the document."),
        text("The row may have been cut off, or the agency left it out."),
        text("Look at the document; if the row was not published, write its figures from the records."),
    ),
    Meaning(
        "missing-column",
        text("A column of the form is not in the document."),
        text("The column may have been cut off, or the agency left it out."),
        text("Look at the document; if the column was not published, write its figures from the records."),
    ),
    Meaning(
        "unread-figure",
        text("A cell has something that is not a number."),
        text("To guess would be to change a published figure."),
        text("Look at the cell and type the figure into the year file."),
    ),
    Meaning(
        "unread-row",
        text("A row of a table could not be told from the others."),
        text("Its figures could belong to several rows, and are not taken."),
        text("Look for a cell that is merged or missing, and type the row into the year file."),
    ),
    Meaning(
        "unread-column",
        text("A column of a table could not be told from the others."),
        text("Its figures could belong to several columns, and are not taken."),
        text("Look at its head, and type the column into the year file."),
    ),
    Meaning(
        "read-twice",
        text("The document states one figure twice, and differently."),
        text("Neither can be preferred."),
        text("Look which one holds and write it into the year file."),
    ),
    Meaning(
        "label",
        text("A label is not to the letter, but was understood."),
        text("You may want to see what it was taken for."),
        text("Nothing, if it was understood rightly."),
    ),
    Meaning(
        "by-position",
        text("A row or column was recognised by its place, since its label is not known."),
        text("If the document leaves a row out, the place is another."),
        text("Compare these figures with the document."),
    ),
    Meaning(
        "read-as",
        text("A number was written in an unusual way and was understood."),
        text("You may want to see as what."),
        text("Nothing, if it was understood rightly."),
    ),
    Meaning(
        "footnote-mark",
        text("Next to a figure is a raised, lowered or circled character."),
        text("It refers to a footnote. Read as a digit, it would change the published figure."),
        text("Find the footnote, and write it as the note of the figure if readers need it."),
    ),
    Meaning(
        "unread-explanation",
        text("Under a table stands a reason for something odd."),
        text("Which check it is for, only its author knows."),
        text("Write it under “explanations” of the year file, with the name of the check."),
    ),
    Meaning(
        "differs",
        text("The published document and the year file do not say the same."),
        text("What the public has read counts until it is corrected in public."),
        text("Correct the year file, or publish a correction."),
    ),
)
