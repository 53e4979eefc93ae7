"""What the logs say of one household: who changed what, and who opened the file."""
