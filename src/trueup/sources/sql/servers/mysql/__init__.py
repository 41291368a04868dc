"""MySQL and MariaDB, as far as a schema goes: InnoDB's rules included."""
