"""What a messenger shows that is no words: the sign for it, said in no language, and the words that the source has."""

import re
from collections.abc import Mapping

from fireside.lib.text import name_key

IMAGE, VOICE, VIDEO, FILE, STICKER, LINK, PLACE = 1, 2, 3, 4, 5, 7, 8  # numbers of the ChatLab format
PACKET, TRANSFER, POKE, CALL, SHARE, REPLY, FORWARD, CONTACT, SYSTEM, RECALL, OTHER = 20, 21, 22, 23, 24, 25, 26, 27, 80, 81, 99
WHAT: dict[int, tuple[str, str, str]] = {  # sign, and the words where the source has none
    IMAGE: ("\U0001f5bc\ufe0f", "图片", "picture"), VOICE: ("\U0001f3a4", "语音", "voice"), VIDEO: ("\U0001f3ac", "视频", "video"),
    FILE: ("\U0001f4ce", "文件", "file"), STICKER: ("\U0001f609", "表情", "sticker"), LINK: ("\U0001f517", "链接", "link"),
    PLACE: ("\U0001f4cd", "位置", "place"), PACKET: ("\U0001f9e7", "红包", "red packet"), TRANSFER: ("\U0001f4b8", "转账", "transfer"),
    POKE: ("\U0001f449", "拍一拍", "poke"), CALL: ("\U0001f4de", "通话", "call"), SHARE: ("\U0001f517", "分享", "share"),
    FORWARD: ("\U0001f4e8", "聊天记录", "forwarded talk"), CONTACT: ("\U0001f464", "名片", "contact"),
    RECALL: ("\u21a9\ufe0f", "撤回了一条消息", "recalled a message"), OTHER: ("\u2753", "消息", "message"),
}  # fmt: skip
FILES = frozenset([IMAGE, VOICE, VIDEO, FILE])
_CHINESE = ("qq", "wechat", "weixin", "wecom", "dingtalk", "feishu")
_BRACKETS = {words: kind for kind, (_sign, words, _english) in WHAT.items()} | {
    "动画表情": STICKER, "语音通话": CALL, "视频通话": CALL, "QQ红包": PACKET, "卡片消息": LINK, "音乐": SHARE, "小程序": SHARE, "地理位置": PLACE,
    "转发": FORWARD, "合并转发": FORWARD, "闪照": IMAGE, "照片": IMAGE,
}  # fmt: skip
_WHOLE = re.compile(r"\[([^\[\]\n]{1,8})\]")
_RECALLED = re.compile(r"[\"“「]?(.{1,60}?)[\"”」]?\s*撤回了(?:一条)?(?:成员)?消息")


def with_sign(kind: int, said: str, platform: str) -> str:
    """What is no words says what it was."""
    if kind not in WHAT:
        return said
    sign, chinese, english = WHAT[kind]
    return f"{sign} {said.strip() or f'[{chinese if platform in _CHINESE else english}]'}"


def kind_of_words(said: str) -> int:
    """What words in brackets stand for ("[图片]"); 0 for words."""
    found = _WHOLE.fullmatch(said.strip())
    return _BRACKETS.get(found[1], 0) if found else 0


def recaller(said: str, names: Mapping[str, str]) -> str:
    """Who took a message back, of a line of the program that says so; "" when it does not, or nobody knows whom it means."""
    found = _RECALLED.match(said.strip())
    return names.get(name_key(found[1]), "") if found else ""
