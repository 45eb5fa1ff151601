"""Motion of the head during a dynamic series: found frame by frame, shown and taken out."""

from brachyresponse.perfusion.motion.correction import MotionCorrection, correct_motion

__all__ = ["MotionCorrection", "correct_motion"]
