"""A living demonstration: invented people, dates relative to today, everything entered through the real use cases."""
