"""The rules for imported documents, each with its explanation and an example."""

from __future__ import annotations

from sphinx_govreport.core.diagnostics import Rule, Severity, explained_rule, text
from sphinx_govreport.core.examples import PUBLISHED, Example


def _changed(published: str, changed: str) -> Example:
    """Return a report that was exported as plain text, changed in one place and imported again."""
    return PUBLISHED._replace(change=("old.txt", published, changed))


REMOVED = explained_rule(
    "removed-character",
    "已去除字符",
    text("The document contains invisible characters, as editors and web pages insert them."),
    text("In a year file they would turn one name into two; so they are left out, and the text may have changed."),
    text("Check whether names and notes agree with the document."),
    _changed("宿迁市2024年政府信息公开工作年度报告", "宿迁\u200b市2024年政府信息公开工作年度报告"),
    Severity.WARNING,
)
BROKEN_CHARACTER = explained_rule(
    "broken-character",
    "字符损坏",
    text("The document contains characters that could not be decoded, as some publishing systems cut them in half."),
    text("No agency, year, label or figure is read from such a text; notes and prose keep “\ufffd” in it."),
    text("Correct the text where it was imported, as in the original document."),
    _changed("行政复议、行政诉讼情况", "行政复议、行政\ufffd讼情况"),
    Severity.WARNING,
)
REFUSED = explained_rule(
    "refused-document",
    "文档无法读取",
    text("The document has a type that cannot be read, or is damaged, locked or too large."),
    text("Nothing is imported from a document that cannot be read completely."),
    text("Save it again as DOCX, XLSX, HTML, PDF with text, CSV or plain text."),
    Example((("old.pdf", "\n"),), run="sphinx-govreport import old.pdf"),
)
SKIPPED_FILE = explained_rule(
    "skipped-file",
    "文件已跳过",
    text("A file in a folder of documents is not read."),
    text("A folder saved from a portal also contains pictures and styles; year files are already data."),
    text("Nothing. To import a document with another extension, specify it: sphinx-govreport import FILE."),
    PUBLISHED._replace(files=(("archive/logo.png", "\n"),), run="sphinx-govreport import archive old.txt -o new"),
    Severity.HINT,
)
EXISTING_FILE = explained_rule(
    "existing-file",
    "文件已存在",
    text("The file to which the year file of a document would be written already exists."),
    text("A file that somebody may have worked on is never overwritten."),
    text("List the differences with --compare, or specify another folder with -o."),
    PUBLISHED._replace(run="sphinx-govreport import ."),
)
BAD_RECORD = explained_rule(
    "bad-record",
    "记录无法识别",
    text("A line of a CSV file with one figure per line cannot be read as a figure."),
    text("The figure would be missing in the year file."),
    text("Correct the line; “sphinx-govreport export --to csv” shows how one looks."),
    Example(
        change=("old.csv", "carried-in.natural-person", "carried-im.natural-person"),
        run="sphinx-govreport import old.csv -o new.yaml",
        before="sphinx-govreport export data/2024.yaml --to csv --output old.csv",
    ),
)
UNKNOWN_AGENCY = explained_rule(
    "unknown-agency",
    "机关不明",
    text("The title of the document does not state the agency."),
    text("A year file belongs to one agency."),
    text("Specify it with --agency."),
    _changed("宿迁市2024年政府信息公开工作年度报告", "政府信息公开工作年度报告（2024年）"),
    wrong="sphinx-govreport import report.docx",
    right="sphinx-govreport import report.docx --agency 某市某局",
)
UNKNOWN_YEAR = explained_rule(
    "unknown-year",
    "年度不明",
    text("The title of the document does not state the year."),
    text("The year determines the form."),
    text("Specify it with --year."),
    _changed("宿迁市2024年政府信息公开工作年度报告", "宿迁市政府信息公开工作年度报告"),
    wrong="sphinx-govreport import report.docx",
    right="sphinx-govreport import report.docx --year 2024",
)
NO_FORM = explained_rule(
    "no-form",
    "无适用表样",
    text("No form is known for the year of the report."),
    text("With the form of another year, its figures would have another meaning, and tables would seem to be missing."),
    text("Write a form for that year and specify its file with --form FILE, or specify a known form with --form."),
    _changed("宿迁市2024年政府信息公开工作年度报告", "宿迁市2018年政府信息公开工作年度报告"),
    wrong="sphinx-govreport import 2018.html",
    right="sphinx-govreport import 2018.html --form 2018.form.yaml",
)
MISSING_TABLE = explained_rule(
    "missing-table",
    "缺少表格",
    text("One of the three tables was not found in the document."),
    text("It may be a picture, which nobody can read without guessing."),
    text("Type its figures into the year file."),
    Example(
        (("old.txt", "某局2024年政府信息公开工作年度报告\n\n规章\t1\t0\t1\n"),),
        run="sphinx-govreport import old.txt -o new.yaml",
    ),
)
MISSING_ROW = explained_rule(
    "missing-row",
    "缺少行",
    text("A row of the form is not in the document."),
    text("The row may have been cut off, or the agency left it out."),
    text("Check the document; if the row was not published, write its figures from the records."),
    _changed("\n行政强制\t29351\t\t\n", "\n"),
)
MISSING_COLUMN = explained_rule(
    "missing-column",
    "缺少列",
    text("A column of the form is not in the document."),
    text("The column may have been cut off, or the agency left it out."),
    text("Check the document; if the column was not published, write its figures from the records."),
    _changed(
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t2\t1\t12\n行政规范性文件\t50\t227\t420\n",
        "信息内容\t本年制发件数\t现行有效件数\n规章\t2\t12\n行政规范性文件\t50\t420\n",
    ),
)
UNREAD_FIGURE = explained_rule(
    "unread-figure",
    "数据无法识别",
    text("A cell contains something that is not a number."),
    text("Guessing could change a published figure."),
    text("Check the cell and type the figure into the year file."),
    _changed("行政许可\t1573179", "行政许可\t若干"),
)
UNREAD_ROW = explained_rule(
    "unread-row",
    "行无法识别",
    text("A row of a table could not be distinguished from the others."),
    text("Its figures could belong to several rows, and are not read."),
    text("Look for a merged or missing cell, and type the row into the year file."),
    _changed("\n行政强制\t29351\t\t\n", "\n行政强制\t29351\t\t\n行政奖励\t12\t\t\n"),
)
UNREAD_COLUMN = explained_rule(
    "unread-column",
    "列无法识别",
    text("A column of a table could not be distinguished from the others."),
    text("Its figures could belong to several columns, and are not read."),
    text("Check its header, and type the column into the year file."),
    _changed("现行有效件数\n规章\t2\t1\t12\n", "现行有效件数\t同比增长\n规章\t2\t1\t12\t9\n"),
)
UNREAD_TEXT = explained_rule(
    "unread-text",
    "文字列未导入",
    text("A column that the form does not have contains texts next to the figures, such as remarks."),
    text("They belong to no figure. The figures next to them are read, the texts are not."),
    text("If readers need a remark, write it as the note of the figure or under “notes” of the table."),
    _changed(
        "现行有效件数\n规章\t2\t1\t12\n行政规范性文件\t50\t227\t420\n",
        "现行有效件数\t备注\n规章\t2\t1\t12\t含修订\n行政规范性文件\t50\t227\t420\t\n",
    ),
    Severity.HINT,
)
READ_TWICE = explained_rule(
    "read-twice",
    "同项数据不一",
    text("The document states one figure twice with different values."),
    text("Neither can be preferred."),
    text("Check which one is correct and write it into the year file."),
    _changed("\n行政强制\t29351\t\t\n", "\n行政强制\t29351\t\t\n行政强制\t29315\t\t\n"),
)
LABEL = explained_rule(
    "label",
    "项目名有出入",
    text("A label differs from the official wording, but was recognised."),
    text("Check that it was recognised correctly."),
    text("Nothing, if it was recognised correctly."),
    _changed("\n行政处罚\t", "\n行政处法\t"),
    Severity.WARNING,
)
BY_POSITION = explained_rule(
    "by-position",
    "按位置识别",
    text("A row or column was recognised by its position, because its label is unknown."),
    text("If the document omits a row, the position is wrong."),
    text("Compare these figures with the document."),
    _changed("2.重复申请", "2.再次提出的"),
    Severity.WARNING,
)
READ_AS = explained_rule(
    "read-as",
    "数字写法少见",
    text("A number was written in an unusual way, but was recognised."),
    text("Check that it was read correctly."),
    text("Nothing, if it was recognised correctly."),
    _changed("行政许可\t1573179", "行政许可\t1,573,179"),
    Severity.HINT,
)
FOOTNOTE_MARK = explained_rule(
    "footnote-mark",
    "脚注标记",
    text("There is a raised, lowered or circled character next to a figure."),
    text("It refers to a footnote. Read as a digit, it would change the published figure."),
    text("Find the footnote, and write it as the note of the figure if readers need it."),
    _changed("行政许可\t1573179", "行政许可\t1573179①"),
    Severity.WARNING,
)
UNREAD_EXPLANATION = explained_rule(
    "unread-explanation",
    "说明未导入",
    text("There is an explanation under a table."),
    text("Only its author knows which check it is for."),
    text("Write it under “explanations” of the year file, with the name of the check."),
    _changed("行政事业性收费\t72701.2578\t\t\n", "行政事业性收费\t72701.2578\t\t\n说明：现行有效件数以清理结果为准。\n"),
    Severity.WARNING,
)
UNREAD_CORRECTION = explained_rule(
    "unread-correction",
    "更正未导入",
    text("There is a correction under a table."),
    text("A correction needs the figure, the date and both numbers; a sentence may have less, or several corrections."),
    text("Write it under “corrections” of the year file."),
    _changed(
        "行政事业性收费\t72701.2578\t\t\n",
        "行政事业性收费\t72701.2578\t\t\n更正：2025年3月10日，“行政事业性收费·本年收费金额”由72701更正为72701.2578（漏填小数）。\n",
    ),
    Severity.WARNING,
)
DIFFERS = explained_rule(
    "differs",
    "与公布文档不一致",
    text("The published document and the year file differ."),
    text("Published figures remain valid until they are publicly corrected."),
    text("Correct the year file, or publish a correction."),
    Example(
        change=("old.txt", "行政处罚\t2676474", "行政处罚\t2676447"),
        run="sphinx-govreport import old.txt --compare data/2024.yaml",
        before="sphinx-govreport export data/2024.yaml --to text --output old.txt",
    ),
)

#: all rules above; the documentation has them in this order
IMPORT_RULES = tuple(one for one in list(globals().values()) if isinstance(one, Rule))
