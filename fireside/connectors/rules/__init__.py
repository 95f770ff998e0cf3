"""Pure decisions about what comes in: no Django, no files, no clock."""
