"""Nothing is sent to anybody: what libraries count of their use is switched off. To be imported before any of them."""

from __future__ import annotations

import os

# By what Daft, Ray and onnxruntime read of the environment as soon as they are imported, in this process and in all it starts.
SILENT = {
    "DAFT_ANALYTICS_ENABLED": "0",
    "DO_NOT_TRACK": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
}
os.environ.update(SILENT)
