"""Pure decisions about people: names, handles, where a person's traces lead."""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from fireside.lib.text import name_key, straight

NAME_LIMIT = 80
HANDLE_LIMIT = 40
HANDLE = r"[\w-]{1,40}"  # what an @mention and an address may hold; Python's \w: letters and digits of every script
RESERVED = frozenset(
    {"all", "everyone", "everybody", "here", "channel", "group", "me", "new", "tend", "所有人", "大家", "全体", "全体成员",
     "organisers", "organizers", "operators", "team", "组织者", "运营", "团队"}
)  # fmt: skip
KINDS = ("product", "company", "interest", "neighbourhood", "learning", "other")


def clean_name(name: str) -> str:
    """A name as it is kept: one line, NFC, without marks that would turn the text around it."""
    return straight(name)


def why_not_name(name: str) -> str:
    """ "" when the cleaned name can be kept, else "empty" or "long"."""
    if len(name) > NAME_LIMIT:
        return "long"
    seen = any(unicodedata.category(sign)[0] in "LNSP" for sign in name)
    return "" if seen else "empty"


def search_key(name: str) -> str:
    """Under which a name is found by its beginning, whatever the case, the width of its letters, and the spaces in it."""
    return name_key(name)[:NAME_LIMIT]


def handle_base(name: str) -> str:
    """What a handle is made of: the name's letters and digits of any script, lower case, white space as "-"."""
    words = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(sign if sign.isalnum() or sign in "-_" else "-" if sign.isspace() or sign == "." else "" for sign in words)
    return re.sub("-{2,}", "-", kept).strip("-_")[: HANDLE_LIMIT - 8].strip("-_") or "member"


def why_not_handle(handle: str) -> str:
    """ "" when somebody may choose this handle, else "shape" or "reserved"."""
    if handle in RESERVED:
        return "reserved"
    fits = re.fullmatch(HANDLE, handle) and handle == unicodedata.normalize("NFKC", handle).casefold() and any(s.isalnum() for s in handle)
    return "" if fits else "shape"


def handle_candidates(name: str, salt: str) -> list[str]:
    """Handles to try in this order: the plain one, small numbers, then ones that no two people share in practice."""
    base = handle_base(name)
    plain = [] if base in RESERVED else [base]
    return [*plain, *(f"{base}-{n}" for n in range(2, 10)), *_own_handles(base, salt)]


def few_handles(name: str, salt: str) -> list[str]:
    """As `handle_candidates` without the small numbers: for thousands at once."""
    base = handle_base(name)
    return [f"{base}-2" if base in RESERVED else base, *_own_handles(base, salt)]


def _own_handles(base: str, salt: str) -> list[str]:
    digest = base64.b32encode(hashlib.sha256(salt.encode()).digest()[:10]).decode().lower()
    return [f"{base}-{digest[:5]}", f"{base[:24]}-{digest[:12]}"]


def choose_handle(candidates: Iterable[str], taken: Collection[str]) -> str:
    """The first candidate that is free. The last one is taken on trust: 60 bits of hash."""
    chosen = ""
    for chosen in candidates:
        if chosen not in taken:
            break
    return chosen


def root_of(member: int, merged_into: Mapping[int, int]) -> int:
    """The person that a trace leads to, following every open merge."""
    while member in merged_into:
        member = merged_into[member]
    return member


def outranks(theirs: str, mine: str) -> bool:
    """Whether one role stands above another: the owner above operators, these above departments, these above members."""
    steps = {"owner": 3, "operator": 2, "member": 0}
    return steps.get(theirs, 1) > steps.get(mine, 1)


def hash_of(secret: str) -> str:
    """How a secret of 256 random bits is kept: no salt and no slowness are needed, nobody can guess it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def bounce_of(code: int, words: str) -> str:
    """What a mail server's no says of the address: "hard" (5xx), "soft" (4xx), or "" where it speaks of us: 5.7.1 is a policy about senders."""
    if not 400 <= code < 600 or re.search(r"\b[45]\.7\.\d", words):
        return ""
    return "hard" if code >= 500 else "soft"
