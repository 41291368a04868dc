"""Do the migrations run, everywhere and back, and without harm to data?"""
