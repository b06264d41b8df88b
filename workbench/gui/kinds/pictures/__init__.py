"""Pictures in classes: the support set as slots, the query set as cards."""
