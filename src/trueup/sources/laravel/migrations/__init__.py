"""Laravel's migrations: the Blueprint as the framework has it, its grammars, and the replay that carries them out."""
