"""Which column of a table is what, guessed from its head in both languages and, where the head says nothing, from its cells."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

FIELDS = ("id", "name", "email", "phone", "joined", "language", "about", "bot")
_WORDS: dict[str, str] = {
    "id": "id userid memberid uid customerid externalid customerno memberno number no openid unionid 编号 用户编号 会员编号 会员号 会员id 用户id 客户编号 客户号 工号 学号 編號 會員編號 用戶編號 客戶編號 會員號 序列号 账号 帐号 用户名 username login handle",
    "name": "name fullname displayname nickname nick member customer contact realname firstandlastname 姓名 名字 名称 昵称 用户昵称 微信昵称 会员姓名 会员名称 客户姓名 客户名称 真实姓名 称呼 联系人 暱稱 會員姓名 客戶姓名 真實姓名 聯絡人 名稱",
    "email": "email emailaddress mail emails contactemail 邮箱 电子邮箱 电子邮件 邮件 邮箱地址 电邮 邮件地址 電子郵件 電子信箱 郵箱 信箱 電郵 郵件",
    "phone": "phone phonenumber mobile mobilephone cell cellphone tel telephone contactphone 手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 移动电话 手機 手機號碼 手機號 電話 電話號碼 聯絡電話 行動電話",
    "joined": "joined joinedat joindate datejoined created createdat createddate signup signupdate signedup registered registeredat registrationdate membersince since date firstorder 入会时间 入会日期 注册时间 注册日期 加入时间 加入日期 创建时间 开通时间 入群时间 首次购买时间 入职日期 日期 时间 入會時間 入會日期 註冊時間 註冊日期 加入時間 加入日期",
    "language": "language lang locale 语言 语种 語言",
    "about": "about bio description note notes remark comment 简介 备注 说明 个人简介 自我介绍 備註 簡介 說明",
    "bot": "bot isbot robot 机器人 是否机器人 機器人",
}  # fmt: skip
_BY_WORD = {word: field for field, words in _WORDS.items() for word in words.split()}
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")
_PHONE = re.compile(r"(?:\+?\d[\d\s()-]{6,17}\d)")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")


# What may end a longer head ("Work e-mail", "联系人手机号码"); more general words ("date", "名称") only count when they stand alone.
_ENDINGS = {
    field: [word for word in words.split() if word not in {
        "date", "since", "member", "customer", "contact", "日期", "时间", "名称", "名稱", "邮件", "郵件", "created",
    }]
    for field, words in _WORDS.items() if field in ("email", "phone", "joined", "name")
}  # fmt: skip
_BEFORE_NAME = {
    "full",
    "first",
    "given",
    "display",
    "real",
    "nick",
    "preferred",
    "your",
    "person",
    "member",
    "customer",
    "client",
    "contact",
    "user",
    "participant",
    "attendee",
    "subscriber",
    "student",
    "employee",
}
_NOT_BEFORE = {
    "has",
    "have",
    "is",
    "no",
    "not",
    "send",
    "sent",
    "wants",
    "want",
    "allow",
    "allows",
    "receive",
    "opt",
    "in",
    "out",
    "verified",
    "emergency",
    "via",
    "by",
}
_AFTER = {"work", "home", "main", "primary", "private", "personal", "business", "mobile", "required", "optional", "utc", "gmt"}


def key_of(head: str) -> str:
    """ "E-Mail Address (work)" -> "emailaddresswork": what of a head is compared."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", head).casefold() if sign.isalnum())


def known(head: str) -> bool:
    """Is this the head of a column that means something here?"""
    return key_of(_bare(head)) in _BY_WORD or bool(_by_ending(head))


def guess(head: Sequence[str], rows: Sequence[Sequence[str]] = (), *, has_head: bool = True) -> dict[str, int]:
    """field -> column. The exact word wins over the one at the end, the earlier column over the later; cells decide the rest."""
    found: dict[str, int] = {}
    cells = [[row[column].strip() for row in rows if column < len(row) and row[column].strip()] for column in range(len(head))]
    for column, word in enumerate(head):
        if field := _BY_WORD.get(key_of(word)) or _BY_WORD.get(key_of(_bare(word))):
            found.setdefault(field, column)
    for column, word in enumerate(head):
        field = _by_ending(word)
        if field and field not in found and column not in found.values() and _mostly(_SOUNDS[field], cells[column], 5):
            found[field] = column
    looks: dict[str, Callable[[str], object]] = {"email": _SOUNDS["email"], "joined": _DATE.match}
    if not has_head:
        looks |= {"phone": _PHONE.fullmatch, "name": _is_name}
    for field, look in looks.items():
        for column in range(len(head)):
            if field not in found and column not in found.values() and cells[column] and _mostly(look, cells[column], 8):
                found[field] = column
    return found


def _bare(head: str) -> str:
    """Without what stands in brackets, and without a number behind: 手机号（必填）, E-mail 1."""
    return re.sub(r"[\s_#-]*\d+\s*$", "", re.sub(r"[(\[【].*?[)\]】]", "", unicodedata.normalize("NFKC", head)))


def _by_ending(head: str) -> str:
    """The field that a head of several words ends in, or "". Whole words only: a phone_service is no phone, a rowname no name."""
    bare = _bare(head)
    chinese = "".join(sign for sign in bare if sign.isalpha() and not sign.isascii())
    latin = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", bare)
    words = [word.lower() for word in re.findall(r"[A-Za-z0-9]+", latin)]
    while len(words) > 1 and words[-1] in _AFTER:
        words.pop()
    for field, endings in _ENDINGS.items():
        if chinese and any(not word.isascii() and chinese.endswith(word) for word in endings):
            return field
        for at in range(len(words)):
            if "".join(words[at:]) in endings:
                before = set(words[:at])
                if not before & _NOT_BEFORE and (field != "name" or before <= _BEFORE_NAME):
                    return field
    return ""


def _is_name(cell: str) -> bool:
    return len(cell) <= 80 and cell[0].isalpha() and "@" not in cell and "://" not in cell


_SOUNDS: dict[str, Callable[[str], object]] = {
    "email": lambda cell: _EMAIL.match(cell.removeprefix("mailto:")),
    "phone": lambda cell: plain_phone(cell),
    "joined": lambda cell: any(sign.isdigit() for sign in cell),
    "name": lambda cell: any(sign.isalpha() for sign in cell),
}


def _mostly(looks: Callable[[str], object], cells: Sequence[str], tenths: int) -> bool:
    return sum(bool(looks(cell)) for cell in cells) * 10 >= len(cells) * tenths


def numbered(head: Sequence[str]) -> tuple[str, ...]:
    """Columns that are called the same, told apart: Phone, Phone (2)."""
    shown: list[str] = []
    for word in head:
        name, n = word, 1
        while name and name in shown:
            n += 1
            name = f"{word} ({n})"
        shown.append(name)
    return tuple(shown)


def is_head(row: Sequence[str]) -> bool:
    """Is the first row a head? Not if one of its cells is an address, a telephone number or a date, or if numbers stand in it beside no known word."""
    cells = [cell.strip() for cell in row]
    if any(_EMAIL.fullmatch(cell) or _PHONE.fullmatch(cell) or _DATE.match(cell) for cell in cells):
        return False
    return any(key_of(cell) in _BY_WORD for cell in cells) or not any(cell.isdecimal() for cell in cells)


def chosen(head: Sequence[str], wishes: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """What an operator maps by hand: field -> column by its head or its number (from 1). Also the wishes nobody can fulfil."""
    keys = {key_of(word): column for column, word in reversed(list(enumerate(head)))}
    found, wrong = {}, []
    for field, word in wishes.items():
        if field not in FIELDS:
            wrong.append(f"{field}={word}")
        elif not word or word == "-":
            found[field] = -1
        elif key_of(word) in keys and key_of(word):
            found[field] = keys[key_of(word)]
        elif word.isascii() and word.isdigit() and 1 <= int(word) <= len(head):
            found[field] = int(word) - 1
        else:
            wrong.append(f"{field}={word}")
    return found, wrong


def is_email(text: str) -> bool:
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None and text.isprintable()


def plain_phone(text: str) -> str:
    """Digits with a leading +, or "": 138-0013-8000 and (0)138 0013 8000 are one number."""
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isascii() and sign.isdigit())
    if not 6 <= len(digits) <= 17:
        return ""
    return ("+" if text.strip().startswith(("+", "+")) else "") + digits
