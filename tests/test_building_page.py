"""Each sentence of the page on what one can count on from a build has tests, which are named here."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ROOT, Outcome, run
from test_site import write_articles
from trusted import Call, tree

PAGE = ROOT / "docs/building.md"
# Each sentence, and below it the tests of all that it says.
TESTS = """\
A build with nothing to do writes nothing and says so: `3 briefs, up to date: open out/index.html`.
    test_ledger.test_a_build_with_nothing_to_do_says_so_and_loads_no_model
What has changed is told by content and not by date: a file that is only touched, or checked out anew, has not changed.
    test_building_page.test_a_file_that_is_only_touched_has_not_changed
    test_building_page.test_a_change_that_keeps_size_and_date_is_one
An article goes through the model again when its own file, its name, or an option of reading has changed, and never for
a change of another article, of a template or of an option of pages.
    test_cache.test_only_what_changed_is_parsed
    test_cache.test_options_of_pages_have_nothing_parsed_again
    test_cache.test_options_of_reading_have_all_parsed_again
Of an article that changed, its own brief is rendered and the shared pages that it is on.
    test_incremental.test_an_article_that_changes_makes_its_own_pages_and_those_that_it_touches
Of a template that changed, what uses it is rendered, and nothing is parsed; so is what would use a template that was
missing and is there now.
    test_incremental.test_a_template_makes_what_it_is_used_for_and_parses_nothing
    test_incremental.test_a_template_that_was_missing_and_comes_makes_what_asked_for_it
    test_cache.test_options_of_pages_have_nothing_parsed_again
Of an option that changed, what reads it is rendered.
    test_incremental.test_an_option_makes_what_reads_it
A page that would have the same bytes is not touched: its date stays, too.
    test_site.test_a_second_build_touches_no_file
    test_site.test_a_build_writes_what_changed
The same articles, templates and options give the same bytes, whatever was built in the folder before, and with any
`--jobs`.
    test_soak.test_a_site_after_whatever_happens_is_that_of_a_clean_build
    test_jobs.test_results_and_files_are_the_same_with_any_number_of_jobs
    test_site.test_a_build_gives_the_same_bytes_with_other_threads_hash_seed_and_locale
A build removes the pages that builds made and that nothing makes any more: of an article that is gone, or of an option
that you dropped.
    test_ledger.test_what_was_made_of_an_article_that_is_gone_is_removed
    test_ledger.test_what_an_option_made_is_gone_without_it
A folder that is empty then goes, too.
    test_ledger.test_a_folder_that_is_empty_then_is_removed_too
A file that no build made is never removed.
    test_site.test_files_of_others_in_the_folder_stay
    test_ledger.test_what_was_made_of_an_article_that_is_gone_is_removed
    test_ledger.test_a_ledger_never_reaches_out_of_its_folder
A file that you put there or changed is never overwritten: the build does the rest, names the file, and ends with exit
code 1.
    test_ledger.test_a_file_that_somebody_changed_is_left_alone_and_named
    test_ledger.test_a_file_that_was_there_before_the_first_build_is_left_alone
    test_ledger.test_a_changed_file_of_an_article_that_is_gone_stays
With `--force` such a file is overwritten.
    test_ledger.test_a_file_that_somebody_changed_is_left_alone_and_named
An article is never written over, even where the folder of the site lies among the articles.
    test_site.test_a_brief_is_never_written_over_a_seed
    test_site.test_a_build_into_a_folder_among_the_seeds_never_reads_what_it_wrote
What builds made is noted in a ledger, `.briefs-plain.json` or `.briefs-hugo.json` and so on, which is part of the folder.
    test_ledger.test_two_targets_in_one_folder_leave_each_other_alone
    test_ledger.test_without_its_ledger_a_build_takes_what_is_as_it_would_write_it_for_its_own
    test_clean.test_all_that_builds_made_is_removed_for_every_target_and_so_are_their_ledgers
Where the ledger is lost, a build takes for its own what is as it would write it.
    test_ledger.test_without_its_ledger_a_build_takes_what_is_as_it_would_write_it_for_its_own
`briefs clean` removes what builds made, for whatever target, and leaves and names what you changed.
    test_clean.test_all_that_builds_made_is_removed_for_every_target_and_so_are_their_ledgers
    test_clean.test_what_somebody_changed_or_put_there_stays
A clean that is killed or fails leaves whole files, and the next one removes them.
    test_kills.test_after_a_clean_that_is_killed_the_next_one_removes_the_rest_and_a_build_makes_the_site_anew
    test_trust.test_what_cannot_be_removed_is_an_error_of_clean_that_names_it
`briefs clean --dry-run` removes nothing and lists what would go.
    test_clean.test_a_dry_run_lists_what_the_next_run_removes_and_removes_nothing
An article that cannot be read does not stop the others.
    test_site.test_a_seed_that_fails_does_not_stop_the_others_and_is_named_at_the_end
What is wrong is listed once, at the end, with file, line and column, what was found and what was expected; the exit
code is 1.
    test_site.test_a_seed_that_fails_does_not_stop_the_others_and_is_named_at_the_end
The last good brief of such an article stays published, and stays in the lists as long as the cache has it.
    test_ledger.test_the_last_good_brief_of_an_article_that_fails_now_stays
    test_incremental.test_the_last_good_brief_stays_in_the_lists_and_is_made_anew_with_the_site
With `--strict` nothing is written then.
    test_site.test_a_strict_build_writes_nothing_where_an_article_or_a_template_for_one_fails
A template that fails for one brief leaves that brief as it was, or out where it was not there, and one that fails for all
stops the build before anything is written.
    test_incremental.test_a_template_that_fails_for_a_brief_leaves_it_as_it_was
    test_incremental.test_a_template_that_fails_for_all_changes_nothing_also_where_nothing_is_parsed
    test_site.test_a_template_broken_for_all_stops_the_build_and_one_broken_for_one_does_not
A disk that is full or read-only, or a folder that may not be written to, is an error that names the place, and leaves
no half file.
    test_trust.test_a_file_that_grows_too_large_to_write_leaves_a_site_that_heals
    test_trust.test_a_disk_that_is_full_leaves_a_site_that_heals_as_soon_as_there_is_space
    test_trust.test_a_read_only_file_system_is_an_error_where_something_would_change_and_none_where_nothing_would
    test_trust.test_a_folder_in_which_nothing_may_be_written_is_an_error
Where nothing would change, a read-only folder is no error.
    test_trust.test_a_read_only_file_system_is_an_error_where_something_would_change_and_none_where_nothing_would
An article that vanishes while the build runs is an error of this article alone.
    test_trust.test_an_article_that_goes_while_the_build_runs_is_an_error_of_this_article_alone
    test_trust.test_a_folder_of_articles_that_goes_while_the_build_runs_takes_no_brief_with_it
An article or a template that is replaced while the build runs is the old one or the new one, and the next build has the
new one.
    test_trust.test_after_a_template_that_changes_while_the_build_runs_the_next_build_has_the_new
    test_trust.test_an_article_that_is_replaced_while_the_build_runs_is_the_one_or_the_other_and_the_next_build_has_the_new
After any of this, the next build that can makes the site what it is in a new folder, to the byte.
    test_trust.test_a_file_that_grows_too_large_to_write_leaves_a_site_that_heals
    test_trust.test_an_article_that_goes_while_the_build_runs_is_an_error_of_this_article_alone
    test_soak.test_a_site_after_whatever_happens_is_that_of_a_clean_build
While a build writes to a folder, a second one changes nothing there, says that another is writing, and ends with exit
code 1; so does `briefs clean`.
    test_site.test_two_builds_do_not_write_to_the_same_folder
    test_kills.test_of_builds_that_are_started_at_once_one_is_done_and_the_others_say_why_not
    test_clean.test_while_a_build_is_writing_nothing_is_removed
Builds into different folders may run at once and share a cache.
    test_kills.test_builds_into_several_folders_share_a_cache_at_once
Ctrl-C ends a build within a second, with all its processes and with exit code 130; a request to terminate ends it with
143.
    test_jobs.test_a_build_that_is_stopped_takes_its_workers_with_it
    test_jobs.test_a_build_that_is_stopped_while_workers_start_or_are_busy_ends_at_once
    test_site.test_a_build_that_is_stopped_ends_at_once_and_leaves_the_old_site
No page is written before all articles are read: a build that is stopped before leaves the old site as it was.
    test_site.test_a_build_that_is_stopped_ends_at_once_and_leaves_the_old_site
Every file is written beside its place and moved there: nobody ever sees half of one.
    test_kills.test_a_build_that_is_killed_before_any_change_that_it_makes_leaves_a_site_that_heals
    test_files.test_a_durable_file_is_on_the_disk_before_it_takes_the_place_of_the_old_one
A build may be killed at any moment: each file is then, whole, that of the old site or that of the new.
    test_kills.test_a_build_that_is_killed_before_any_change_that_it_makes_leaves_a_site_that_heals
    test_kills.test_a_build_that_is_killed_at_any_moment_leaves_a_site_that_heals
The next build after that takes what was written for its own and does the rest.
    test_kills.test_a_build_that_is_killed_at_any_moment_leaves_a_site_that_heals
    test_ledger.test_a_build_that_is_killed_at_any_moment_leaves_nothing_that_the_next_does_not_know
An empty file, as a power cut leaves, is written again.
    test_site.test_a_build_heals_what_a_killed_one_left
What was parsed is kept in `.briefs-cache`, or where `--cache DIR` says, and with `--no-cache` nowhere.
    test_cache.test_what_was_parsed_before_is_not_parsed_again_and_the_site_is_the_same
    test_cache.test_a_folder_that_cannot_be_made_is_an_error
The cache may be deleted at any time: the next build takes longer and writes the same bytes.
    test_cache.test_the_cache_is_marked_as_one_and_may_be_deleted
    test_cache.test_what_was_parsed_before_is_not_parsed_again_and_the_site_is_the_same
Builds of different branches, and of different folders, can share it: what is kept is found by what it was made from.
    test_cache.test_only_what_changed_is_parsed
    test_kills.test_builds_into_several_folders_share_a_cache_at_once
A file in it that is broken counts for nothing.
    test_cache.test_what_cannot_be_read_counts_for_nothing
Once a day, and after a build of many new articles, what was not used for longest goes, until no more than 500 MB are left.
    test_cache.test_what_few_new_articles_add_is_tidied_once_a_day
    test_cache.test_what_was_not_used_for_longest_goes_first
Git leaves it out, by a `.gitignore` in it, and so do programs for backups, by a `CACHEDIR.TAG`.
    test_cache.test_the_cache_is_marked_as_one_and_may_be_deleted
A cache that cannot be written to costs time and nothing else.
    test_trust.test_a_cache_in_which_nothing_may_be_written_costs_time_and_nothing_else
The exit code is 0 where all went well, 1 where something is wrong, and 2 where the command was not understood or there
are no articles.
    test_building_page.test_exit_codes_are_those_of_the_page
Where standard error is no terminal, there is a line for each article that is parsed and none that changes, and with
`--quiet` only what is wrong.
    test_incremental.test_a_line_is_said_of_what_is_parsed_and_with_verbose_of_all
    test_building_page.test_where_there_is_no_terminal_each_brief_has_a_line
    test_site.test_a_quiet_build_prints_errors_only
With `--output-format github` what is wrong is shown beside the file, and with `--output-format json` it is a document
for programs.
    test_reporting.test_for_github_each_fault_is_an_annotation_of_the_file_in_the_repository
    test_reporting.test_as_json_a_build_prints_one_document_and_its_progress_elsewhere
With `--check` a build writes nothing, lists the files that it would change, with `+` for new, `~` for changed and `-`
for removed ones, and ends with exit code 1 if there are any.
    test_incremental.test_check_lists_what_would_change_and_writes_nothing
With `--diff` it shows the lines that would change, too.
    test_incremental.test_diff_shows_the_lines_and_patch_makes_the_site_of_them
The only clock is `SOURCE_DATE_EPOCH`, and without it a build on another day gives the same bytes.
    test_building_page.test_a_build_on_another_day_gives_the_same_bytes
    test_ledger.test_a_date_for_what_has_none_is_something_to_do
Articles are parsed, and the files of large sites filled in, by as many processes as the machine, or the container, has
cores for, at most 16, unless `--jobs` says otherwise.
    test_jobs.test_files_are_the_same_whoever_fills_them_in
    test_cores.test_cores_are_those_of_the_affinity_and_of_the_quotas_of_control_groups
    test_cores.test_a_build_shares_the_cores_between_its_jobs_unless_it_is_told_otherwise
For eight articles or fewer no process is started.
    test_jobs.test_no_process_is_started_for_one_job_or_few_articles
A build with nothing to do does not load the model.
    test_ledger.test_a_build_with_nothing_to_do_says_so_and_loads_no_model
A build asks nothing of any network.
    test_building_page.test_a_build_opens_no_socket
"""


def sentences() -> list[str]:
    """Return the sentences of the page from its second heading on, which stand in a line each; no commands."""
    text = re.sub(r"^```.*?^```$", "", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    _, _, said = text.partition("\n## ")
    return [line for line in f"## {said}".splitlines() if line and not line.startswith("#")]


def table() -> dict[str, list[str]]:
    """Return the tests of each sentence."""
    said: dict[str, list[str]] = {}
    for part in re.findall(r"((?:^\S.*\n)+)((?:^ .*\n)+)", TESTS, re.MULTILINE):
        sentence, tests = (text.split() for text in part)
        said[" ".join(sentence)] = tests
    return said


def functions_of(module: str) -> set[str]:
    parsed = ast.parse((ROOT / f"tests/{module}.py").read_text(encoding="utf-8"))
    return {f"{module}.{node.name}" for node in parsed.body if isinstance(node, ast.FunctionDef)}


def test_every_line_of_the_page_is_one_sentence() -> None:
    said = sentences()
    assert len(said) == len(set(said)) > 40
    assert [line for line in said if not line.endswith((".", "`.")) or re.search(r"[.!?] [A-Z]", line)] == []


def test_every_sentence_of_the_page_has_tests_and_they_are_there() -> None:
    tests = table()
    assert list(tests) == sentences()
    named = {name for names in tests.values() for name in names}
    modules = {name.split(".")[0] for name in named}
    assert named - {name for module in modules for name in functions_of(module)} == set()


def test_a_file_that_is_only_touched_has_not_changed(call: Call, tmp_path: Path) -> None:
    seeds, mine, out = write_articles(tmp_path / "seeds", "dam.txt"), tmp_path / "mine", tmp_path / "out"
    mine.mkdir()
    (mine / "summary.txt.j2").write_text("{{ page.summary }}", encoding="utf-8")
    asked = ("build", seeds, out, "--templates", mine)
    assert call(*asked).code == 0
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    for path in (seeds / "dam.txt", mine / "summary.txt.j2"):
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
    assert call(*asked) == (0, "", f"1 brief, up to date: open {out}/index.html\n")
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_a_change_that_keeps_size_and_date_is_one(call: Call, tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt"), tmp_path / "out"
    call("build", seeds, out)
    path = seeds / "dam.txt"
    status = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("Ruiz", "Lund"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert "up to date" not in call("build", seeds, out).err
    assert b"Ana Lund" in (out / "dam/brief.json").read_bytes()


def test_exit_codes_are_those_of_the_page(call: Call, tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt"), tmp_path / "out"
    assert call("build", seeds, out).code == 0
    (seeds / "notes.txt").write_text("Notes\n", encoding="utf-8")
    assert call("build", seeds, out).code == 1
    assert call("build", seeds, out, "--titel", "Dams").code == 2
    assert call("build", tmp_path / "none", out).code == 2


def test_where_there_is_no_terminal_each_brief_has_a_line(tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt", "lake.txt"), tmp_path / "out"
    assert run("build", seeds, out) == Outcome(
        0,
        "",
        f"[1/2] {seeds}/dam.txt -> {out}/dam\n[2/2] {seeds}/lake.txt -> {out}/lake\n2 briefs: open {out}/index.html\n",
    )


def test_a_build_on_another_day_gives_the_same_bytes(tmp_path: Path) -> None:
    """Python's own clock, and no other, is another day's in a process."""
    seeds = write_articles(tmp_path / "seeds", "dam.txt")
    script = (
        "import sys, time, datetime as d; now = d.datetime.now\n"
        "class Later(d.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None): return now(tz) + d.timedelta(days=400)\n"
        "    @classmethod\n"
        "    def utcnow(cls): return cls.now()\n"
        "    @classmethod\n"
        "    def today(cls): return cls.now()\n"
        "d.datetime = Later; clock = time.time; time.time = lambda: clock() + 400 * 86400\n"
        "from briefs.cli import main; main()\n"
    )
    subprocess.run([sys.executable, "-c", script, "build", seeds, tmp_path / "later", "-q"], check=True, timeout=60)
    assert run("build", seeds, tmp_path / "now", "-q") == (0, "", "")
    assert tree(tmp_path / "later") == tree(tmp_path / "now")


def test_a_build_opens_no_socket(call: Call, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a build has opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    assert call("build", article, tmp_path / "out", "--base-url", "https://b.example/").code == 0
