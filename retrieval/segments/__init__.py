"""Segments: passages with their postings as immutable arrays, in memory or in files, and the search in them."""
