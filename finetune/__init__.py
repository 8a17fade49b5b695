"""Fine-tuning: brokers' comments and filings → a model that explains disclosures, checked and deployed.

It imports nothing of `bots`, and nothing of what `finetune/env` needs (torch, transformers, LLaMA-Factory):
those live in an environment of their own and are run there.
"""
