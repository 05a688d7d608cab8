"""Faults during a build: killed, no space, unreadable files. The next build is correct, and none of our files is partial."""
