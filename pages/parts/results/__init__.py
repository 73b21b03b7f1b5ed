"""The pieces of the Results page: the report, the curves, and the images that were wrong."""
