"""What becomes of a topic after it was opened: a question finds answers or waits, a chat runs on and ends."""

from fireside.site.demo import rhythm
from fireside.site.demo.people import Person
from fireside.site.demo.thread import Said, Thread

AMONG_FRIENDS = {"hosts", "trial", "hangzhou", "leeds"}  # nobody there reports that it still does not work
FIRST_ANSWER = 30  # minutes, median by day


def unfold(thread: Thread) -> None:
    """Everything that follows the opening."""
    if thread.scene.sort == "ask":
        _question(thread)
    else:
        _chat(thread)
    thread.helped()


def _question(thread: Thread) -> None:
    dice, place, planner = thread.dice, thread.place, thread.planner
    day = planner.day_of(thread.at)
    cooled = day > place.cools_from
    learnt = 1.5 - 0.8 * day / 180  # the community gets quicker as it learns
    silence = min(0.6, place.silence * learnt + (0.3 if cooled else 0) + (0.03 if thread.language == "en" else 0))
    if dice.random() < silence:
        if dice.random() < 0.25:  # a silent one is sometimes joined by somebody with the same trouble
            _me_too(thread, 900)
        return
    wait = FIRST_ANSWER * place.pace * learnt * (3.5 if cooled else 1) * (1.25 if thread.language == "en" else 1)
    wanted = 1 + min(9, rhythm.some(dice, 2.05 * (0.6 if cooled else 1)))
    if dice.random() < 0.16 and thread.small_sort("clar"):
        if not _clarified(thread, wait):
            return
        wait = 25
    first: Said | None = None
    for n in range(wanted):
        if not thread.later(wait if n == 0 else 75 * (1 + n / 2), 1.35):
            break
        who = _who_answers(thread, first=n == 0)
        if who is None:
            continue
        said = thread.staff_says(who) if who.is_staff and dice.random() < 0.75 else thread.answer(who)
        first = first or said
        if n == 0 and dice.random() < 0.1:
            _me_too(thread, 60)
        if said and n in {0, 2} and dice.random() < 0.42:
            _asker_speaks(thread)
    if first:
        _asker_speaks(thread, last=True)
    taken_up = first and dice.random() < 0.2 and thread.later(240)
    if taken_up and (who := planner.pool.draw(thread.now, thread.language, "answer", place, thread.spoke)):
        thread.quoting(who)


def _who_answers(thread: Thread, *, first: bool) -> Person | None:
    pool, dice = thread.planner.pool, thread.dice
    staff = pool.staff(thread.now, thread.language, thread.place) if dice.random() < thread.place.staff * (1 if first else 0.3) else None
    if staff is not None and staff.index not in thread.spoke:
        return staff
    return pool.draw(thread.now, thread.language, "answer", thread.place, thread.spoke)


def _clarified(thread: Thread, wait: float) -> bool:
    """Somebody asks back. Returns whether the asker answered."""
    if not thread.later(wait):
        return False
    who = thread.planner.pool.draw(thread.now, thread.language, "answer", thread.place, thread.spoke)
    if who is None:
        return False
    asked = thread.say(who, thread.small("clar"), to=thread.posts[0])
    if thread.dice.random() < 0.85 and thread.later(45) and thread.author.there(thread.now):
        thread.say(thread.author, thread.small("clarreply", shared=True), to=asked, mention=thread.dice.random() < 0.3)
        return True
    return False


def _me_too(thread: Thread, wait: float) -> None:
    if thread.later(wait) and (who := thread.planner.pool.draw(thread.now, thread.language, "talk", thread.place, thread.spoke)):
        thread.say(who, thread.small("metoo"), to=thread.posts[0])


def _asker_speaks(thread: Thread, *, last: bool = False) -> None:
    """The asker thanks, or reports, or is gone. Who reports success mostly accepts an answer."""
    dice, pen, planner = thread.dice, thread.pen, thread.planner
    good = [said for said in thread.posts if said.answers and said.who is not thread.author]
    if not good or thread.accepted or dice.random() < (0.25 if last else 0.45):
        return
    before = thread.now
    if not thread.later(400 if last else 70) or not thread.author.there(thread.now):
        thread.now = before
        return
    best = good[0] if dice.random() < 0.5 else dice.choice(good)
    if last and dice.random() < 0.74:
        saying = pen.least(thread.scene.followups_for(thread.opening), but=thread.used)
        thread.used.add(saying)
        words = pen.fill(saying, thread.bound, thread.now) if saying else ""
        if not words or pen.said_before(words):
            words = pen.join(words, thread.small("thanks"))
        thread.say(thread.author, words, to=best, mention=dice.random() < 0.35)
        if dice.random() < 0.8:
            thread.accepted = best.number
            planner.act(thread.minutes_on(2), "accept", thread.author, post=(thread.index, best.number))
        if dice.random() < 0.8:
            planner.help_said(thread.minutes_on(3), thread.author, (thread.index, best.number), best.who)
    elif last and dice.random() < 0.4 and thread.place.key not in AMONG_FRIENDS:
        thread.say(thread.author, thread.small("still", shared=True), to=best)
    else:
        thread.say(thread.author, thread.small("thanks"), to=best, mention=dice.random() < 0.4)
        if dice.random() < 0.3:
            planner.help_said(thread.minutes_on(2), thread.author, (thread.index, best.number), best.who)
    if dice.random() < 0.55:
        planner.sign(thread.minutes_on(1), thread.author, (thread.index, best.number))


def _chat(thread: Thread) -> None:
    dice, pool = thread.dice, thread.planner.pool
    for n in range(1 + min(12, rhythm.some(dice, 4.2))):
        if not thread.later(55 * (1 + n / 2), 1.3):
            break
        who = pool.draw(thread.now, thread.language, "answer" if n % 2 else "talk", thread.place, thread.spoke)
        if who is None:
            continue
        if thread.answer(who) is None:  # all that was written for it is said
            thread.say(who, thread.small("chatmore"), to=thread.posts[0])
        elif n == 1 and dice.random() < 0.5 and thread.scene.followups and thread.later(90) and thread.author.there(thread.now):
            saying = thread.pen.least(thread.scene.followups_for(thread.opening), but=thread.used)
            if saying:
                thread.used.add(saying)
                words = thread.pen.fill(saying, thread.bound, thread.now)
                if thread.pen.said_before(words):
                    words = thread.pen.join(words, thread.small("chattail"))
                thread.say(thread.author, words, to=thread.posts[-1])
