"""Values become Components V2 layouts. Pure; the only home of discord.ui.

A layout is made for one message and never waits for presses itself: its buttons carry in their ids what they need, and
the classes of `buttons` receive them, after a restart too. Page sources (what is on which page) are apart from layouts.
"""
