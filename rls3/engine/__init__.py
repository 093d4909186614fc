"""The embedded scene engine: a program that the real ai2thor Controller starts and drives over AI2-THOR's protocol."""
