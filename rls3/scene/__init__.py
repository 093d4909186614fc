"""What a room, an object, an edit and a spatial relation are; questions and captions on them; when a sample is valid."""
