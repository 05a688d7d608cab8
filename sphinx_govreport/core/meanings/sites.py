"""What building a site may find."""

from __future__ import annotations

from sphinx_govreport.core.diagnostics import text

from .meaning import Meaning

MEANINGS = (
    Meaning(
        "bad-config",
        text("A setting in conf.py has a value that it cannot have."),
        text("The setting is left aside, and the site is not what it should be."),
        text("Write it as the message says."),
        wrong='govreport_severity = {"jump": "loud"}',
        right='govreport_severity = {"jump": "warning"}',
    ),
    Meaning(
        "bad-option",
        text("An option of a directive has a value that it cannot have."),
        text("What the directive should print would be guessed."),
        text("Write one of the values that the message names."),
        wrong=":zero: /",
        right=":zero: 零",
    ),
    Meaning(
        "unknown-report",
        text("A page asks for a report for which there is no year file."),
        text("The page would be published without its tables."),
        text("Look at govreport-year and govreport-agency at the top of the page; the message names the reports there are."),
        wrong="govreport-year: 2031",
        right="govreport-year: 2024",
    ),
    Meaning(
        "unknown-table",
        text("A directive names a table that no form has."),
        text("Nothing can be printed in its place."),
        text("Write proactive-disclosure, requests or reviews, or the Chinese label."),
        wrong="```{gov-disclosure-table} request\n```",
        right="```{gov-disclosure-table} requests\n```",
    ),
    Meaning(
        "unknown-figure",
        text("A quotation names a figure that the form of the report does not have."),
        text("The sentence would be published without its number."),
        text("Write the whole key path; the message names the nearest."),
        wrong="{gov-figure}`requests.received.sum`",
        right="{gov-figure}`requests.received.total`",
    ),
    Meaning(
        "unknown-reference",
        text("A reference leads to a report or a table that no page of the site prints."),
        text("Readers would click on nothing."),
        text("Correct year and agency, or print the table on a page."),
        wrong="{gov:report}`宿迁市/2031`",
        right="{gov:report}`宿迁市/2024`",
    ),
    Meaning(
        "unknown-set",
        text("A comparison names no figure, or a set of figures that no form has."),
        text("There is nothing to compare."),
        text("Write key paths one in each line, or one of the sets that the message names."),
        wrong="```{gov-comparison-table} summary\n```",
        right="```{gov-comparison-table} disclosure-summary\n```",
    ),
    Meaning(
        "unlike-figures",
        text("One chart is to show figures that are counted in different units."),
        text("Their lengths could not be compared."),
        text("Write one chart for each unit."),
    ),
    Meaning(
        "not-comparable",
        text("Two years are to stand side by side whose forms count differently."),
        text("A change that is only one of the form would be read as one of the facts."),
        text("Take the option away, or choose a year of the same form."),
    ),
    Meaning(
        "no-parts",
        text("A roll-up does not say which agencies it adds up."),
        text("There is nothing to add up."),
        text("Name them in the option “parts”, or in govreport_parts."),
    ),
    Meaning(
        "bad-field",
        text("A field at the top of a page, which its meta tags need, has a value that it cannot have."),
        text("The rules for government sites prescribe how these tags are written."),
        text("Write it as the message says."),
    ),
    Meaning(
        "missing-date",
        text("The page of a report does not say when it was published."),
        text("The meta tag PubDate is prescribed for every article."),
        text("Write “govreport-published” at the top of the page."),
        wrong="govreport-year: 2024",
        right="govreport-year: 2024\ngovreport-published: 2025-01-20 09:30",
    ),
    Meaning(
        "missing-pdf",
        text("A PDF is to be offered for download, but LaTeX has not made it."),
        text("The link would lead nowhere, and is left out."),
        text("Build it before the HTML: “make latexpdf”; govreport_pdf_folder says where it is."),
    ),
    Meaning(
        "not-printed",
        text("A part of the page cannot be written in a Word document."),
        text("The document would lack it without a word."),
        text("Say the same in words, or as a picture in PNG or JPEG."),
    ),
)
