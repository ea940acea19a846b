"""The checks of `paperchat doctor`."""
