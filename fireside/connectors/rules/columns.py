"""Which column of a table is what, guessed from its head in both languages and, where the head says nothing, from its cells."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

FIELDS = ("id", "name", "email", "phone", "joined", "language", "about", "bot")
_WORDS: dict[str, str] = {
    "id": "id userid memberid uid customerid externalid customerno memberno number no openid unionid 编号 用户编号 会员编号 会员号 会员id 用户id 客户编号 客户号 工号 学号 序列号 账号 帐号 用户名 username login handle",
    "name": "name fullname displayname nickname nick member customer contact realname firstandlastname 姓名 名字 名称 昵称 用户昵称 微信昵称 会员姓名 会员名称 客户姓名 客户名称 真实姓名 称呼 联系人",
    "email": "email emailaddress mail emails contactemail 邮箱 电子邮箱 电子邮件 邮件 邮箱地址 电邮 邮件地址",
    "phone": "phone phonenumber mobile mobilephone cell cellphone tel telephone contactphone 手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 移动电话",
    "joined": "joined joinedat joindate datejoined created createdat createddate signup signupdate signedup registered registeredat registrationdate membersince since date firstorder 入会时间 入会日期 注册时间 注册日期 加入时间 加入日期 创建时间 开通时间 入群时间 首次购买时间 入职日期 日期 时间",
    "language": "language lang locale 语言 语种",
    "about": "about bio description note notes remark comment 简介 备注 说明 个人简介 自我介绍",
    "bot": "bot isbot robot 机器人 是否机器人",
}  # fmt: skip
_BY_WORD = {word: field for field, words in _WORDS.items() for word in words.split()}
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")
_PHONE = re.compile(r"(?:\+?\d[\d\s()-]{6,17}\d)")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")


def key_of(head: str) -> str:
    """ "E-Mail Address (work)" -> "emailaddresswork": what of a head is compared."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", head).casefold() if sign.isalnum())


def guess(head: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, int]:
    """field -> column. The exact word wins over the contained one, the earlier column over the later; cells decide the rest."""
    found: dict[str, int] = {}
    keys = [key_of(word) for word in head]
    for column, key in enumerate(keys):
        if field := _BY_WORD.get(key):
            found.setdefault(field, column)
    for column, key in enumerate(keys):
        if column not in found.values():
            for field in ("email", "phone", "joined", "name"):
                if field not in found and any(
                    (len(word) > 3 and word in key) or (not word.isascii() and word in key) for word in _WORDS[field].split()
                ):
                    found[field] = column
                    break
    for column in range(len(head)):
        if column in found.values():
            continue
        cells = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
        for field, looks in (("email", _EMAIL), ("joined", _DATE)):
            if cells and field not in found and sum(looks.match(cell) is not None for cell in cells) * 10 >= len(cells) * 8:
                found[field] = column
                break
    return found


def is_head(row: Sequence[str]) -> bool:
    """Is the first row a head? Not if one of its cells is an address, a telephone number or a date."""
    return not any(_EMAIL.fullmatch(cell.strip()) or _PHONE.fullmatch(cell.strip()) or _DATE.match(cell.strip()) for cell in row)


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
