"""The fast way through a plan: the rows that the use cases would leave, written many at once between two rounds."""
