"""The pieces of the Data page: ways in, choice of labels, import under way, review, accepted data set."""
