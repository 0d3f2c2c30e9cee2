"""Pure steps between what was decoded and what is stored."""
