"""What a room, an object, an edit and a spatial relation are; questions and captions; when a sample is valid."""
