"""Any number of year files, read and checked in this process, in several, or on a cluster."""
