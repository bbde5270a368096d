"""Finding the KBLI code of a trade, and what a code covers: everyday words, and the classification where imported."""
