"""The text of YAML files as nodes with positions, and the pitfalls of YAML. It knows neither forms nor reports."""
