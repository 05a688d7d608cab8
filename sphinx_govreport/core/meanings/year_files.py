"""What reading a year file or a form may find."""

from __future__ import annotations

from sphinx_govreport.core.diagnostics import text

from .meaning import Meaning

MEANINGS = (
    Meaning(
        "unreadable-file",
        text("The file is named, but the system does not let it be read."),
        text("A report that cannot be read is not on the site."),
        text("Look at the path, at the permissions, and whether another program holds the file."),
    ),
    Meaning(
        "no-files",
        text("A folder or pattern that should hold year files holds none."),
        text("A site without data would be published with empty pages."),
        text("Write paths from the folder of conf.py; year files end in .yaml or .yml."),
        wrong='govreport_data = ["date"]',
        right='govreport_data = ["data"]',
    ),
    Meaning(
        "duplicate-report",
        text("Two files hold the report of the same agency for the same year."),
        text("Only the first is used, and nobody could tell which one is right."),
        text("Delete one of the two, or correct agency and year in it."),
    ),
    Meaning(
        "alike-agencies",
        text("Two reports name agencies that differ only in spaces, brackets, width or how a character is encoded."),
        text("Readers cannot tell them apart; if it is one agency, its years are not compared with each other."),
        text("Write the name of an agency the same way in all its files."),
    ),
    Meaning(
        "invisible-character",
        text(
            "A text has a character that readers do not see: one of no width, one that turns the direction of writing, one "
            "that strikes through what stands before it, one that each font shows as it likes."
        ),
        text("Such a character makes 5253 of 3525 on the page, or two names of one. A year file that has one is not used."),
        text("Delete it, or type the text anew; the message shows it as an escape such as \\u202e."),
        wrong='agency: "某市某局\\u202e"',
        right="agency: 某市某局",
    ),
    Meaning(
        "outside-folder",
        text("Among the data is a link that leads out of its folder."),
        text("Whoever may add data could make messages quote any file of the machine."),
        text("Put the file itself in the place of the link, or name it in govreport_data."),
    ),
    Meaning(
        "encoding",
        text("The file is not in UTF-8, but for example in GBK."),
        text("Read by the wrong encoding, names and notes would turn into other characters."),
        text("Save the file again and choose UTF-8 as its encoding."),
    ),
    Meaning(
        "too-large",
        text("The file is larger, or nested deeper, than any year file."),
        text("A real report has a few kilobytes; this is another file, or one meant to exhaust the machine."),
        text("Take the file out of the data folder."),
    ),
    Meaning(
        "empty-file",
        text("There is nothing in the file."),
        text("An empty file says nothing, not even that all figures are 0."),
        text("Fill it in, or delete it."),
    ),
    Meaning(
        "yaml-syntax",
        text("A line is written in a way that YAML does not understand."),
        text("Nothing behind such a place can be read for certain."),
        text("After a key write a half-width colon and a space; indent with spaces; close every bracket, half-width."),
        wrong="year：2024",
        right="year: 2024",
    ),
    Meaning(
        "duplicate-key",
        text("The same key stands twice in one place."),
        text("YAML would take the last one and drop the other without a word."),
        text("Keep the right one and delete the other."),
        wrong="year: 2024\nyear: 2023",
        right="year: 2024",
    ),
    Meaning(
        "missing-key",
        text("The file lacks the agency, the year or the form."),
        text("Without them nobody knows whose report it is and what its figures count."),
        text("Write the key at the top of the file."),
        wrong="agency:",
        right="agency: 某市某局",
    ),
    Meaning(
        "unknown-key",
        text("A key is not one of the form's, and not one that a year file has."),
        text("A figure under a misspelt key would be lost."),
        text("Write the key as the form has it; the message names the nearest. The Chinese label does as well."),
        wrong="  carry-in: 0",
        right="  carried-in: 0",
    ),
    Meaning(
        "unknown-form",
        text("The named form is neither statutory nor one of the site's own."),
        text("The form says which tables, rows and columns the figures belong to."),
        text(
            "Write 2021 for reports since 2021, 2019 for those of 2019 and 2020; name a local form's file in govreport_forms."
        ),
        wrong="form: 2020",
        right="form: 2021",
    ),
    Meaning(
        "bad-value",
        text("Something else stands here than belongs here: a list for a text, one number for a table, a year that is none."),
        text("To guess what was meant would be to change a statutory figure."),
        text("Write what the hint asks for. Only 0 may stand for all figures of a branch."),
        wrong="reviews: 5",
        right="reviews: 0",
    ),
    Meaning(
        "bad-number",
        text("What stands here is not a number as reports print it."),
        text("YAML would read 012 as 10, 1:30 as 90 and 1_000 as 1000 without a word."),
        text("Write half-width digits without separators or leading zeros, such as 0, 12 or 72701.2578."),
        wrong="  received: [3, 01, 0, 0, 0, 0]",
        right="  received: [3, 1, 0, 0, 0, 0]",
    ),
    Meaning(
        "bad-unit",
        text("The unit is not one that the form allows for this figure."),
        text("An amount in another unit is another amount."),
        text("Write one of the units that the message names, and convert the number."),
        wrong=(
            "proactive-disclosure:\n"
            "  rules: 0\n"
            "  normative-documents: 0\n"
            "  licensing: 0\n"
            "  penalties: 0\n"
            "  coercive-measures: 0\n"
            "  fees: {amount: {value: 1, unit: 亿元}}"
        ),
        right="proactive-disclosure: 0",
    ),
    Meaning(
        "missing-unit",
        text("The form leaves the unit open, and the amount has none."),
        text("2019's form prints yuan and ten thousand yuan alike: without the unit nobody knows which."),
        text("Write the number together with its unit."),
        wrong="    amount: 22",
        right="    amount: {value: 22, unit: 万元}",
    ),
    Meaning(
        "missing-figure",
        text("A figure or a whole table of the form is not in the file."),
        text("A figure that is left out is not 0; the report would be printed with a hole."),
        text("Write every figure, also 0. One 0 may stand for a branch or a table that is 0 throughout."),
        wrong="  carried-out:",
        right="  carried-out: 0",
    ),
    Meaning(
        "row-length",
        text("A list has more or fewer figures than the row has columns."),
        text("From the missing one on, every figure would stand in its neighbour's column."),
        text("Write the figures in statutory order, with or without the total at the end."),
        wrong="  received: [3, 1, 0, 0, 0]",
        right="  received: [3, 1, 0, 0, 0, 0]",
    ),
    Meaning(
        "bad-form",
        text("A local form says something that a form cannot say."),
        text("Every table by this form would be printed wrong."),
        text("Look at the line that is named; begin with “extends” and the statutory form that yours adds to."),
        wrong="form: local\nextends: 2022",
        right="form: local\nextends: 2021",
    ),
)
