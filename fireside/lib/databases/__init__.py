"""Django's ways to both databases, for a house where many come and write at once. settings.DATABASES names them."""
