"""Cases told as a calendar (one .toml each, see player.py), played with the real ladder and the real decisions."""

from pathlib import Path

import pytest

from tests.stories.player import play

STORIES = sorted(Path(__file__).parent.glob("*.toml"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_the_story_is_true(story: Path) -> None:
    play(story)


def test_a_story_that_forgets_a_letter_is_no_story(tmp_path: Path) -> None:
    told = (Path(__file__).parent / "unprintable_name.toml").read_text("utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(told.replace('we_send = "reminder"', ""), "utf-8")
    with pytest.raises(AssertionError):
        play(wrong)
