"""Load on the whole bot, measured; started by hand, no part of the test run."""
