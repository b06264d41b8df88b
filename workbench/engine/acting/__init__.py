"""Tasks whose items are met by acting: all tasks at once, and judged again on what was met."""
