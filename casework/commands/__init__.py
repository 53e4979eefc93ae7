"""Commands of the whole application: serving, the database."""
