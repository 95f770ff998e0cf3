"""Private conversations of the sample: between the owner, as whom one looks around, and those who work there. Nobody else reads them."""

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from fireside.site.demo.world import CAST

if TYPE_CHECKING:
    from fireside.site.demo.planning import Planner


class Talk(NamedTuple):
    title: str  # "" = of two
    others: tuple[str, ...]  # who takes part beside whoever speaks first, by their keys in the cast
    before_end: timedelta
    lines: tuple[tuple[str, str], ...]  # who speaks, and the words


TALKS = (
    Talk("", ("ning",), timedelta(days=3, hours=2), (
        ("owner", "阿宁，有位新朋友说收到的磨手柄上有磕痕，你那边看到了吗？"),
        ("ning", "看到了，昨天补寄了一根手柄，单号也发给他了。他说不急，先用着旧的。"),
        ("owner", "好。这类补寄在“下单与送礼”里也回一句，别人看了放心。"),
        ("ning", "行。我把步骤写好了，你看看能不能置顶：\n\n1. 拍一张磕痕的照片\n2. 报订单尾号四位\n3. 两天内寄出"),
    )),
    Talk("", ("nell",), timedelta(days=2, hours=5), (
        ("owner", "Nell, people at The mills ask whether the small mill comes back in walnut. Has it reached support, too?"),
        ("nell", "It has. I said nothing, as nothing is public yet. What may I say?"),
        ("owner", "That we hear it often and have not decided. Point them to the topic, so that it is seen how many they are."),
        ("nell", "Will do. I keep a list of who asked, so that they hear it first."),
    )),
    Talk("周六修磨 Saturday repairs", ("owner", "nell"), timedelta(days=1, hours=4), (
        ("dan", "周六下午我带三根备用手柄去湖边。Nell, could Leeds begin at the same hour, so that both sides post their pictures together?"),
        ("nell", "Yes, two o’clock here. I bring washers and ask Lotte for the long table."),
        ("owner", "好，我在围炉厅开一个话题，两边的照片都放进去。I open one topic for both."),
        ("nell", "And who writes down what was mended? Last time nobody did."),
        ("dan", "我来记，回来发到修理台。I write it down and post it at the bench."),
    )),
)  # fmt: skip


def plan_private_talk(planner: "Planner") -> None:
    people = {named.key: planner.people[place] for place, named in enumerate(CAST)}
    for number, talk in enumerate(TALKS):
        at = planner.end - talk.before_end
        (first, words), *rest = talk.lines
        others = [people[key].index for key in talk.others]
        planner.act(at, "begin", people[first], talk=number, people=others, title=talk.title, text=words)
        for place, (key, answer) in enumerate(rest, 1):
            planner.act(at + timedelta(minutes=11 * place), "say", people[key], talk=number, text=answer)
