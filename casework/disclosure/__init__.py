"""What is handed out on personal data: the copy of a file to the person, the register, the impact assessment."""
