"""Judged claims as text, JSON, cards, JUnit and ClaimReview."""
