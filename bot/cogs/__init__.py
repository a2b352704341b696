"""Discord's commands and buttons, one feature a file: acknowledge, call one use case, send what the views make."""
