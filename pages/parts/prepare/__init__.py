"""The pieces of the Prepare page: the draft of a recipe, its steps, and the images before and after."""
