"""What places hold of people: who belongs, who is gone, who asks to be let in."""

from fireside.lib.holds import holds

holds("spaces.Belonging")
holds("spaces.Gone", name="gone")
holds("spaces.AskToJoin", wrote={"decided_by_id": ("reason",)})
