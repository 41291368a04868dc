"""Are rows kept unique and references kept true?"""
