"""The named people of every test, made by calling actions at a fixed noon with fixed dice."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from fireside.activity.actor import Actor
from fireside.members.actions import change_role, join_community, set_up_community
from fireside.members.models import Community, Member

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class World:
    """Olu owns, Dan operates, Mira is of the product department; Ann hosts a space, Ben belongs to it, Cat does not."""

    now: datetime = NOON
    community: Community | None = None
    people: dict[str, Member] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Member:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def as_(self, name: str, via: str = "web", *, scopes: tuple[str, ...] | None = None) -> Actor:
        """An actor at noon. "" is a visitor, "house" the house itself."""
        if name == "house":
            return Actor(None, via if via != "web" else "cli", self.now, seed="world")
        who = Member.objects.get(pk=self.people[name].pk) if name else None
        return Actor(who, via, self.now, seed=f"world:{name}", scopes=scopes)

    def later(self, **units: float) -> "World":
        """The same world, with its clock moved on."""
        self.now += timedelta(**units)
        return self


def make_people() -> World:
    world = World()
    world.community = set_up_community(
        world.as_("house"), name="Lantern Works", purpose="People who build and mend lamps help each other.", kind="product",
        languages=["en", "zh-hans"], time_zone="Asia/Shanghai", owner_name="Olu", owner_email="olu@example.org",
    )  # fmt: skip
    world.people["olu"] = Member.objects.get(email="olu@example.org")
    for name in ("Ann", "Ben", "Cat", "Dan", "Mira"):
        world.people[name.lower()] = join_community(world.as_(""), name=name, email=f"{name.lower()}@example.org")
    for name, role in (("dan", "operator"), ("mira", "product")):
        world.people[name] = change_role(world.as_("olu"), member=world.people[name], role=role)
    return world
