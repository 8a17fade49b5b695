"""Fine-tuning lives here, apart from the bots: see DESIGN.md. It imports nothing of `bots`."""
