"""What a run leaves behind: one folder, read back into records, and the reports made from them."""
