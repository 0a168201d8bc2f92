"""Tell: match, deadline, warning and delivery; everything that reaches a person."""
