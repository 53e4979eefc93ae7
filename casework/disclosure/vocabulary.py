"""Words of content.toml that a page says too, in the language of who reads it: the copy itself is in French."""

from casework.disclosure.content import contents

WITHHELD_LABELS: dict[str, str] = {
    words: words for content in contents() if content.withheld for words in (content.title, content.withheld)
}
