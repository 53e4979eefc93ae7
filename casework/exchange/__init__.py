"""Import of the tables that teams keep today."""
