"""The columns of the three sheets a center fills in: their names in English and Chinese, and how to fill them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_NOTE = re.compile(r"(?:\([^()]*\)|[*:])+$")


@dataclass(frozen=True, slots=True)
class Column:
    """`id` is the English heading, `heading` the template's, `also` others understood. `text`: digits, not a number."""

    id: str
    heading: str
    note: str
    example: str = ""
    also: tuple[str, ...] = ()
    width: int = 20
    text: bool = False
    must: bool = False


ENTERPRISES: tuple[Column, ...] = (
    Column("ent_id", "企业编号", "可不填，系统按统一社会信用代码或名称生成。", "示例", ("编号", "id"), 16, text=True),
    Column(
        "cn_name",
        "企业全称",
        "营业执照上的全称。企业全称与英文注册名至少填一项。",
        "山东示例轮胎股份有限公司",
        ("企业名称", "单位名称", "公司名称", "公司全称", "中文名称", "企业中文名称", "中文全称"),
        34,
    ),
    Column(
        "former_cn_names",
        "曾用名",
        "以前登记过的全称，诉讼文书常沿用旧名。多个用分号隔开。",
        "山东示例橡胶有限公司",
        ("企业曾用名", "曾用名称"),
        30,
    ),
    Column(
        "en_name_registered",
        "英文注册名",
        "对外贸易经营者备案、合同或海外注册使用的英文全称，是比对最可靠的依据。多个用分号隔开。",
        "Shandong Example Tyre Co., Ltd.",
        ("英文名称", "英文名", "企业英文名称", "英文全称", "en_name", "en_names"),
        40,
    ),
    Column(
        "short_names_cn", "简称", "日常使用的中文简称。多个用分号或顿号隔开。", "示例轮胎", ("企业简称", "中文简称"), 18
    ),
    Column(
        "brands",
        "品牌",
        "在海外使用的商标、品牌或网店名。多个用分号隔开。",
        "EXAMTYRE",
        ("商标", "自有品牌", "品牌商标"),
        22,
    ),
    Column("city", "所在城市", "所在设区的市或县（市、区）。", "东营", ("所在市", "地市", "城市", "所属地市"), 12),
    Column(
        "overseas_subsidiaries",
        "海外子公司",
        "境外子公司、关联公司的外文全称；备注写在括号里。多个用分号隔开。",
        "Example Tyre America, Inc.（全资）",
        ("境外子公司", "海外关联公司", "境外企业", "海外公司"),
        40,
    ),
    Column(
        "credit_code",
        "统一社会信用代码",
        "18 位。单元格请设为文本，否则末几位会丢失。",
        "",
        ("信用代码", "社会信用代码", "uscc"),
        24,
        text=True,
    ),
    Column("industries", "所属产业", "多个用分号或顿号隔开。", "新材料", ("产业", "行业", "所属行业", "industry"), 18),
    Column(
        "products",
        "出口产品",
        "出口的主要产品，中英文均可。多个用分号隔开。",
        "轿车轮胎；truck tyres",
        ("产品", "主要产品", "主营产品"),
        28,
    ),
    Column(
        "markets",
        "目标市场",
        "出口或拟出口的国家和地区。多个用分号或顿号隔开。",
        "美国、欧盟",
        ("出口市场", "主要市场", "出口国家"),
        22,
    ),
)
CENTERS: tuple[Column, ...] = (
    Column("center_id", "分中心编号", "可不填，系统按名称生成。", "示例", ("编号", "id"), 16, text=True),
    Column(
        "name",
        "分中心名称",
        "全称。",
        "示例市海外知识产权纠纷应对指导分中心",
        ("名称", "中心名称", "机构名称"),
        40,
        must=True,
    ),
    Column("phone", "联系电话", "对企业公布的电话。单元格请设为文本。", "0531-00000000", ("电话",), 20, text=True),
    Column("email", "电子邮箱", "接收预警副本和移交事项。", "center@example.com", ("邮箱", "邮件", "e-mail"), 28),
    Column(
        "cities", "负责城市", "多个用分号或顿号隔开。", "东营、滨州", ("负责地市", "覆盖城市", "服务区域", "城市"), 24
    ),
    Column(
        "provincial",
        "是否省级中心",
        "填“是”或“否”。省级中心接收无人负责和逾期未处理的事项。",
        "否",
        ("省级", "省级中心"),
        14,
    ),
    Column(
        "grace_hours",
        "发出前等待时间",
        "确定程度高的预警，多久无人处理即自动发出：填“即时”、小时数（如 4）或“人工”（一律由工作人员发出）。",
        "4",
        ("等待时间", "等待小时", "grace"),
        18,
    ),
    Column("verified", "信息已核实", "填“是”或“否”。", "是", ("已核实", "核实"), 14),
)
CONTACTS: tuple[Column, ...] = (
    Column(
        "enterprise",
        "企业",
        "企业编号、企业全称或统一社会信用代码，须已登记。",
        "示例",
        ("企业编号", "企业全称", "企业名称", "统一社会信用代码", "ent_id"),
        34,
        text=True,
        must=True,
    ),
    Column("name", "联系人", "接收预警的人。", "王示例", ("姓名", "联系人姓名"), 14, must=True),
    Column("email", "电子邮箱", "邮箱和手机至少填一项。", "legal@example.com", ("邮箱", "邮件", "e-mail"), 28),
    Column(
        "phone", "手机", "单元格请设为文本。", "13800000000", ("电话", "手机号", "手机号码", "联系电话"), 18, text=True
    ),
    Column("language", "语言", "填“中文”或“英文”，不填为中文。", "中文", ("预警语言",), 10),
    Column(
        "consent",
        "同意接收的记录",
        "何时以何种方式同意接收预警。没有记录就不会向其发送。",
        "2026-03-01 书面同意",
        ("同意", "同意记录", "知情同意", "授权记录"),
        30,
    ),
)
KINDS: dict[str, tuple[Column, ...]] = {"enterprises": ENTERPRISES, "centers": CENTERS, "contacts": CONTACTS}


def heading_key(heading: str) -> str:
    """A heading without spaces, width, case, a star or a remark in brackets: 企业 全称*（必填） is 企业全称."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return _NOTE.sub("", "".join(folded.split()).replace("_", "").replace("-", ""))


@cache
def known_headings(kind: str) -> dict[str, str]:
    """Heading key → column id, for one of `KINDS`."""
    return {heading_key(h): c.id for c in reversed(KINDS[kind]) for h in (*c.also, c.heading, c.id)}
