"""The tests of Amicus."""
