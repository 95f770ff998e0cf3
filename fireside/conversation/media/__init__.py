"""Pictures and files: what may come in, what is made of it, where its bytes lie. No tables."""
