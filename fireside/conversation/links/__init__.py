"""What a link leads to, in short: asked of the other side by the worker, never by a page, and only where no inner network can be reached."""
