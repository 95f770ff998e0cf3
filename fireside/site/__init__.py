"""Pages made of many apps: set-up, home, the cockpit, the sample community; and the frame that all pages stand in.

NOT here: any table of its own.
"""


def setup_link(address: str = "") -> str | None:
    """The address at which this house is set up, for `fireside up` to print; None once it has a community of its own."""
    from fireside.site.key import setup_link as link

    return link(address)


def setup_words(address: str = "") -> str | None:
    """What `fireside up` says of a house that can be set up: empty (new, emptied, or with history and no community yet), or with the sample in it."""
    from django.utils.translation import gettext as _

    from fireside.members.queries import the_community

    link = setup_link(address)
    if link is None:
        return None
    if the_community() is None:
        words = _("This house has no community yet. Set one up with this link, which works until that is done:")
    else:
        words = _(
            "A sample community lives here. With this link you look around in it, or remove it and set up your own; it works until then:"
        )
    return f"{words}\n\n    {link}\n"
