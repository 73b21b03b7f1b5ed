"""The pieces of the Predict page: which image to ask about, and the answer."""
