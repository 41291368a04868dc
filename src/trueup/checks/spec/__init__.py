"""Do the documents and the ticket agree with themselves and with what is there?"""
