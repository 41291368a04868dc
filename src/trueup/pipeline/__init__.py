"""The flow from what is on disk to what is known of it; `flow.audit` shows it on one screen."""
