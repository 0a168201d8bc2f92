"""What a reader opens: one alert as a letter in Chinese, the original quoted."""
