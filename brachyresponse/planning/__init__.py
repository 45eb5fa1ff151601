"""Planning of an implant: needles, templates, loading, plans, rules and what goes to the procedure room."""

from brachyresponse.planning.needles import Needle, find_needle, nearest_needle
from brachyresponse.planning.template import Template, TrackRule, needles_through, template_needles

__all__ = ["Needle", "Template", "TrackRule", "find_needle", "nearest_needle", "needles_through", "template_needles"]
