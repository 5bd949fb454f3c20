"""The report: one self-contained HTML page about a published run."""

from bullseye.faces.report.writing import ReportWritten, write_report

__all__ = ["ReportWritten", "write_report"]
