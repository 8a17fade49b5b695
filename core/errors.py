"""One small tree of errors; what each branch means to the caller. Messages are Korean: users read them.

GongsiError
├── InputError       the person's argument, file or setting was wrong          → exit 2
│   └── UnreadableFiling   these bytes are no filing we can read: quarantine it
├── StoreError       the database could not be had or refused                  → exit 3
│   └── FingerprintMismatch   stored vectors were made by another model
├── DartError        OpenDART refused, or said what we do not understand       → exit 3
│   ├── DartUnavailable   not now; the same call may succeed later
│   └── QuotaExceeded     no more calls until the Korean midnight
└── ModelError       the language or embedding model failed                    → exit 3

Standard library only; no third-party exception or type appears here.
"""


class GongsiError(Exception):
    """Base of all; `str(error)` is one Korean sentence that may be shown to a person."""

    exit_code = 1


class InputError(GongsiError):
    exit_code = 2


class UnreadableFiling(InputError):
    """The reason goes to quarantine beside the file's name; other filings go on."""


class StoreError(GongsiError):
    exit_code = 3


class FingerprintMismatch(StoreError):
    """Vectors of another embedding model are stored; the message names the command that re-embeds."""


class ModelError(GongsiError):
    exit_code = 3


class DartError(GongsiError):
    exit_code = 3


class DartUnavailable(DartError):
    """OpenDART is down, busy, cut the answer short or is being maintained."""


class QuotaExceeded(DartError):
    """Today's calls are used up; what is left waits and nothing is lost."""
