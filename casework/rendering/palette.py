"""The colours of paper and spreadsheets: those of the screen that survive a grey printer."""

INK = "#1d2733"
MUTED = "#55606e"
PRIMARY = "#1f5f6b"
PRIMARY_GROUND = "#e5f0f1"
LINE = "#e2ded3"
SUNKEN = "#f3f1ea"

# Told apart by lightness first.
SERIES = ("#16505b", "#b86a00", "#7d8fc9", "#a9b4a2")
