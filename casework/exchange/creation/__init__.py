"""The third step of an import: what the check found sound goes in, in one transaction."""
