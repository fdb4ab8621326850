"""Thin: each pipeline hands the article to one room."""
