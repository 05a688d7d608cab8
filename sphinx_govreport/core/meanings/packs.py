"""What packing a site, and verifying a pack, may find."""

from __future__ import annotations

from sphinx_govreport.core.diagnostics import text

from .meaning import Meaning

MEANINGS = (
    Meaning(
        "taken-name",
        text("The site has a file of a name that the pack uses itself."),
        text("One of the two would be lost."),
        text("Call the site's file another."),
    ),
    Meaning(
        "unbuilt-file",
        text("The folder has a file that does not belong to the site as it was built last."),
        text("It may be the page of a report that was withdrawn, or a file that nobody approved."),
        text("Build into an empty folder. What else is to be published with the site belongs into html_extra_path."),
    ),
    Meaning(
        "not-a-file",
        text("In the folder stands a link or a device."),
        text("What it leads to could change after it was approved."),
        text("Put the file itself in its place."),
    ),
    Meaning(
        "unsafe-name",
        text("The name of a file would not be the same file on every system, or leads out of the folder."),
        text("Unpacked, it could overwrite something else."),
        text("Rename it; do not unpack a pack that is said to have one."),
    ),
    Meaning(
        "bad-archive",
        text("The file is no archive, damaged, or not as packs are made."),
        text("It is not what was approved."),
        text("Do not publish it; fetch the pack again."),
    ),
    Meaning(
        "bad-manifest",
        text("The manifest of the pack cannot be read."),
        text("Without it nobody knows what was approved."),
        text("Do not publish it; fetch the pack again."),
    ),
    Meaning(
        "bad-checks",
        text("The pack does not say how the checks of the site went, or they found errors."),
        text("What is published should have been checked."),
        text("Build the site again, correct what is reported, and pack it anew."),
    ),
    Meaning(
        "changed-file",
        text("A file is not the one that was packed."),
        text("Somebody, or a fault, has changed what was approved."),
        text("Do not publish it; find out what has changed."),
    ),
    Meaning(
        "missing-file",
        text("A file that was packed is not there."),
        text("A part of what was approved is missing."),
        text("Do not publish it; fetch the pack again."),
    ),
    Meaning(
        "added-file",
        text("A file is there that was not packed."),
        text("It was approved by nobody."),
        text("Do not publish it; find out where it comes from."),
    ),
)
