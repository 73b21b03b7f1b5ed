"""The pieces of the Data page: ways in, the import under way, the review, the accepted data set."""
