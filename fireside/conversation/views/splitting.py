"""Splitting posts off, merging topics, and taking that apart: each shows what would follow before it is done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation import actions
from fireside.conversation.forms import MergeForm, SplitForm, tell
from fireside.conversation.models import Post
from fireside.conversation.queries import before_merging, before_splitting, get_topic, latest, posts_to_split, similar, topic_named
from fireside.conversation.queries.similar import Similar
from fireside.conversation.seeking.opening import opening
from fireside.conversation.views.organising import for_those_who_tidy
from fireside.lib.errors import Refusal
from fireside.lib.pages import fragment, is_htmx, page, stands_in
from fireside.members.rights import require
from fireside.spaces.queries import get_space, places_run_by, require_in


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, topic: int) -> HttpResponse:
    """Choose posts, see what would follow, make a topic of its own of them."""
    actor, viewer = actor_of(request), viewer_of(request)
    found = get_topic(viewer, topic)
    begin = request.GET.get("from", "")
    number = int(begin) if begin.isdecimal() and len(begin) < 10 else None
    chosen = [int(one) for one in request.POST.getlist("posts") if one.isdecimal() and len(one) < 10]
    form, asked = SplitForm(initial={"space": found.space.slug}), None
    if request.method == "POST":
        require(actor, "talk.write")
        require_in(actor, "talk.tidy", found.space)
        form = SplitForm(request.POST)
        form.is_valid()
        said = form.cleaned_data
        if "preview" in request.POST:
            asked = before_splitting(found, chosen) if chosen else None
            if asked is None:
                form.add_error(None, _("Choose at least one post."))
            elif not said.get("title"):
                form = SplitForm({**request.POST.dict(), "title": asked.title})
                form.is_valid()
        else:
            posts = list(Post.objects.filter(topic=found, number__in=chosen))
            space = get_space(viewer, said["space"]) if said.get("space") else None
            kind = {"1": True, "0": False}.get(said.get("asks", ""))
            made = tell(form, lambda: actions.split_topic(actor, posts=posts, title=said.get("title", ""), asks=kind, space=space))
            if made is not None:
                messages.success(request, _("Split off. The old addresses lead here."))
                return redirect(made)
    else:
        for_those_who_tidy(request, found)
        chosen = [number] if number else []
    stands_in(request, found.space.slug)
    rows, more = posts_to_split(viewer, found, number)
    return page(
        request, "conversation/split.html", status=422 if form.errors else 200, topic=found, form=form, rows=rows, more=more, chosen=chosen, opening=opening,
        asked=asked, places=places_run_by(viewer), begin=number,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, topic: int) -> HttpResponse:
    """Find the other topic by its words or name it, see what would follow, merge this one into it."""
    actor, viewer = actor_of(request), viewer_of(request)
    found = get_topic(viewer, topic)
    form = MergeForm(request.POST if request.method == "POST" else request.GET)
    form.is_valid()
    other: Any = None
    rows: list[Similar] = []
    if request.method == "POST":
        require(actor, "talk.write")
        require_in(actor, "talk.tidy", found.space)
    else:
        for_those_who_tidy(request, found)
    if word := form.cleaned_data.get("into", ""):
        try:
            other = get_topic(viewer, topic_named(word))
        except Refusal as no:
            rows = [row for row in similar(viewer, word, now=actor.now, space_id=found.space.pk, size=8) if row.id != found.pk]
            if request.method == "POST" or not rows:
                form.add_error("into", str(no.message))
    if is_htmx(request):
        return fragment(request, "conversation/_merge_found.html", topic=found, rows=rows, words=word)
    if request.method == "POST" and other is not None:
        done = tell(form, lambda: actions.merge_topic(actor, topic=found, into=other))
        if done is not None:
            messages.success(request, _("Merged. The old addresses lead here."))
            return redirect(done)
    stands_in(request, found.space.slug)
    asked = before_merging(found, other) if other is not None else None
    near = [row for row in latest(viewer, space=found.space, size=20).rows if row.id != found.pk]
    return page(
        request,
        "conversation/merge.html",
        status=422 if form.errors else 200,
        topic=found,
        form=form,
        other=other,
        asked=asked,
        near=near,
        rows=rows,
        words=word,
    )


@require_POST
def merge_end(request: HttpRequest, topic: int) -> HttpResponse:
    """Take apart again what was merged into this topic from another."""
    number = request.POST.get("from", "")
    part = int(number) if number.isdecimal() and len(number) < 19 else 0
    done = actions.part_topics(actor_of(request), topic=get_topic(viewer_of(request), topic), number=part)
    messages.success(request, _("Both topics stand as before. What was said since stays where it was said."))
    return redirect(done)
