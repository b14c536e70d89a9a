"""When two notes of one person are about the same: a decision from their vectors' cosine and how many notes there are.

Notes of one person have much in common from the start: their language, their manner, their days. So vectors are
compared after what is common to all of the user's is taken from each (docs/adr/0029). Of few notes it is not known well
what that is, and they must be more alike to pass.
"""

RELATED = 0.7
"""The similarity from which on a session is shown: the same as of a search's answers."""

PRIOR_NOTES = 20
"""What is common is an average over the notes and over so many of nothing, which keep it small where notes are few."""

_CUT_OF_MANY = 0.25
_CUT_OF_FEW = 0.55


def cut_of(chunk_count: int) -> float:
    """The cosine, without what is common, from which on two notes are related, of somebody with so many chunks."""
    known = chunk_count / (chunk_count + PRIOR_NOTES)
    return known * _CUT_OF_MANY + (1 - known) * _CUT_OF_FEW


def similarity_at(cosine: float, *, cut: float) -> float:
    """How much (0 to 1) two notes are about the same: RELATED at the cut, straight lines below and above."""
    if cosine < cut:
        return max(0.0, RELATED * cosine / cut)
    return min(1.0, RELATED + (1 - RELATED) * (cosine - cut) / (1 - cut))
