"""Reports: an agency's figures for one year, read by a form; and what is made of figures: quotations, series, roll-ups."""
