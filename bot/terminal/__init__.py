"""The terminal face: values laid out for people and for programs, and the reading of what they write."""
