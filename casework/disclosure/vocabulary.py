"""Words of content.toml that a page says too, in the language of who reads it: the copy itself is in French."""

_WORDS = (
    "Résumé pour les listes",
    "C’est une copie, pour les listes, de ce qui est écrit dans les autres parties.",
    "Adresse protégée",
    "Une adresse protégée n’est écrite sur aucun document. Elle est dite de vive voix à la personne qu’elle protège.",
    "Traces des écritures",
    "Elles répètent ce qui est écrit dans le dossier, avec ce qui l’était avant. Demandez-les à la personne chargée de la protection des données.",
)
# The words are their own codes: the file is where they are written, a test holds these to it.
WITHHELD_LABELS: dict[str, str] = {words: words for words in _WORDS}
