"""Does every required table exist, and under its name?"""
