from __future__ import annotations

import subprocess
import sys

TWO_THREADS = """
import threading, time
import msgspec, msgspec._utils
from wssdoctor.typed import looked_at

class Inner(msgspec.Struct):
    number: int

class Outer(msgspec.Struct):
    first: Inner
    rest: list[Inner]

known, begun = msgspec._utils._get_class_mro_and_typevar_mappings, threading.Event()

def slowly(kind):
    begun.set()
    time.sleep(0.2)
    return known(kind)

def read():
    print(msgspec.convert({"first": {"number": 1}, "rest": [{"number": 2}]}, looked_at(Outer)))

msgspec._utils._get_class_mro_and_typevar_mappings = slowly
one, two = threading.Thread(target=read), threading.Thread(target=read)
one.start()
begun.wait()
time.sleep(0.3)  # the type is seen, and what is in it is not yet
two.start()
one.join()
two.join()
"""


def test_two_threads_that_read_into_a_type_at_once_do_not_end_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", TWO_THREADS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Outer(first=Inner(number=1)") == 2
