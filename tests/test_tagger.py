"""The tagger: pieces, windows, decoding, and the model that ships."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import time
import unicodedata
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from margins import margins, span_margin
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from briefs import read
from briefs.decode import LONGEST, best_spans, log_softmax, read_lattices, snap, word_scores
from briefs.errors import TaggerError
from briefs.network import SPAN_HEADS, Floats, Model, load_model
from briefs.schema import Article, Origin, Sentence, Span
from briefs.tagger import ROLES, load_ahead, load_tagger
from briefs.windows import CLS, MARKER, SEP, cut_windows, position_buckets, read_units
from briefs.wordpiece import WordPiece

MODEL = files("briefs") / "model"
VOCABULARY = {piece: i for i, piece in enumerate((MODEL / "vocab.txt").read_text(encoding="utf-8").splitlines())}
WORDPIECE = WordPiece(VOCABULARY)
SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def reference() -> Tokenizer:
    """BERT's uncased tokenizer as the package `tokenizers` has it, with our vocabulary."""
    tokenizer = Tokenizer(models.WordPiece(vocab=VOCABULARY, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def test_pieces_of_the_seeds_are_those_of_the_reference(reference: Tokenizer) -> None:
    """Numbers and offsets of every piece of every seed agree with the reference implementation."""
    assert SEEDS
    for path in SEEDS:
        text = path.read_text(encoding="utf-8")
        encoding = reference.encode(text, add_special_tokens=False)
        assert [(p.id, (p.start, p.end)) for p in WORDPIECE.encode(text)] == list(
            zip(encoding.ids, encoding.offsets, strict=True)
        ), path.name


def known_to_all(character: str) -> bool:
    """Return whether a character has been what it is since Unicode 3.2: later ones are not in every table yet."""
    category = unicodedata.category(character)
    return category not in ("Cs", "Cn", "Co") and unicodedata.ucd_3_2_0.category(character) == category


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cn", "Co")).filter(known_to_all), max_size=60))
@example("It rained 🌧️ in Zürich, 東京 and São Paulo™.")
def test_pieces_of_any_text_are_those_of_the_reference(text: str) -> None:
    """Accents, scripts, controls and symbols are cut as the reference cuts them."""
    tokenizer = Tokenizer(models.WordPiece(vocab=VOCABULARY, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    assert [p.id for p in WORDPIECE.encode(text)] == tokenizer.encode(text, add_special_tokens=False).ids


def test_special_pieces_in_an_article_are_plain_text() -> None:
    """An article cannot end a window or open a sentence by naming a special piece."""
    assert not {CLS, SEP, MARKER} & {p.id for p in WORDPIECE.encode("[CLS] [SEP] [unused0] [PAD]")}


sentences = st.lists(st.text(alphabet="ab .", max_size=90), min_size=1, max_size=12)


@given(sentences, st.integers(12, 40), st.integers(0, 3), st.booleans())
def test_windows_hold_every_piece_in_order_and_are_never_too_long(
    parts: list[str],
    size: int,
    overlap: int,
    titled: bool,  # noqa: FBT001
) -> None:
    """Whatever the sentences, each piece stands in a window at the place that the window says, and no window is too long."""
    text = "|".join(parts)
    starts = [sum(len(p) + 1 for p in parts[:i]) for i in range(len(parts))]
    spans = [Span(start=a, end=a + len(p)) for a, p in zip(starts, parts, strict=True)]
    units = read_units(text, spans, WORDPIECE)
    title = read_units("Dam", [Span(start=0, end=3)], WORDPIECE)[0] if titled else None
    windows = cut_windows(units, size=size, overlap=overlap, headline=title)
    seen: set[tuple[int, int]] = set()
    for window in windows:
        assert len(window.ids) == len(window.cases) <= size
        assert (window.ids[0], window.ids[-1]) == (CLS, SEP)
        for unit, first, length, at in window.parts:
            assert window.ids[at - 1] == MARKER
            assert window.ids[at : at + length] == units[unit].ids[first : first + length]
            seen |= {(unit, first + i) for i in range(length)}
    assert seen == {(u, i) for u, unit in enumerate(units) for i in range(len(unit))}


def test_positions_are_those_of_training() -> None:
    """The bucket says how many sentences came before, by quarter of the article, and whether the paragraph goes on."""
    buckets = position_buckets([n // 2 for n in range(40)])
    assert [buckets[n] % 32 for n in (0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 39)] == [
        0, 4, 8, 12, 16, 16, 20, 21, 25, 27, 31, 31,
    ]  # fmt: skip
    assert [bucket >= 32 for bucket in buckets] == [False, True] * 20


five = st.lists(st.floats(-9, 0, width=32), min_size=5, max_size=5)


tables = st.lists(five, min_size=5, max_size=5)
Triple = tuple[int, int, int]  # kind, first word, one past the last


def sequences(scores: Floats, transitions: Floats) -> dict[frozenset[Triple], float]:
    """Return the spans of each allowed sequence of labels, and its probability."""
    weights: dict[frozenset[Triple], float] = {}
    for path in itertools.product(range(scores.shape[1]), repeat=len(scores)):
        if all(b == 0 or b % 2 or a in (b, b - 1) for a, b in zip((0, *path), path, strict=False)):
            starts = [i for i, label in enumerate(path) if label % 2]
            ends = [next((j for j in range(i + 1, len(path)) if path[j] != path[i] + 1), len(path)) for i in starts]
            spans = frozenset((path[i] // 2, i, j) for i, j in zip(starts, ends, strict=True))
            moves = sum(float(transitions[a, b]) for a, b in pairwise(path))
            weights[spans] = math.exp(moves + sum(float(scores[i, label]) for i, label in enumerate(path)))
    total = sum(weights.values())
    return {spans: weight / total for spans, weight in weights.items()}


def chance(span: Triple, all_sequences: dict[frozenset[Triple], float]) -> float:
    return sum(share for spans, share in all_sequences.items() if span in spans)


@settings(deadline=None)
@given(st.lists(five, min_size=1, max_size=4), tables)
def test_the_chance_of_a_span_is_that_of_all_sequences_with_it(
    rows: list[list[float]], table: list[list[float]]
) -> None:
    """For every span of every kind, found by trying all allowed sequences."""
    scores, transitions = np.array(rows, np.float32), np.array(table, np.float32)
    tried = sequences(scores, transitions)
    [lattice] = read_lattices([(scores, transitions)])
    for last in range(len(rows)):
        chances = lattice.chances(last)
        assert chances.shape == (2, last + 1)
        for first, kind in itertools.product(range(last + 1), range(2)):
            assert chances[kind, first] == pytest.approx(chance((kind, first, last + 1), tried), abs=1e-6)


def test_heads_that_are_read_together_know_nothing_of_each_other() -> None:
    """Of other labels and other words than its own, a chance of a span does not depend."""
    random = np.random.default_rng(1)
    heads = [
        (random.normal(size=(40, n)).astype(np.float32), random.normal(size=(n, n)).astype(np.float32)) for n in (5, 9)
    ]
    for together, head in zip(read_lattices(heads), heads, strict=True):
        [alone] = read_lattices([head])
        for last in range(40):
            assert together.chances(last) == pytest.approx(alone.chances(last), abs=1e-9)


@given(st.lists(five, min_size=1, max_size=4), tables, st.lists(st.floats(0.01, 0.9), min_size=2, max_size=2))
def test_the_best_spans_are_worth_most(rows: list[list[float]], table: list[list[float]], floors: list[float]) -> None:
    """No set of spans without overlap is worth more, by chance above the floor of its kind."""
    scores, transitions = np.array(rows, np.float32), np.array(table, np.float32)
    tried = sequences(scores, transitions)
    [lattice] = read_lattices([(scores, transitions)])
    found = best_spans(lattice, np.array(floors))
    worth = {spans: sum(chance(s, tried) - floors[s[0]] for s in spans) for spans in tried}
    assert [span.first for span in found] == sorted(span.first for span in found)
    assert worth[frozenset(span[:3] for span in found)] == pytest.approx(max(worth.values()), abs=1e-6)
    for span in found:
        assert span.chance == pytest.approx(chance(span[:3], tried), abs=1e-6)


def test_a_long_sequence_neither_overflows_nor_goes_on_for_ever() -> None:
    """Fifty thousand words, all likely to be inside one span: the chances are finite, and no span is longer than `LONGEST`."""
    scores = np.tile(np.log(np.array([[0.02, 0.01, 0.97]], np.float32)), (50_000, 1))
    [lattice] = read_lattices([(scores, np.zeros((3, 3), np.float32))])
    assert np.isfinite(lattice.chances(49_999)).all()
    assert lattice.chances(49_999).shape == (1, LONGEST)
    assert all(span.past - span.first <= LONGEST for span in best_spans(lattice, np.array([0.0])))


def test_no_words_make_no_spans() -> None:
    """An empty article has no scores of words, and so no tags but those of its sentences."""
    assert word_scores(np.zeros((0, 7), np.float32), []).shape == (0, 7)


@pytest.mark.parametrize(
    ("marked", "expected", "name"),
    [
        ("said [Acme Inc.], which", "Acme Inc.", True),
        ("the [U.S.] Senate", "U.S.", True),
        ("said [Lee.]", "Lee", True),
        ("[Lee's] plan", "Lee", True),
        ("[“Lee] said", "Lee", True),
        ("[Ruiz (Ind.)] said", "Ruiz (Ind.)", True),
        ("[(Ruiz] said)", "Ruiz", True),
        ("the [Okaf]or plan", "Okafor", True),
        ("said [that it rained, ]he", "that it rained", False),
        ("said [“it rained.”] He", "“it rained.”", False),
        ("[Yahoo!] said", "Yahoo!", True),
    ],
)
def test_spans_snap_to_what_a_reader_would_mark(marked: str, expected: str, *, name: bool) -> None:
    """Words are whole, edges bare, and the stop of an abbreviation stays."""
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    assert text[slice(*snap(text, start, end, name=name))] == expected


def test_log_softmax_stands_large_numbers() -> None:
    """Probabilities sum to one however large the logits."""
    assert np.exp(log_softmax(np.array([[1e4, 1e4]], np.float32))).sum() == pytest.approx(1.0)


def test_the_model_is_the_one_its_card_names() -> None:
    """The checksums in model.json are those of the files, which are small enough to live in the repository."""
    card = json.loads((MODEL / "model.json").read_text(encoding="utf-8"))
    contents = {name: (MODEL / name).read_bytes() for name in ("words.onnx", "sentences.onnx", "vocab.txt")}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()} == card["sha256"]
    assert sum(map(len, contents.values())) < 30_000_000
    assert load_tagger().version == card["version"]


def test_the_model_is_opened_in_a_quarter_of_a_second() -> None:
    """Opening costs little beside a command's own start: the best of five, in CPU time."""
    costs = []
    for _ in range(5):
        start = time.process_time()
        load_model()
        costs.append(time.process_time() - start)
    assert min(costs) < 0.25


def test_the_model_file_tells_nothing_of_where_it_was_made() -> None:
    """No path or stack trace of the exporter is left in the file."""
    weights = (MODEL / "words.onnx").read_bytes() + (MODEL / "sentences.onnx").read_bytes()
    assert not any(word in weights for word in (b"/home/", b"/root/", b"site-packages", b"stack_trace", b'.py"'))


def test_a_missing_model_is_a_tagger_error(tmp_path: Path) -> None:
    """A folder without a model, and a model that is none, give one clear error."""
    with pytest.raises(TaggerError, match="cannot be loaded"):
        load_model(folder=tmp_path)
    names = ("vocab.txt", "model.json", "words.onnx", "sentences.onnx")
    for broken, content in itertools.product(names[1:], (b"{}", b"")):
        for name in names:
            (tmp_path / name).write_bytes(content if name == broken else (MODEL / name).read_bytes())
        with pytest.raises(TaggerError, match="cannot be loaded"):
            load_model(folder=tmp_path)


def test_a_tagger_that_is_loaded_ahead_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for it waits for it and gets it."""
    opened = []

    def open_slowly(*, threads: int) -> Model:
        opened.append(threads)
        time.sleep(0.1)
        return load_model(threads=1)

    monkeypatch.setattr("briefs.tagger.load_model", open_slowly)
    load_ahead(1001)
    assert load_tagger(1001) is load_tagger(1001)
    assert opened == [1001]


def test_what_goes_wrong_ahead_is_said_to_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread itself ends in peace: an error in it would be a warning, and so an error here."""

    def fail(*, threads: int) -> Model:
        raise TaggerError(f"no words.onnx for {threads} threads")

    monkeypatch.setattr("briefs.tagger.load_model", fail)
    load_ahead(1002)
    with pytest.raises(TaggerError, match=r"^no words\.onnx for 1002 threads$"):
        load_tagger(1002)


def long_article(words: int) -> Article:
    """Return an article of about so many words, of paragraphs of three sentences."""
    body = "\n\n".join(
        f"Ana Ruiz said dam {n} would hold. It was built in {1900 + n % 100}. Nobody left the town."
        for n in range(words // 17)
    )
    return read(f"Dams hold\n\n{body}\n")


def test_tags_stand_in_order_and_one_to_a_sentence() -> None:
    """Spans are sorted, lie in the text, and each sentence has a role with probabilities that sum to one."""
    article = read(SEEDS[0].read_bytes())
    tags = load_tagger().tag(article)
    for spans in ([m.span for m in tags.mentions], [a.span for a in tags.attributions]):
        assert spans
        assert all(a.end <= b.start for a, b in pairwise(spans))
    assert [t.span for t in tags.sentences] == [s.span for s in article.sentences]
    assert all(len(t.scores) == len(ROLES) and sum(t.scores) == pytest.approx(1, abs=0.01) for t in tags.sentences)


def test_an_article_without_headline_or_sentences_is_tagged() -> None:
    """Nothing in, nothing out; and a body alone is read."""
    origin = Origin(path="", sha256="")
    nothing = Article(text="", headline=Span(start=0, end=0), paragraphs=(), sentences=(), origin=origin)
    assert not load_tagger().tag(nothing).sentences
    span = Span(start=0, end=17)
    body = nothing.model_copy(
        update={"text": "Ana Ruiz said no.", "paragraphs": (span,), "sentences": (Sentence(span=span, paragraph=0),)}
    )
    assert [m.span.of(body.text) for m in load_tagger().tag(body).mentions] == ["Ana Ruiz"]


def test_tags_are_the_same_at_any_number_of_threads() -> None:
    """Threads change the time, not the tags."""
    article = read(SEEDS[0].read_bytes())
    assert load_tagger(2).tag(article) == load_tagger(1).tag(article)


def test_long_articles_take_time_in_proportion() -> None:
    """Twenty thousand words are read, at a cost a word not much above that of four thousand."""
    tagger = load_tagger()
    costs = []
    for words in (4_000, 20_000):
        article = long_article(words)
        start = time.process_time()
        tags = tagger.tag(article)
        costs.append((time.process_time() - start) / words)
        assert len(tags.sentences) == len(article.sentences) == words // 17 * 3
    assert costs[1] < 1.7 * costs[0]


def test_no_decision_over_the_seeds_hangs_on_a_coin_toss() -> None:
    """The nearest decision of each head over all seeds; `pytest -rP -k coin_toss` reports them.

    Processors differ by some 1e-5 in a probability or a score: a decision nearer than ten times that might fall the other way.
    """
    found = [
        (margin.size, margin.about, path.stem)
        for path in SEEDS
        for margin in margins(load_tagger(), read(path.read_bytes()))
    ]
    nearest = {head: min(entry for entry in found if entry[1] == head) for head in (*SPAN_HEADS, "role")}
    for size, head, stem in nearest.values():
        print(f"{head}: {size:.5f} in {stem}")  # noqa: T201 - the report
    assert all(size > 1e-4 for size, _, _ in nearest.values()), nearest


@given(st.lists(five, min_size=1, max_size=4), tables)
def test_a_margin_is_what_another_set_of_spans_costs(rows: list[list[float]], table: list[list[float]]) -> None:
    """It is the gap between the best set of spans and the next, found by trying them all."""
    scores, transitions = np.array(rows, np.float32), np.array(table, np.float32)
    tried = sequences(scores, transitions)
    floors = np.array([0.2, 0.3])
    worth = sorted(sum(chance(s, tried) - floors[s[0]] for s in spans) for spans in tried)
    [lattice] = read_lattices([(scores, transitions)])
    assert span_margin(lattice, floors) == pytest.approx(worth[-1] - worth[-2], abs=1e-6)
