"""Who is a machine: the source's own word, the name, the rhythm. Precision first: a person taken for a bot vanishes from every figure."""

import re
import unicodedata
from dataclasses import dataclass

from fireside.connectors.rules.rhythm import Traits

# Names of services that post by themselves. Alone no proof: a company's support may bear its name, so one sign of rhythm is asked for.
SERVICES = frozenset({
    "github", "gitlab", "gitea", "bitbucket", "jenkins", "travis ci", "travis", "circleci", "buildkite", "zapier", "ifttt", "jira", "trello",
    "asana", "sentry", "pagerduty", "datadog", "grafana", "prometheus", "alertmanager", "nagios", "dependabot", "renovate", "codecov", "rss",
    "rss feed", "twitter feed", "google calendar", "zulip updates", "webhook", "webhooks", "incoming webhook", "mailer-daemon", "noreply", "no-reply",
})  # fmt: skip
# What stands before "bot" when it is no family name.
_WORK = frozenset({
    "welcome", "notification", "notifications", "reminder", "reminders", "github", "gitlab", "git", "build", "ci", "cd", "deploy", "release",
    "alert", "alerts", "news", "rss", "feed", "email", "mail", "poll", "quiz", "help", "helper", "support", "faq", "moderation", "mod",
    "moderator", "spam", "antispam", "admin", "system", "service", "test", "chat", "telegram", "slack", "discord", "wechat", "webhook", "zulip",
    "status", "stats", "report", "reports", "issue", "issues", "ticket", "calendar", "meeting", "standup", "review", "merge", "bors", "rust",
    "announcement", "announcements", "update", "updates", "sync", "bridge", "backup", "search", "translate", "translation", "karma", "score",
})  # fmt: skip
_HAN_BOT = re.compile(r"机器人(?:[\s_-]*\d{1,3})?\s*[】\])）]?$|(?:通知|推送|播报)助手$")
_HAN_PERHAPS = re.compile(r"助手$")  # often somebody's second account
_BRACKETED = re.compile(r"[\[(（【]\s*bot\s*[\])）】]", re.I)

POSTS_FOR_RHYTHM = 50
SIGNS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason`: "source", "name", "rhythm", or "" for a person. `signs` say what was seen, for the operator."""

    is_bot: bool
    reason: str = ""
    signs: tuple[str, ...] = ()


def judge(name: str, *, flagged: bool = False, traits: Traits | None = None) -> Verdict:
    """Is this sender a machine?

    The source's own flag decides. A name decides when it says so outright ("[bot]", "Build Bot", "通知机器人"); a name that only
    might ("Jan Bot", "GitHub") needs one sign of rhythm. Rhythm alone needs two signs, fifty posts, and nobody who ever calls them.
    """
    traits = traits or Traits()
    if flagged:
        return Verdict(True, "source", ("flag",))
    signs = rhythm_signs(traits)
    says = name_says(name)
    if says == "bot":
        return Verdict(True, "name", ("name", *signs))
    if says == "perhaps" and signs and traits.posts >= 20:
        return Verdict(True, "name", ("name", *signs))
    called = traits.mentioned > max(2, traits.posts // 500)
    if traits.posts >= POSTS_FOR_RHYTHM and len(signs) >= SIGNS_NEEDED and not called:
        return Verdict(True, "rhythm", signs)
    return Verdict(False, "", signs)


def name_says(name: str) -> str:
    """ "bot", "perhaps" or ""."""
    plain = unicodedata.normalize("NFKC", name).strip()
    if _BRACKETED.search(plain) or _HAN_BOT.search(plain):
        return "bot"
    words = [word for word in re.split(r"[\s_\-./:]+", plain.casefold()) if word]
    if words and words[-1] in {"bot", "robot", "bots"}:
        joined = plain[-4:] in {"-bot", "_bot", ".bot"}
        at_work = any(word in _WORK or word in SERVICES for word in words[:-1])
        return "bot" if at_work or joined or (len(words) > 2 and plain.endswith(" bot")) else "perhaps"  # "Jan Willem Bot" is a name
    handle = len(words) == 1 and plain.islower() and plain.endswith("bot") and len(plain) > 4  # "lampbot"; "Talbot" writes itself otherwise
    return "perhaps" if handle or " ".join(words) in SERVICES or _HAN_PERHAPS.search(plain) else ""


def rhythm_signs(traits: Traits) -> tuple[str, ...]:
    """Each is something that people hardly do. Measured on two communities of 1 490 people; the closest person is named by its distance."""
    signs = []
    if traits.topics >= 20 and traits.alone >= 0.9:
        signs.append("alone")  # closest person: 0.58
    if traits.posts >= 20 and traits.quick >= 0.2:
        signs.append("quick")  # closest person: 0.13
    if traits.in_a_minute >= 12:
        signs.append("minute")  # closest person: 9
    if traits.in_a_day >= 400:
        signs.append("day")  # closest person: 222
    if traits.posts >= 20 and traits.same_opening >= 0.6:
        signs.append("opening")
    if traits.posts >= 20 and traits.regular >= 0.8:
        signs.append("regular")
    return tuple(signs)
