"""The system of record: `Ledger` gives work, one module per noun does it.

Whatever must not be lost is here and only here; everything else can be rebuilt from it.
"""

from index.ledger.engine import Ledger, Work, answers, busy, make_safe

__all__ = ["Ledger", "Work", "answers", "busy", "make_safe"]
