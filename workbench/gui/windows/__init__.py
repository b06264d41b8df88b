"""Windows beside the main one, and dialogs that begin something: what they all share."""
