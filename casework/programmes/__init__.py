"""Programme definitions as data: catalogue, versions, national parameters."""
