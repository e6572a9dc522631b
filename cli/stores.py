"""What a command reads of jobs."""

from __future__ import annotations

from dataclasses import dataclass

from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.progress import ProgressStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    jobs: JobStore
    progress: ProgressStore
    findings: FindingStore
