"""What people meet: Discord, the terminal, configuration and wiring."""
