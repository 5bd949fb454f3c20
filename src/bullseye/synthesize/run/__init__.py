"""Run step 4: who the people are, by what their titles say."""

from bullseye.synthesize.run.titling import Decision, TitleRow, Titles, override, titles

__all__ = ["Decision", "TitleRow", "Titles", "override", "titles"]
