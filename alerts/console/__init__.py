"""The desk: server-rendered pages for a center's staff. Only this room knows the web framework."""
