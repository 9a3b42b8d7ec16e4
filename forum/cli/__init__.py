"""The `forum` command, a file a family of subcommands."""
