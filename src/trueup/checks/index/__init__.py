"""Are the required indexes there, or others that do their work?"""
