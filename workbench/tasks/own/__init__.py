"""A user's own pictures: what a tree, its lists or an array file say of classes and splits."""
