"""The issue forms are accepted by the platform: it ignores a broken one without a message."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / ".github/ISSUE_TEMPLATE"
TEMPLATES = sorted(path.name for path in FOLDER.glob("*.yml") if path.name != "config.yml")
_KINDS = {"input", "textarea", "dropdown", "checkboxes", "markdown"}


def test_there_are_forms() -> None:
    assert len(TEMPLATES) >= 3


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_form_for_issues_is_one(name: str) -> None:
    form = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    assert form.keys() <= {"name", "description", "title", "labels", "assignees", "body"}
    assert all(isinstance(form[key], str) and form[key] for key in ("name", "description"))
    assert {field["type"] for field in form["body"]} <= _KINDS
    idents = [field["id"] for field in form["body"]]
    assert len(set(idents)) == len(idents)
    for field in form["body"]:
        assert field.keys() <= {"type", "id", "attributes", "validations"}
        assert field["attributes"]["label"]
        assert " · " in field["attributes"]["label"], "in both languages"
