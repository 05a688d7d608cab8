"""What goes wrong around a build: killed, no space, nothing readable. The next build is right, and nothing of ours is half-written."""
