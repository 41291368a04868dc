"""The live database: what the server has otherwise than the migrations that ran there build."""
