"""What stands in each part of the page: values for the templates, worked out from the exhibit; no markup."""
