"""Folders of architecture decision records: adr-tools (Nygard), MADR 2 to 4, log4brains."""
