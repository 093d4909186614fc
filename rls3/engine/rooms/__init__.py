"""Furnished rooms generated from a scene's name: kitchens, living rooms, bedrooms and bathrooms."""
