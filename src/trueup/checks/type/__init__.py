"""Can the columns hold what they are required to hold?"""
