"""`python -m bot` is the program `amicus`."""

from bot.cli import main

if __name__ == "__main__":
    main()
