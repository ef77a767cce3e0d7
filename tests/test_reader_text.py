"""The text reader: offsets that lead back to the file, errors that say where, and time linear in the input."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from briefs.errors import SeedError
from briefs.readers import DEFAULT_MAX_BYTES, read_text
from briefs.readers.language import detect_language
from briefs.stages.dates import find_moments

ERRORS = Path(__file__).parent / "cases" / "errors"
MESSAGES = {line.split(":")[0]: line for line in (ERRORS / "messages.txt").read_text(encoding="utf-8").splitlines()}
MAX_BYTES = 4_000
HEAD = "Dam cracks above the town\n\n"
BODY = "The dam above the town cracked on Monday, officials said, and 14,000 people fled.\n\n"


def test_every_bad_file_has_its_message() -> None:
    assert {path.name for path in ERRORS.iterdir()} - {"messages.txt"} == set(MESSAGES)


@pytest.mark.parametrize("name", list(MESSAGES))
def test_a_bad_file_raises_its_message(name: str) -> None:
    with pytest.raises(SeedError) as caught:
        read_text((ERRORS / name).read_bytes(), path=name, max_bytes=MAX_BYTES)
    assert str(caught.value) == MESSAGES[name]


@pytest.mark.parametrize("name", ["french.txt", "russian.txt", "swahili.txt"])
def test_another_language_is_read_if_asked_for(name: str) -> None:
    article = read_text((ERRORS / name).read_bytes(), path=name, language="any")
    assert article.paragraphs
    assert article.origin.language == "und"


def test_english_is_named_as_such() -> None:
    assert read_text((HEAD + BODY).encode(), path="a.txt", language="any").origin.language == "en"


def test_text_is_the_file_code_point_for_code_point() -> None:
    file = HEAD + "The dam above the town cracked on Monday, officials said, and 14,000\npeople fled, « vite\xa0».\n"
    article = read_text(b"\xef\xbb\xbf" + file.replace("\n", "\r\n").encode(), path="a.txt")
    assert len(article.text) == len(file)
    assert [(a, b) for a, b in zip(file, article.text, strict=True) if a != b] == [("\n", " ")]


def test_sentences_lie_in_their_paragraphs() -> None:
    article = read_text((HEAD + BODY + "It held. “For now,” he said.\n").encode(), path="a.txt")
    assert [sentence.paragraph for sentence in article.sentences] == [0, 1, 1]
    assert all(article.paragraphs[s.paragraph].contains(s.span) for s in article.sentences)


def test_the_origin_names_the_file_and_its_hash() -> None:
    origin = read_text((HEAD + BODY).encode(), path="seeds/a.txt").origin
    assert origin.path == "seeds/a.txt"
    assert len(origin.sha256) == 64


_BIG = 1_900_000
_HOSTILE = {
    "a long line": HEAD + "The town said that the river rose and it was closed. " * (_BIG // 53),
    "a long word": HEAD + BODY + "a" * _BIG,
    "stops": HEAD + BODY + "." * _BIG,
    "opening brackets": HEAD + BODY + "(" * _BIG,
    "brackets in pairs": HEAD + BODY + "()" * (_BIG // 2),
    "quotation marks": HEAD + BODY + "“" * (_BIG // 3),
    "commas": HEAD + BODY + "A, " * (_BIG // 3),
    "bylines": HEAD + "By " + "Ann Lee and " * (_BIG // 12) + "\n\n" + BODY,
    "slashes": HEAD + BODY + "Ann Lee/" * (_BIG // 8),
    "dates": HEAD + BODY + "March 3, 2026 " * (_BIG // 14),
    "dashes": HEAD + "AAA — " * (_BIG // 8) + "\n\n" + BODY,
    "bidi controls": HEAD + BODY + "\u202e a " * (_BIG // 6),
    "zero-width characters": HEAD + BODY + "\u200b" * (_BIG // 3),
    "blank lines": HEAD + "\n" * _BIG + BODY,
    "blanks": HEAD + " \n" * (_BIG // 2) + BODY,
    "carriage returns": HEAD + BODY + "\r" * _BIG,
    "lines": "line\n" * (_BIG // 5),
    "tabs": HEAD + BODY + "\t" * _BIG,
    "links": HEAD + BODY + "http://a.b/" * (_BIG // 11),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in _HOSTILE.items()])
def test_hostile_text_takes_linear_time(text: str) -> None:
    source = text.encode()
    assert len(source) <= DEFAULT_MAX_BYTES
    start = time.process_time()
    with contextlib.suppress(SeedError):
        read_text(source, path="hostile.txt", language="any")
    assert time.process_time() - start < 4.0


@pytest.mark.parametrize(
    ("line", "moments"),
    [
        ("February 18, 2026", ("2026-02-18", None)),
        ("Monday, 16 February 2026", ("2026-02-16", None)),
        ("14 January 2026", ("2026-01-14", None)),
        ("2026-03-12", ("2026-03-12", None)),
        ("2026-03-12T16:05:00Z", ("2026-03-12T16:05:00+00:00", None)),
        ("2026-03-12 16:05 +0200", ("2026-03-12T16:05+02:00", None)),
        ("Published March 12, 2026 4:05 p.m. UTC", ("2026-03-12T16:05+00:00", None)),
        ("Updated 6:12 PM UTC, Thu June 4, 2026", (None, "2026-06-04T18:12+00:00")),
        ("Last updated: 3rd of May, 2026 at 12:30 am ET", (None, "2026-05-03T00:30")),
        ("Posted on Sept. 9, 2025, 1605 GMT", ("2025-09-09T16:05+00:00", None)),
        ("Published 2 May 2026 | Updated 3 May 2026", ("2026-05-02", "2026-05-03")),
        ("12.03.2026", ("2026-03-12", None)),
        ("25/04/2026", ("2026-04-25", None)),
        ("04/05/2026", (None, None)),
        ("March 3", (None, None)),
        ("2 hours ago", (None, None)),
        ("31 February 2026", (None, None)),
    ],
)
def test_a_date_line_is_read_as_precisely_as_it_is_written(line: str, moments: tuple[str | None, str | None]) -> None:
    assert find_moments(line) == moments


_ENGLISH = {
    "a line": "Quake hits Lima",
    "results": "Results: Kell 2 Selm 1, Tarn 0 Orre 0, Port Alder 3 Eastwick 2, Stone End 1 Varrow 1. Scorers:"
    " Lee 12, Ray 40, Castellan 77, Fenn 90. Attendance 12,400. Referee: De la Cruz. Next: Kell v"
    " Tarn, Saturday.",
    "names": "Los Angeles Mayor Ana de la Cruz met El Paso's Luis del Rio, San Jose's Maria de los Santos and"
    " Das Gupta of La Paz on Monday to sign the pact.",
    "foreign quotes": "« La rivière est montée dans la nuit et les deux ponts ont été fermés », the mayor said, in"
    " words that were translated for the crowd: the river had risen and the bridges were closed.",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in _ENGLISH.items()])
def test_english_is_never_turned_away(text: str) -> None:
    assert detect_language(text).english


_FOREIGN = {
    "French": "Le conseil municipal a voté lundi le maintien du bus de nuit pour une année. Les habitants"
    " avaient manifesté devant la mairie, et le maire a promis que la ligne serait prolongée jusqu'à"
    " la gare.",
    "Spanish": "El ayuntamiento votó el lunes mantener el autobús nocturno durante un año más. Los vecinos"
    " habían protestado y el alcalde prometió que la línea llegaría hasta la estación, a pesar del"
    " coste.",
    "German": "Der Stadtrat hat am Montag beschlossen, den Nachtbus für ein weiteres Jahr zu behalten. Die"
    " Anwohner hatten vor dem Rathaus protestiert, und der Bürgermeister versprach, dass die Linie"
    " verlängert wird.",
    "Italian": "Il consiglio comunale ha votato lunedì per mantenere l'autobus notturno per un altro anno. I"
    " residenti avevano protestato davanti al municipio e il sindaco ha promesso che la linea sarà"
    " prolungata.",
    "Portuguese": "A câmara municipal votou na segunda-feira a favor de manter o autocarro por mais um ano. Os"
    " moradores tinham protestado e o presidente prometeu que a linha chegará à estação, apesar do"
    " custo.",
    "Dutch": "De gemeenteraad heeft maandag besloten de nachtbus nog een jaar te laten rijden. Bewoners"
    " hadden voor het stadhuis geprotesteerd en de burgemeester beloofde dat de lijn naar het station"
    " wordt doorgetrokken.",
    "Polish": "Rada miasta zagłosowała za utrzymaniem nocnego autobusu przez kolejny rok. Mieszkańcy"
    " protestowali przed ratuszem, a burmistrz obiecał, że linia zostanie przedłużona do dworca, mimo"
    " że to jest drogie.",
    "Cyrillic script": "Городской совет проголосовал за сохранение ночного автобуса еще на год.",
    "Arabic script": "صوت مجلس المدينة يوم الاثنين لصالح الإبقاء على الحافلة الليلية لعام آخر.",
    "Chinese script": "市议会周一投票决定将夜间巴士再保留一年。居民曾在市政厅前抗议。",
}


@pytest.mark.parametrize(("name", "text"), list(_FOREIGN.items()))
def test_a_paragraph_in_another_language_is_known_as_such(name: str, text: str) -> None:
    verdict = detect_language(text)
    assert not verdict.english
    assert verdict.name == name
