"""What checks of the page that a report is printed on may find."""

from __future__ import annotations

from sphinx_govreport.core.diagnostics import text

from .meaning import Meaning

MEANINGS = (
    Meaning(
        "section-missing",
        text("The page has some of the six statutory sections, but not all."),
        text("The notice prescribes all six, also where there is little to say."),
        text("Write the heading to the letter."),
        wrong="## 第六部分",
        right="## 六、其他需要报告的事项",
    ),
    Meaning(
        "section-order",
        text("The sections do not stand in statutory order."),
        text("Readers and assessors look for a section in its place."),
        text("Put them in order."),
    ),
    Meaning(
        "section-empty",
        text("A section has a heading and nothing below it."),
        text("An empty section looks forgotten."),
        text("Write what there is to report, or that there is nothing."),
        wrong="## 一、总体情况",
        right="## 一、总体情况\n\n2024年，我局认真贯彻落实《政府信息公开条例》。",
    ),
    Meaning(
        "problems-empty",
        text("Section 五 says next to nothing."),
        text("The section is there to name problems and improvements; 无 is taken for a report that nobody thought about."),
        text("Name one problem of the year and what is done about it."),
        wrong="无。",
        right="公开内容的更新还不够及时，下一步将每月检查一次。",
    ),
    Meaning(
        "fee-statement",
        text("Section 六 does not mention 信息处理费."),
        text("The notice asks every agency to say in section 六 what it charged, also if it was nothing."),
        text("Write how much was charged, or that nothing was."),
        wrong="没有其他需要报告的事项。",
        right="2024年没有收取信息处理费。",
    ),
    Meaning(
        "prose-figure",
        text("A number in a sentence is not the one in the table."),
        text("The same report would state two figures for one thing."),
        text("Correct the sentence, or quote the figure with the role gov-figure, so that it cannot differ."),
        wrong="本年新收政府信息公开申请5件",
        right="本年新收政府信息公开申请4件",
    ),
    Meaning(
        "prose-share",
        text("A percentage in a sentence is not the share of the table's figures."),
        text("Readers compute it again."),
        text("Correct it, or quote it with the role gov-share."),
        wrong="予以公开4件，占90%",
        right="予以公开4件，占100%",
    ),
    Meaning(
        "prose-year",
        text("A sentence begins with a year that is not the report's, or gives a figure of it."),
        text(
            "Often it was left over from last year's text. Comparisons (与…年相比), 结转, 决算, plans and titles are let alone."
        ),
        text("Correct it. If it is meant, put “govreport-ignore: prose-year” as a comment before the paragraph."),
        wrong="2022年，我局认真贯彻",
        right="2024年，我局认真贯彻",
    ),
    Meaning(
        "fee-procedure",
        text("The text denies fees, but the table counts requests closed because a fee was not paid."),
        text("Such a request can only be closed after a fee notice was sent."),
        text("Look whether fee notices were sent, and correct the text or row 三（六）2."),
    ),
    Meaning(
        "likeness",
        text("More than half of the text stands in last year's report, too."),
        text("Assessments take off points for a copied report."),
        text("Write what happened this year."),
    ),
    Meaning(
        "deadline",
        text("The page was published after 31 March of the next year, or its day cannot be read."),
        text("《政府信息公开条例》第四十九条 sets the day."),
        text("Correct govreport-published at the top of the page if it is wrong."),
        wrong="govreport-published: 2025-04-20",
        right="govreport-published: 2025-01-20",
    ),
)
