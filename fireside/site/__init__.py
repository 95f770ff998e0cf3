"""Pages made of many apps: set-up, home, the cockpit, the sample community; and the frame that all pages stand in.

NOT here: any table of its own.
"""


def setup_link(address: str = "") -> str | None:
    """The one-time address at which this house is set up, for `fireside up` to print; None once it has a community of its own."""
    from fireside.site.key import setup_link as link

    return link(address)
