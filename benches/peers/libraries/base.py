"""What a library's class is: a method for each workload that it has.

A method takes the workload's inputs and returns two functions: one runs it once, the other returns what the last run
computed. Or it returns None where the library has no such size. Arrays that a user would reuse are made, and touched,
before.
"""


class Lib:
    def __init__(self, threads):
        self.t = threads

    def version(self):
        return "?"

    def has(self, workload, size):
        """Whether the workload's method is to be asked at all."""
        return True
