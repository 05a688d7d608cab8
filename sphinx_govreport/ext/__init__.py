"""The Sphinx extension: directives, nodes, writers and events around the core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.versions import ENV_VERSION
from . import (
    chart,
    check_table,
    config,
    dataset,
    directives,
    domain,
    downloads,
    events,
    fragments,
    included,
    latex,
    links,
    meta_tags,
    nodes,
    output,
    references,
    report_list,
    roles,
    summary,
    targets,
    transforms,
    word,
    written,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

PARTS = (
    config, output, nodes, domain, included, targets, directives, roles, references, report_list, chart, check_table, downloads,
    transforms, fragments, events, meta_tags, dataset, latex, word, links, summary, written,
)  # fmt: skip


def setup(app: Sphinx, version: str) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    for part in PARTS:
        part.setup(app)
    return {
        "version": version,
        "env_version": ENV_VERSION,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
