"""How often somebody asked lately lives for minutes."""

from fireside.lib.holds import HERE, holds

holds("serving.Hits", stays=HERE)
holds("serving.HeldBack", stays=HERE, of=("member_id",), erase="remove")
