"""Who is registered: enterprises, centers and contacts from the sheets people fill in."""
