"""The pieces of the Data page: ways in, the choice of labels, the import under way, the review, the accepted data set."""
