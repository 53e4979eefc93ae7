"""The daily screens composed from several rooms: my day, the caseload, the case, its timeline."""
