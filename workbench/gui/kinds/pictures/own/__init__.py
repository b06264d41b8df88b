"""Pictures of one's own beside the query set: predicted, and scored where a class is given."""
