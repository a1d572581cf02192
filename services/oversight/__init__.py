"""What a chief sees of the own offices, an administrator of the province: figures and signs."""
