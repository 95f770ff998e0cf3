"""Pure decisions about reports."""

REASONS = ("spam", "rude", "private", "elsewhere", "other")
DECISIONS = ("removed", "dismissed")
WORDS_MAX = 500
PER_DAY = 20  # reports of one member


def why_not_report(*, reason: str, words: str, own: bool, removed: bool, today: int, judged: bool) -> str:
    """What keeps somebody from reporting a post. `judged`: they reported these very words before, and it was dismissed."""
    if reason not in REASONS:
        return "unknown_reason"
    if len(words) > WORDS_MAX:
        return "long_words"
    if reason == "other" and not words:
        return "no_words"
    if own:
        return "own_words"
    if removed:
        return "gone_already"
    if judged:
        return "judged"
    return "reported_much" if today >= PER_DAY else ""


def why_not_decide(*, decision: str, reason: str, decided: bool, changed: bool) -> str:
    """What keeps somebody from deciding a case. `changed`: it is not the version that they have read."""
    if decision not in DECISIONS:
        return "unknown_decision"
    if decided:
        return "decided_meanwhile"
    if changed:
        return "case_changed"
    return "" if reason or decision == "dismissed" else "no_reason"
