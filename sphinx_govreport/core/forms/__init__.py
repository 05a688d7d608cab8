"""The forms: statutory editions of the tables, as data. They are read, checked and laid out here, without any figure."""
