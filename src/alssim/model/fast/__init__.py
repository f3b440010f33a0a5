"""The engine in numba: one patient after the other, the same bits as the numpy back end.

``silent``, ``course`` and ``lost_table`` do what their namesakes in ``alssim.model.silence``,
``course`` and ``damage`` do; tests compare them bit for bit. Arrays are handed to the compiled
functions one by one: a tuple of arrays is slow in numba.
"""

from alssim.model.fast.keeping import own_folder

with own_folder():
    from alssim.model.fast.life import course, course_kept, course_since
    from alssim.model.fast.silence import silent
    from alssim.model.fast.tables import lost_table

__all__ = ["course", "course_kept", "course_since", "lost_table", "silent"]
