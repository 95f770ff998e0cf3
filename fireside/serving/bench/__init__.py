"""`fireside bench`: a filled house of its own, asked by many at once."""
