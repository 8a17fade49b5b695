"""What share of planted defects the judge of fine-tuning catches, on a dataset and on the samples' reports.

`python -m benchmarks.judge [DATASET FOLDER]`; without a folder, the interpretations of the bundled samples.
"""

import sys
from pathlib import Path

from core.profile.glossary import load_glossary
from core.wiring.models import build_tokenizer
from finetune.judge import Judge
from finetune.names import proper_nouns
from finetune.record import read_records
from tests.doubles.defects import measure
from tests.doubles.learnt import interpretations

TIMES = 5


def main() -> None:
    if len(sys.argv) > 1:
        parts = ("train", "validation", "test")
        records = [r for name in parts for r in read_records(Path(sys.argv[1]) / f"{name}.json")]
    else:
        records = list(interpretations())
    kiwi = build_tokenizer()
    names = sorted({record.corp_name for record in records})
    kiwi.add_names(names)
    judge = Judge(load_glossary(), names, proper_nouns(kiwi.kiwi.tokenize), kiwi.terms)  # type: ignore[attr-defined]
    found = measure(records, judge, TIMES)
    for kind, count in found.planted.items():
        print(f"{kind:9} {found.caught[kind]:5}/{count:5} {found.share(kind):7.2%}")
    print(f"{'alarms':9} {len(found.alarms):5}/{found.clean:5} {found.false:7.2%}")
    for alarm in found.alarms[:10]:
        print(f"  {alarm[:160]}")


if __name__ == "__main__":
    main()
