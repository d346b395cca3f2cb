"""Matching sentences to claims: by words, by letters and, with the extra ``[match]``, by meaning."""

from dualtrack.articles.matching.channels import ClaimText
from dualtrack.articles.matching.matcher import Labelled, Match, Matcher, Matches
from dualtrack.articles.matching.reranker import Reranker

__all__ = ["ClaimText", "Labelled", "Match", "Matcher", "Matches", "Reranker"]
