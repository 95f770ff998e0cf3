"""What stands in a [slot] of the stock: numbers, beans, towns, relatives. Made-up people, no brands."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

MONTHS = {
    "zh": ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}
LISTS: dict[str, dict[str, Sequence[str]]] = {
    "zh": {
        "mill": ["二号磨", "二号磨", "二号磨", "一号磨", "一号磨"],
        "time": ["两个月", "三个月", "四个多月", "快半年", "半年多", "八个月", "快一年", "一年多", "一年半", "两年"],
        "brew": ["手冲", "锥形滤杯", "平底滤杯", "扇形滤杯", "手冲"],
        "bean": [
            "埃塞水洗", "埃塞日晒", "肯尼亚水洗", "哥伦比亚水洗", "哥伦比亚厌氧", "云南日晒", "云南水洗", "云南蜜处理", "巴西半日晒", "危地马拉水洗",
            "洪都拉斯水洗", "哥斯达黎加蜜处理", "卢旺达水洗", "印尼湿刨", "巴拿马水洗", "秘鲁水洗", "中烘拼配", "布隆迪日晒",
        ],
        "kin": ["我妈", "我爸", "我老婆", "我老公", "女朋友", "男朋友", "室友", "岳母", "闺女", "儿子", "奶奶", "我姐", "我弟", "外公"],
        "kinf": ["我妈", "我老婆", "女朋友", "岳母", "奶奶", "我姐", "外婆", "我婆婆"],
        "kinm": ["我爸", "我老公", "男朋友", "岳父", "爷爷", "我哥", "我弟", "外公"],
        "city": ["苏州", "成都", "西安", "长沙", "昆明", "厦门", "青岛", "武汉", "南京", "广州", "大理", "兰州", "宁波", "贵阳", "沈阳", "绍兴"],
        "few": ["三", "四", "五", "六"],
        "hour": ["七", "八", "九", "十"],
        "morning": ["六点十分", "六点四十", "七点", "七点半", "八点一刻", "八点", "九点多"],
    },
    "en": {
        "mill": ["No. 2", "No. 2", "No. 2", "No. 1", "No. 1"],
        "time": ["two months", "three months", "five months", "half a year", "eight months", "a year", "a year and a half", "two years"],
        "brew": ["cone filter", "pour-over", "flat filter", "paper filter", "pour-over"],
        "bean": [
            "washed Ethiopian", "natural Ethiopian", "washed Kenyan", "Colombian", "anaerobic Colombian", "natural Yunnan", "washed Yunnan",
            "honey Yunnan", "Brazilian", "Guatemalan", "Honduran", "honey Costa Rican", "Rwandan", "wet-hulled Sumatran", "washed Panama",
            "Peruvian", "medium blend", "natural Burundi",
        ],
        "kin": [
            "wife", "husband", "partner", "sister", "flatmate", "mother-in-law", "brother", "dad", "mum", "daughter", "son", "aunt",
            "grandmother",
        ],
        "kinf": ["sister", "mum", "wife", "aunt", "mother-in-law", "grandmother", "daughter"],
        "kinm": ["brother", "dad", "husband", "uncle", "father-in-law", "son", "grandfather"],
        "city": [
            "York", "Bristol", "Glasgow", "Cardiff", "Norwich", "Ghent", "Utrecht", "Lyon", "Porto", "Bergen", "Dublin", "Sheffield", "Aarhus",
            "Halifax", "Durham", "Lisbon",
        ],
        "few": ["three", "four", "five", "six"],
        "hour": ["seven", "eight", "nine", "ten"],
        "morning": ["ten past six", "twenty to seven", "seven", "half seven", "quarter past eight", "eight", "nine-ish"],
    },
}  # fmt: skip
RANGES = {
    "fine": (5, 9), "mid": (11, 17), "coarse": (18, 24), "zero": (0, 5), "days": (4, 12), "count": (19, 93), "batch": (9, 15), "digit": (1, 4),
    "temp2": (-3, 34), "tail": (1009, 9871),
}  # fmt: skip
# What an answer keeps of the question: the others are the answerer's own.
SHARED = ("g", "brew", "bean", "month")


def slot_value(name: str, language: str, dice: Random, at: datetime) -> str:
    """A value for [name]."""
    if name == "month":
        return MONTHS[language][at.month - 1]
    if name in RANGES:
        return str(dice.randint(*RANGES[name]))
    if name == "g":
        n = dice.choice([12, 14, 15, 15, 15, 16, 17, 18, 18, 20, 20, 22])
        return dice.choice([f"{n} 克", f"{n}g", f"{n} g", f"{n}克"]) if language == "zh" else dice.choice([f"{n} g", f"{n}g", f"{n} grams"])
    if name == "temp":
        n = dice.randint(88, 96)
        return dice.choice([f"{n} 度", f"{n}度", f"{n} ℃"]) if language == "zh" else dice.choice([f"{n} °C", f"{n}C", f"{n} degrees"])
    if name == "tm":
        minutes, seconds = dice.randint(1, 3), dice.choice([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50])
        return f"{minutes} 分 {seconds:02d}" if language == "zh" and dice.random() < 0.5 else f"{minutes}:{seconds:02d}"
    return dice.choice(LISTS[language][name])
