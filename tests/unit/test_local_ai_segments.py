from dev.vendors.ai_segments import Word, segment_json, segments_of, sentence_of, text_of


def word(text: str, start: float, end: float, probability: float = 1.0) -> Word:
    return Word(text=text, start=start, end=end, probability=probability)


def test_a_pause_of_half_a_second_ends_a_segment() -> None:
    near, far = word("b", 0.9, 1.0), word("c", 1.5, 1.6)
    assert segments_of([[word("a", 0.0, 0.5), near, far]]) == [(word("a", 0.0, 0.5), near), (far,)]


def test_a_segment_never_lasts_longer_than_twelve_seconds() -> None:
    words = [word("on", second * 1.0, second + 1.0) for second in range(30)]
    lengths = [segment[-1].end - segment[0].start for segment in segments_of([words])]
    assert lengths == [12, 12, 6]


def test_utterances_are_never_joined_and_empty_ones_vanish() -> None:
    first, second = word("a", 0.0, 0.1), word("b", 0.1, 0.2)
    assert segments_of([[first], [], [second]]) == [(first,), (second,)]


def test_a_segment_reads_as_a_sentence() -> None:
    assert sentence_of((word("so", 0, 1), word("i", 1, 2), word("said", 2, 3))) == "So I said."


def test_nothing_heard_is_an_empty_text() -> None:
    assert text_of([]) == ""


def test_a_segment_carries_its_seconds_and_how_sure_the_decoder_was() -> None:
    entry = segment_json(3, (word("a", 1.004, 1.5, 0.5), word("b", 1.5, 2.0, 0.0)))
    assert (entry["id"], entry["start"], entry["end"]) == (3, 1.0, 2.0)
    assert -30 < entry["avg_logprob"] < -1
