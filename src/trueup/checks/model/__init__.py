"""Do models, factories and tests stand beside the required tables?"""
