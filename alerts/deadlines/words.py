"""How a counting is told, in English for the record and in Chinese for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

OBSERVED = " (observed)"

NAMES_ZH = {
    "Saturday": "周六",
    "Sunday": "周日",
    "New Year's Day": "元旦",
    "Martin Luther King Jr. Day": "马丁·路德·金日",
    "Washington's Birthday": "华盛顿诞辰日",
    "Memorial Day": "阵亡将士纪念日",
    "Juneteenth National Independence Day": "六月节",
    "Independence Day": "独立日",
    "Labor Day": "劳动节",
    "Labour Day": "劳动节",
    "Columbus Day": "哥伦布日",
    "Veterans Day": "退伍军人节",
    "Thanksgiving Day": "感恩节",
    "Christmas Day": "圣诞节",
    "Second Day of Christmas": "圣诞节次日",
    "Christmas Eve": "平安夜",
    "New Year's Eve": "除夕（12月31日）",
    "Good Friday": "耶稣受难日",
    "Easter Monday": "复活节星期一",
    "Ascension Day": "耶稣升天节",
    "Pentecost Monday": "圣灵降临节星期一",
    "Corpus Christi": "基督圣体节",
    "German Unity Day": "德国统一日",
    "Inauguration Day": "总统就职日",
}


@dataclass(frozen=True, slots=True)
class Count:
    """One counting: `first` day counted, `last` day of the period, `due` after closed days.

    `why` is why the last day moved; `strict` is the earlier date of a plain count where day 1 had to
    wait for a business day.
    """

    start: date
    first: date
    last: date
    due: date
    why: str = ""
    strict: date | None = None


def told(counted: Count) -> str:
    """From which day, to which, and why the last day moved."""
    text = f"from {counted.start} to {counted.last}"
    return f"{text} ({counted.why}), so {counted.due}" if counted.due != counted.last else text


def told_zh(counted: Count, calendar_zh: str) -> str:
    """The same in Chinese, with the earlier date a careful party keeps to."""
    text = f"自{zh(counted.start)}起算，至{zh(counted.last)}届满"
    if counted.due != counted.last:
        text += f"；该日为{closed_zh(counted.why, calendar_zh)}，顺延至{zh(counted.due)}"
    if counted.strict and counted.strict < counted.due:
        text += f"。若自次日（不论是否工作日）起算则为{zh(counted.strict)}，内部期限宜以此为准"
    return text


def closed_zh(why: str, calendar_zh: str) -> str:
    """A closed day in Chinese: 周日, 独立日补休; a day without a Chinese name is the office's own."""
    name = NAMES_ZH.get(why.removesuffix(OBSERVED))
    if not name:
        return f"{calendar_zh}休息日"
    return f"{name}补休" if why.endswith(OBSERVED) else name


def bound_zh(day_zh: str, due: date) -> str:
    """What a bound is, said before anything else."""
    return f"期限自{day_zh}起算，最早可能于{zh(due)}届满；确切日期核实后请按实际日期重算。"


def zh(day: date) -> str:
    """2026年3月2日"""
    return f"{day.year}年{day.month}月{day.day}日"
