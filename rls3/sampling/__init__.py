"""The Gymnasium task of editing scenes, what an edit is paid, and the samplers that choose edits."""
