"""Questions asked again and again: a panel is counted by either engine, drawn on the desk and exported to Kibana."""
