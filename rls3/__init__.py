"""The command line and the loop around an RL agent that edits AI2-THOR scenes to teach a vision-language model."""
