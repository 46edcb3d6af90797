"""A stand-in for the part of Stripe that the co-op uses: for the demo, for tests, never for real money.

It stands alone on Python's standard library. `python -m payouts.sandbox --help` starts it as a process;
`with Sandbox.running() as sandbox:` starts it inside a test.
"""

from payouts.sandbox.faults import Fault, Mode
from payouts.sandbox.sandbox import Sandbox

__all__ = ["Fault", "Mode", "Sandbox"]
