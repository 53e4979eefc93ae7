"""What only the team of a household reads: the secret address, sensitive notes, and how others come to read them."""
