"""How many tokens each record is: `python tokens.py TOKENIZER < messages.jsonl > counts.json`.

A line is a list of chat messages. Runs in the fine-tuning environment.
"""

import json
import sys

from transformers import AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
counts = []
for line in sys.stdin:
    messages = json.loads(line)
    if tokenizer.chat_template:
        ids = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=False)
    else:  # a few tokens stand round each message
        ids = [0] * 8 * len(messages) + tokenizer.encode("".join(m["content"] for m in messages))
    counts.append(len(ids))
sys.stdout.write(json.dumps(counts))
