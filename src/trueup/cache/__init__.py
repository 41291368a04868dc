"""What earlier runs found out, kept in the user's cache folder.

`store` keeps bytes, `state` tells whether files are what they were, `answers` puts the two
together; `facts` keeps what readers found in single files."""
