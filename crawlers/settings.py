"""Scrapy's settings. What an operator may change is in index/settings.py; this is what yujing promises publishers."""

from crawlers.agent import user_agent

BOT_NAME = "yujing"
SPIDER_MODULES = ["crawlers.sources"]
NEWSPIDER_MODULE = "crawlers.sources"

USER_AGENT = user_agent()
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REDIRECT_ENABLED = False  # a moved page is a problem to look at, not a door to another host
METAREFRESH_ENABLED = False

CONCURRENT_REQUESTS = 8
CONCURRENT_REQUESTS_PER_DOMAIN = 1
RANDOMIZE_DOWNLOAD_DELAY = False
DOWNLOAD_TIMEOUT = 60
RETRY_TIMES = 2

LOG_LEVEL = "WARNING"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
