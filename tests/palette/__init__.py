"""The palette finds what one may see."""
