"""Are the columns of required tables there, as required?"""
