"""Timings, each beside how far its fits are from their optimum. See __main__.py."""
