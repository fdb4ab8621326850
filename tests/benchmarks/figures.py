"""Figures as the benchmarks return them, small or invented, to draw and to publish."""

from collections.abc import Mapping
from typing import Any

from benchmarks import growth_pages

MADE: Mapping[str, Mapping[str, Any]] = {
    "growth-pages": growth_pages.main(kilobytes=(10, 30), depths=(10, 30)),
    "growth-articles": {
        "rows": [
            {
                "articles": articles,
                "stored": articles - 7,
                "pages": articles + 11,
                "seconds": articles / 250,
                "pages_per_cpu_second": 241.5,
                "peak_mb": peak,
            }
            for articles, peak in ((1_000, 101.9), (10_000, 119.8))
        ],
        "peak_mb": {"1,000": 101.9, "10,000": 119.8},
        "memory_growth_mb": 17.9,
    },
    "scale": {
        "known addresses": {
            "rows": [
                {
                    "urls": urls,
                    "open_ms": 1.4,
                    "known_us": 26.1,
                    "known_cold_us": 353.0,
                    "memory_mb": 8.0,
                    "resume_ms": 0.2,
                }
                for urls in (10_000, 100_000, 1_000_000)
            ]
        },
        "stored articles": {
            "rows": [
                {
                    "articles": articles,
                    "sources_cpu_ms": 501.5,
                    "status_cpu_ms": 533.0,
                    "explain_cpu_ms": 554.0,
                    "history_cpu_ms": 537.0,
                    "export_since_again_cpu_ms": 610.0,
                }
                for articles in (10_000, 1_000_000)
            ]
        },
        "near duplicates": {
            "rows": [
                {
                    "articles": articles,
                    "fill_cpu_us": 410.5,
                    "fingerprint_cpu_us": 2_410.0,
                    "near_0_cpu_ms": 0.02,
                    "near_4_cpu_ms": 0.3,
                    "near_8_cpu_ms": 1.3,
                    "near_11_cpu_ms": 3.1,
                    "again_cpu_ms": 4.0,
                    "groups_cpu_s": articles / 20_000,
                    "groups_memory_mb": 12.0,
                }
                for articles in (10_000, 1_000_000)
            ]
        },
    },
    "settings": {"ratio": {"ours": 1.0, "`JOBDIR`": 0.71}},
    "profiles": {
        "share": {
            "crawl": {"Scrapy": 0.4, "imports": 0.25, "SQLite": 0.1, "YAML": 0.004},
            "export": {"imports": 0.6, "SQLite": 0.2, "YAML": 0.015},
        }
    },
    "peers": {
        "extractors": {
            "newscrawl": {
                "version": "0.1.0", "peer": False, "ms": 3.1, "title": 1, "text_f1": 0.993,
            },
            "gne": {"version": "0.4.3", "peer": True, "ms": 37.9, "title": 0.9, "text_f1": 0.8},
        },
        "times_as_fast": 12.2,
    },
    "extraction": {"ratio": 2.4},
    "pipeline": {
        "ratio_cpu": {
            "bare": {"newscrawl": 0.43, "one_dialect": 0.47, "without_raw": 0.48},
            "tuned": {"newscrawl": 0.31, "one_dialect": 0.34},
            "scrapy_defaults": {"newscrawl": 0.7, "one_dialect": 0.8},
            "usual": {"newscrawl": 1.1, "one_dialect": 1.2},
        },
        "ratio_wall": {"bare": {"two_processes": 0.5}},
    },
    "cron": {"one section": {"ratio": 0.92}, "all sections": {"ratio": 1.29}},
    "export": {
        dialect: {"ratio": 1.8, "unchanged_s": 0.21} for dialect in ("jekyll", "hexo", "hugo")
    },
    "import": {"jekyll": {"ratio": 2.7}, "hexo": {"ratio": 2.9}},
    "rebuild": {"ratio": 2.9},
    "reextract": {"steady": {"of_ideal_on_two": 1.02}, "whole": {"of_ideal_on_two": 0.91}},
}  # fmt: skip
