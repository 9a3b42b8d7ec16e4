"""The drawings of figures: what they are made of, how they are drawn, and as which SVG."""
