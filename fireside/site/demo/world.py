"""The place: a made-up maker of hand mills, its spaces and the people who look after them."""

from dataclasses import dataclass

NAME = "手磨社 The Hand-mill Circle"
PURPOSE = (
    "用手磨咖啡的人在这里互相帮忙：修磨、调刻度、冲好一杯、认识同好。\n\n"
    "Where people who grind by hand help one another: mending mills, finding the setting, making a good cup, meeting up."
)
ZONE = "Asia/Shanghai"
ZONE_OF = {"zh": "Asia/Shanghai", "en": "Europe/London"}
LANGUAGE_OF = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Place:
    """A space of the sample. `share` is its part of all topics, `zh` the part of them in Chinese."""

    key: str
    name: str
    openness: str
    icon: str
    share: float
    zh: float
    about: str
    slug: str
    parent: str = ""
    opens_on: int = 0  # day of the half year
    silence: float = 0.06  # part of its questions that nobody answers
    pace: float = 1.0  # how much longer than elsewhere the first answer takes
    staff: float = 0.03  # part of first answers given by a department
    cools_from: int = 999  # day from which fewer and fewer come
    group: bool = False  # people chat there


PLACES = (
    Place("front", "围炉厅 Front room", "public", "flame", 0.10, 0.6,
          "进门先坐。报到、闲聊、问路都在这里。\n\nSit down first. Say hello, chat, ask the way.", "front-room"),
    Place("mills", "磨具 The mills", "public", "package", 0.11, 0.6,
          "一号磨、二号磨，买哪台，怎么用，带去哪。\n\nNo. 1 and No. 2: which to get, how to live with it, where it has been.", "mills"),
    Place("bench", "修理台 Repair bench", "public", "wrench", 0.21, 0.58,
          "有异响、卡住、磨不匀，来这里问。说清楚哪一款、用了多久、听到什么。\n\n"
          "Something rattles, sticks or grinds unevenly? Ask here. Say which mill, how old, and what you hear.",
          "repair-bench", "mills", silence=0.04, pace=0.7, staff=0.06),
    Place("burrs", "刀盘与刻度 Burrs and settings", "open", "coffee", 0.14, 0.6,
          "刻度接龙、细粉、磨损。发数字请带上型号和零点。\n\nSettings, fines, wear. With a number always give the model and your zero.",
          "burrs", "mills"),
    Place("wood", "木头与手柄 Wood and handles", "open", "hammer", 0.07, 0.6,
          "车柄球、上油、换木头。\n\nTurning knobs, oiling, swapping the wood.", "wood", "mills", silence=0.14, pace=1.6, cools_from=88),
    Place("brew", "冲煮 Brewing", "open", "droplets", 0.14, 0.62,
          "酸了、苦了、堵了，还有今天这一杯。\n\nSour, bitter, blocked; and what is in the cup today.", "brewing"),
    Place("beans", "豆子 Beans", "open", "sprout", 0.08, 0.62,
          "写味道，不写店名。\n\nWhat it tastes like, not where to buy it.", "beans", "brew", silence=0.09),
    Place("orders", "下单与送礼 Orders and gifts", "public", "gift", 0.08, 0.6,
          "订单、保修、刻字、送人。同事工作日都在。订单号只写尾号四位。\n\n"
          "Orders, guarantee, engraving, presents. Staff are here on working days. Only the last four digits, please.",
          "orders", staff=0.55, silence=0.02, pace=1.4),
    Place("hangzhou", "杭州分社", "open", "map-pin", 0.03, 1.0, "带上磨和杯子，每月见一次。", "hangzhou", opens_on=18, group=True),
    Place("leeds", "Leeds chapter", "open", "map-pin", 0.025, 0.0, "Bring a mill and a cup, once a month.", "leeds", opens_on=31, silence=0.08),
    Place("trial", "小磨试用组 Small mill trial", "private", "flask-conical", 0.025, 0.55,
          "还没上市的小磨，二十个人先用。看到的别往外说。\n\nThe small mill before it is sold, in twenty pairs of hands.",
          "small-mill-trial", opens_on=62, staff=0.3, silence=0.02),
    Place("hosts", "组织者房间 Hosts’ room", "hidden", "lock", 0.02, 0.55,
          "谁在等，谁需要一句话。\n\nWho waits, who needs a word.", "hosts", "front", silence=0.0, pace=1.2),
)  # fmt: skip
BY_KEY = {place.key: place for place in PLACES}


@dataclass(frozen=True)
class Named:
    """Somebody with a part to play from the first day."""

    key: str
    name: str
    handle: str
    language: str
    part: str  # a role, "bot", or "host"
    about: str
    minds: tuple[str, ...] = ()  # spaces they organise
    answers: float = 0.0  # how often they answer, beside an ordinary member's 1


OWNER = Named("owner", "安然 Ann", "ann", "zh", "owner", "社里的主人。找我什么都行。", ("front", "mills"), 14)
CAST = (
    OWNER,
    Named("dan", "丹 Dan", "dan", "zh", "operator", "运营。每天早上九点先看谁在等。", ("brew", "burrs"), 22),
    Named("mira", "Mira", "mira", "en", "product", "Product. I read every topic at the bench.", ("trial",), 12),
    Named("ruomu", "若木", "ruomu", "zh", "product", "产品组。小磨是我画的。", ("trial",), 12),
    Named("joan", "桥安", "qiaoan", "zh", "marketing", "市场。聚会的照片都归我。", (), 4),
    Named("felix", "Felix Ottaway", "felix", "en", "sales", "Sales. Offices, presents, ten at a time.", (), 4),
    Named("ning", "阿宁", "ning", "zh", "support", "客服。订单只要尾号四位。", ("orders",), 16),
    Named("nell", "Nell Haworth", "nell", "en", "support", "Support for everybody west of noon.", ("orders",), 14),
    Named("ke", "老柯师傅", "laoke", "zh", "host", "修磨十一年。你先别急。", ("bench",), 130),
    Named("tobi", "Tobi", "tobi", "en", "host", "Forty handles and counting.", ("bench",), 120),
    Named("nanzhi", "南枝", "nanzhi", "zh", "host", "刻度本子写到第三本。", ("burrs",), 80),
    Named("kofi", "Kofi", "kofi", "en", "host", "Measures things. Then measures them again.", ("burrs",), 70),
    Named("maizi", "麦子", "maizi", "zh", "host", "一天三杯，两杯送人。", ("brew", "beans"), 75),
    Named("lotte", "Lotte", "lotte", "en", "host", "Pours slowly. Leeds.", ("beans", "leeds", "brew"), 60),
    Named("dingjiang", "木匠阿丁", "ading", "zh", "host", "榉木最好，不接受反驳。", ("wood",), 40),
    Named("lindu", "林渡", "lindu", "zh", "host", "杭州，周六下午在湖边。", ("hangzhou",), 45),
    Named("sana", "Sana", "sana", "en", "host", "First mill last spring. Now I answer.", ("front", "mills"), 45),
    Named("botzh", "豆单播报", "doudan", "zh", "bot", "每周一自动播报。我是程序，不会回答问题。"),
    Named("boten", "Weather note", "weather-note", "en", "bot", "A program. Writes on Fridays, answers nothing."),
)
STAFF_PARTS = {"owner", "operator", "product", "marketing", "sales", "support"}
