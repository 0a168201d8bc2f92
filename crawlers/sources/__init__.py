"""One file per public source, found by Scrapy's own loader."""
