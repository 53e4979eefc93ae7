"""An independent reader of a programme's history: it finds every rule of the definition that the history breaks.

It reads the tables by SELECTs of its own and counts with its own small arithmetic; nothing of the simulator's plan, of
the use cases or of their rules takes part. A new capability adds its check here.
"""
