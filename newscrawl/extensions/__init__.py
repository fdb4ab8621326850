"""What runs beside a crawl: the record of the run, and its progress on a terminal."""
