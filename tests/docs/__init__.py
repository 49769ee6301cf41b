"""The documentation: what is generated from the code, its pictures, and the tests that keep it true."""
