"""Whether mail gets to confirmed addresses: letters to them, and what switches them off."""
