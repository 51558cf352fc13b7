"""The live rulebook: tags held, why, since when and until when, and the clock that changes them."""
