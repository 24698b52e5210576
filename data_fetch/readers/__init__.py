"""Readers: each module opens one kind of file as (keys, function from key to object)."""
