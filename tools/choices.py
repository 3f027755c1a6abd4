"""Choices that several models offer; each model translates them as its own."""

PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]
NORMAL, URGENT = "1", "3"

REASONS_TO_WAIT = [("customer", "Customer"), ("third_party", "Third party"), ("date", "Chosen day"),
                   ("acceptance", "Customer confirmation")]

# Rules that give a new ticket its owner by themselves.
TURNS = [("round_robin", "Round robin"), ("least_load", "Least busy")]
