"""Audits of many repositories: which ones, each in a process of its own, on one machine or many, and what is kept of them."""
