"""What checks of the figures may find."""

from __future__ import annotations

from sphinx_govreport.core.diagnostics import text

from .meaning import Meaning

MEANINGS = (
    Meaning(
        "future-year",
        text("The report is for a year that is not over."),
        text("Often the year was mistyped. If it was not, the figures of the year cannot be complete."),
        text("Correct the year. An agency that is dissolved before the end of the year says so under “explanations”."),
        wrong="year: 2042",
        right="year: 2024",
    ),
    Meaning(
        "row-total",
        text("In a row of table 三, the figures of all applicants do not add up to the stated total."),
        text("总计 is by definition the sum of the columns before it; a reader can see that it is not."),
        text("Correct the figure that is wrong, or leave the total out: then it is computed."),
        wrong="    granted: [3, 1, 0, 0, 0, 0, 5]",
        right="    granted: [3, 1, 0, 0, 0, 0, 4]",
    ),
    Meaning(
        "column-total",
        text("In a column of table 三, the results do not add up to the stated （七）总计."),
        text("（七）总计 is by definition the sum of the results above it."),
        text("Correct the figure that is wrong, or leave the total out: then it is computed."),
        wrong="    other: 0\n    total: [4, 1, 0, 0, 0, 0]",
        right="    other: 0",
    ),
    Meaning(
        "balance",
        text("In a column of table 三, 一 and 二 together are not 三（七） and 四 together."),
        text("The notice prints this equation in the head of the table: every request is either handled or carried over."),
        text("Look for a request that was counted twice or not at all."),
        wrong="  received: [4, 1, 0, 0, 0, 0]",
        right="  received: [3, 1, 0, 0, 0, 0]",
    ),
    Meaning(
        "reviews-total",
        text("In table 四, the outcomes of reviews do not add up to the stated total."),
        text("总计 is by definition the sum of the four outcomes before it."),
        text("Correct the figure that is wrong, or leave the total out: then it is computed."),
        wrong="reviews:\n  reconsideration: [1, 0, 0, 0, 2]\n  litigation: 0",
        right="reviews:\n  reconsideration: [1, 0, 0, 0, 1]\n  litigation: 0",
    ),
    Meaning(
        "not-filled",
        text("A figure is left empty."),
        text("Empty is not 0: readers cannot tell whether there was nothing or nobody counted."),
        text("Write 0 if there was nothing. If the cell is meant to be empty, say why under “explanations”."),
        wrong="  carried-out: ['', 0, 0, 0, 0, 0]",
        right="  carried-out: [0, 0, 0, 0, 0, 0]",
    ),
    Meaning(
        "not-applicable",
        text("A figure is written as “/”."),
        text("The forms ask for numbers; “/” means that the agency has no such power, which readers want explained."),
        text("Write 0 if the agency has the power but there was no case. Otherwise say why under “explanations”."),
        wrong="  carried-out: [/, 0, 0, 0, 0, 0]",
        right="  carried-out: [0, 0, 0, 0, 0, 0]",
    ),
    Meaning(
        "carried-over",
        text("What last year's report carried over is not what this year's carried in."),
        text("Both are the same requests, counted on the same night."),
        text("Correct this year's figure. If last year's report was wrong, say so under “explanations”."),
        wrong="  carried-in: [1, 0, 0, 0, 0, 0]",
        right="  carried-in: 0",
    ),
    Meaning(
        "in-force",
        text("Documents in force last year, plus issued, less repealed, are not those in force this year."),
        text("A document comes into force or goes out of it only in these two ways."),
        text("Correct the figure that is wrong. After a revision of the records, say so under “explanations”."),
        wrong=(
            "proactive-disclosure:\n"
            "  rules: {issued: 1, repealed: 0, in-force: 0}\n"
            "  normative-documents: 0\n"
            "  licensing: 0\n"
            "  penalties: 0\n"
            "  coercive-measures: 0\n"
            "  fees: 0"
        ),
        right=(
            "proactive-disclosure:\n"
            "  rules: {issued: 1, repealed: 0, in-force: 1}\n"
            "  normative-documents: 0\n"
            "  licensing: 0\n"
            "  penalties: 0\n"
            "  coercive-measures: 0\n"
            "  fees: 0"
        ),
    ),
    Meaning(
        "previous-items",
        text("Last year's number of items and its change do not make up the number with which this year begins (form 2019)."),
        text("Where one report ends, the next begins."),
        text("Correct the figure that is wrong, or say under “explanations” why the items were counted anew."),
        wrong="  licensing: {previous: 12, change: 0, decisions: 30}",
        right="  licensing: {previous: 10, change: 0, decisions: 30}",
    ),
    Meaning(
        "total-disclosed",
        text("The total disclosed is more than last year's total and this year's newly disclosed together (form 2019)."),
        text("Nothing can have been disclosed in no year."),
        text("Look whether documents of earlier years were counted for the first time, and say so under “explanations”."),
        wrong="  rules: {made: 1, disclosed: 1, total: 9}",
        right="  rules: {made: 1, disclosed: 1, total: 6}",
    ),
    Meaning(
        "amount-unit",
        text("An amount is about 10,000 times last year's, or about a ten-thousandth of it (between 2,000 and 50,000 times)."),
        text("元 was probably written for 万元, or 万元 for 元: one 万元 is 10,000 元."),
        text("Look at the unit that the table prescribes. If the amount is right, say under “explanations” what has changed."),
        wrong="  fees: {amount: 727012578}",
        right="  fees: {amount: 72701.2578}",
    ),
    Meaning(
        "jump",
        text("A figure is at least five times last year's, or at most a fifth of it, and the difference is 10 or more."),
        text("Often a digit was typed twice or left out; sometimes it is the truth. Smaller differences are never reported."),
        text("Look at the digits. If the figure is right, say under “explanations” what has changed."),
        wrong="  received: [33, 1, 0, 0, 0, 0]",
        right="  received: [3, 1, 0, 0, 0, 0]",
    ),
    Meaning(
        "parts",
        text("A stated figure is not the sum of the agencies below."),
        text("The report of a government is made up of those of its departments."),
        text("Look which department's report came late or was corrected; “sphinx-govreport rollup” prints the sum."),
    ),
    Meaning(
        "unknown-rule",
        text("An explanation names a check that does not exist."),
        text("It would be printed nowhere."),
        text("Write the name as the finding prints it in brackets."),
        wrong="reviews: 0\nexplanations: {carryover: 上年统计有误。}",
        right="reviews: 0",
    ),
    Meaning(
        "not-explainable",
        text("An explanation is given for an error that has none."),
        text("A sum that does not add up is wrong whatever the reason; the public can add it up."),
        text("Correct the figures and delete the explanation."),
        wrong="reviews: 0\nexplanations: {balance: 统计口径不同。}",
        right="reviews: 0",
    ),
    Meaning(
        "unused-explanation",
        text("An explanation is given, but its check finds nothing."),
        text("It would be printed under a table that needs none, or it was left over from last year."),
        text("Delete it."),
        wrong="reviews: 0\nexplanations: {not-filled: 未统计。}",
        right="reviews: 0",
    ),
)
