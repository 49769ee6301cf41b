"""`python -m dfworx`."""

from dfworx.cli import main

main()
