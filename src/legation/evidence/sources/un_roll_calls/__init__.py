"""Source: Roll calls of the UN General Assembly: texts and issues."""
