"""Addresses of the web among plain words."""

import re

# ASCII only: a Chinese sentence goes on right behind an address.
ADDRESS = re.compile(r"(?<![A-Za-z0-9])(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{2,2000}")


def trim(address: str) -> str:
    """Without the punctuation of the sentence, and without a bracket that was opened outside."""
    while address and (address[-1] in ".,:;!?'*~[]" or (address[-1] == ")" and address.count(")") > address.count("("))):
        address = address[:-1]
    return address


def is_bare_address(words: str) -> bool:
    """Whether these words alone become a link to themselves."""
    return words.startswith("http") and ADDRESS.fullmatch(words) is not None and trim(words) == words
