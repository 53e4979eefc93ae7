"""The speed of the application beside the bare floor: `make bench`."""
