"""Writers of a case's recordings, one for each kind of source; harness/judging/tracks.py says what they leave."""
