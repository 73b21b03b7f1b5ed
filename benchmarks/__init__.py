"""Measurements, one command each (`python -m benchmarks.first_page`); each makes a home of its own and removes it."""
