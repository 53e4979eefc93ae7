"""How long what is known of people is kept, what becomes of it, and what they may ask."""
