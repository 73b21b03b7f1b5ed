"""The pieces of the Train page: the form of a new run, its plan, the run under way, and how it ended."""
