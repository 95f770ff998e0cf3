"""Every metric a second time, in plain Python over the files of a source: no mirror, no engine, and not one line of the house.

Slow and simple on purpose. test_against_plain.py holds that nothing here imports anything but the standard library and its
neighbours, so whoever changes a metric changes the definition here by hand, or sees it differ.

days.py       days, weeks and months
history.py    what people did, whatever tells it
source.py     a Zulip archive's lines as such a history
log.py        the activity log's own lines as one
machines.py   who is a bot, by the rules of docs/importing.md
people.py     members, active, retention
answers.py    first_reply, helped
newcomers.py  newcomers
network.py    network
acts.py       heat, cores, concentration, talk
curves.py     Kaplan–Meier, Wilson, Gini
"""

from .acts import Acts
from .network import Network
from .newcomers import Newcomers


class Plain(Newcomers, Network, Acts):
    """All of them. Each returns headline, rows and more as an answer has them."""
