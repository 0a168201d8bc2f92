"""The clock: `yujing watch` without an end. Only this room knows APScheduler."""
