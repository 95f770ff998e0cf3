"""Who may write to whom privately, and how much. What is said then is a topic like any other, which stands in no space."""
