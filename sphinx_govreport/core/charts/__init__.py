"""Trend charts: figures of several years laid out as shapes, and written as SVG or TikZ."""
