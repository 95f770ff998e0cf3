"""What every app may use and which knows nothing of any of them: no tables, no Django apps."""
