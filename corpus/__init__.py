"""What is known: articles, where they come from, where they are kept."""
