"""The rows of the summary tables, by the keys of the data files."""

from __future__ import annotations

SIZE, NON_TARGET, T2_FLAIR, NEW_LESION = "size", "non_target", "t2_flair", "new_lesion"
STEROIDS, CLINICAL, HISTOLOGY = "steroids", "clinical", "histology"
