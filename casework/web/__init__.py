"""HTTP in general: forms, errors, headers, permissions; it knows no room."""
