"""Ratings: tables of them, what is known of users and items, and the tasks that users are."""
