"""PDF, spreadsheets and charts."""
