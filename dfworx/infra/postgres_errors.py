"""What is wrong with an embedded Postgres, in a sentence for people."""


class PostgresError(Exception):
    """The embedded database cannot be used; one sentence says why and what to do."""


def explain(log: str, otherwise: str) -> str:
    """One sentence for people from the last words of a Postgres program."""
    if "No space left on device" in log:
        return f"The disk is full ({otherwise}): free some space and start again; committed data are safe."
    said = [line for line in log.splitlines() if any(word in line for word in ("FATAL", "PANIC", "error:"))]
    reason = said[-1].split("  ", 1)[-1].strip() if said else "it gave no reason"
    return f"{otherwise}: {reason}"
