"""The student: a vision-language model, how it is scored, trained round by round, and first made from scratch."""
