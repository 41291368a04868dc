"""What the tests share: the real framework as a witness, and the comparison of schemas fact by fact."""
