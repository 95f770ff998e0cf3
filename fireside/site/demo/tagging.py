"""What a topic of the sample is about: tags in both languages, by the name of its scene."""

TAGS: dict[str, dict[str, str]] = {
    "bench": {
        "刀盘 Burrs": "worn uneven zero stuck worn-burr zero-moved stuck-burr",
        "手柄 Handle": "handle-loose hex drill stripped-screw motor-drill",
        "轴承 Bearing": "squeak wobble grease-when bearings-grease shaft-wobble",
        "木头 Wood": "knob-crack wood-knob-crack",
        "清洁 Cleaning": "washed smell static mould wash-mistake",
        "配件 Parts": "parts lid old-mill parts-number lid-loose loan-tools",
    },
    "burrs": {
        "起步 Starting": "start no-scale where-to-start scale-needed",
        "刻度 Settings": "numbers between two-brews speed click-count between-clicks mixed-brew grind-speed altitude travel-altitude",
        "细粉 Fines": "fines seasoning",
        "意式 Espresso": "espresso espresso-possible",
    },
    "brew": {
        "味道 Taste": "sour bitter water",
        "手法 Pouring": "bloom slow ratio first-pour slow-drip two-cups",
        "器具 Gear": "kettle moka press french-press",
        "冷饮 Cold": "cold iced cold-brew",
    },
    "beans": {
        "保存 Storage": "storage date oily roast-date",
        "处理法 Process": "winey sour-natural yunnan blend",
        "入门 Starting": "first first-bag",
    },
    "orders": {
        "送礼 Gifts": "gift ten parents",
        "刻字 Engraving": "engraving",
        "发货 Shipping": "shipping address address-change wrong wrong-item",
        "保修 Guarantee": "warranty return spares spare-stock",
    },
    "wood": {
        "上油 Oil": "oil sticky finish-sticky",
        "车削 Turning": "no-lathe offcuts turning cup-from-offcut",
        "木料 Wood": "which which-wood",
    },
}
_OF = {(space, scene): tag for space, tags in TAGS.items() for tag, scenes in tags.items() for scene in scenes.split()}


def tags_of(space: str, scene: str) -> list[str]:
    """The tags of a topic of this scene; most have one, some none."""
    tag = _OF.get((space, scene))
    return [tag] if tag else []
