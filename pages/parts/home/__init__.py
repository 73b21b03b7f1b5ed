"""The piece of the Home page that says what to do next."""
