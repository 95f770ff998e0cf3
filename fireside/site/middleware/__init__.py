"""What happens round every request of the web door."""
