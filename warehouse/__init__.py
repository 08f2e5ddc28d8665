"""Where does it rest, how does it enter and leave? Everything that touches the disk."""
