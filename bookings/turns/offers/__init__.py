"""An offer to one member: made in turn, answered, undone, and by mail or text."""
