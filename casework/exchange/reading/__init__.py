"""Reading the files of teams and landlords: bytes to sound rows and refusals, without any database."""
